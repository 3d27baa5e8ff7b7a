"""Boards: where the issues stand, down the five-level tree and by unit.

Read from counts (services/standings.py): a board costs what the city has of places and units, however many issues are
open and however long the history. Every function takes the reader's scope; None means the whole city.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, any_, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col
from sqlmodel import select as rows_of

from models.area import Area
from models.errors import NotFound
from models.lifecycle import OPEN, State
from models.unit import Unit
from services import rulebook, standings
from services.filters import SOON, Scope, Wanted, below
from services.standings import Counted, total


@dataclass(frozen=True)
class Standing:
    """Where the issues of one area or unit stand. `code` is None for those that no unit has been given yet.

    `by_step`: the open ones by the highest step of the ladder taken, −1 for none. `due_soon` and `overdue` look at the
    unit's deadline, `late` at the clocks of assigning, verifying and closing out.
    """

    code: str | None
    name: str = ""
    by_state: Mapping[State, int] = field(default_factory=dict)
    by_step: Mapping[int, int] = field(default_factory=dict)
    due_soon: int = 0
    overdue: int = 0
    late: int = 0

    @property
    def open(self) -> int:
        return sum(n for state, n in self.by_state.items() if state in OPEN)

    @property
    def total(self) -> int:
        return sum(self.by_state.values())


@dataclass(frozen=True)
class Board:
    """One area or the city: all of it, and its parts by code; `here`: what lies in it, but in none of the parts."""

    all: Standing
    parts: tuple[Standing, ...]
    here: Standing


def by_area(
    session: Session,
    *,
    now: datetime,
    area: str | None = None,
    unit: str | None = None,
    soon: timedelta = SOON,
    scope: Scope | None = None,
) -> Board:
    """One area and the areas right below it, those without any issue too. Raises NotFound for an unknown area, unit."""
    city = rulebook.the_city(session)
    top = _area(session, area or city.code)
    place: ColumnElement[Any] = literal_column(str(top.path.count("/") + 2))
    found = standings.by(
        session,
        lambda table: func.split_part(col(table.area_path), literal_column("'/'"), place),
        Wanted(area=_unless_whole(session, area), unit=unit),
        now=now,
        soon=soon,
        scope=scope,
    )
    names = _right_below(session, top)
    return Board(
        _standing(total(found.values()), top.code, top.name),
        tuple(_standing(found.get(code, Counted()), code, name) for code, name in names.items()),
        _standing(found.get("", Counted()), top.code, top.name),
    )


def by_unit(
    session: Session,
    *,
    now: datetime,
    area: str | None = None,
    soon: timedelta = SOON,
    scope: Scope | None = None,
) -> Board:
    """The units that have or had any issue in the area; `here`: what no unit has been given yet. Raises NotFound."""
    top = _area(session, area or rulebook.the_city(session).code)
    wanted = Wanted(area=_unless_whole(session, area))
    found = standings.by(session, _unit, wanted, now=now, soon=soon, scope=scope)
    codes = cast(sorted(filter(None, found)), ARRAY(Text))  # one value, however many they are
    rows = session.connection().execute(select(col(Unit.code), col(Unit.name)).where(col(Unit.code) == any_(codes)))
    names = dict(rows.tuples().all())
    return Board(
        _standing(total(found.values()), top.code, top.name),
        tuple(_standing(found[code], code, names.get(code, code)) for code in sorted(filter(None, found))),
        _standing(found.get(None, Counted()), None, ""),
    )


def _unit(table: Any) -> ColumnElement[Any]:
    """The counts have '' where no unit has been given yet."""
    return func.nullif(col(table.lead_unit), literal_column("''"))


def _standing(one: Counted, code: str | None, name: str) -> Standing:
    return Standing(code, name, one.states, one.steps, due_soon=one.soon, overdue=one.late, late=one.stage_late)


def _area(session: Session, code: str) -> Area:
    area = session.get(Area, code)
    if area is None:
        raise NotFound(what="area", code=code)
    return area


def _unless_whole(session: Session, area: str | None) -> str | None:
    """The whole city needs no condition: with one, each of its rows would be compared."""
    return None if area == rulebook.the_city(session).code else area


def _right_below(session: Session, top: Area) -> dict[str, str]:
    """The path follows who answers for a place: a zone's streets stand below the zone."""
    depth = func.cardinality(func.string_to_array(col(Area.path), "/"))
    query = select(col(Area.code), col(Area.name)).where(
        below(top.path, col(Area.path)), depth == top.path.count("/") + 2
    )
    return dict(session.connection().execute(query.order_by(col(Area.code))).tuples().all())


def path_of(session: Session, area: str) -> list[Area]:
    """The area and those above it, the city first. Raises NotFound."""
    codes = _area(session, area).path.split("/")
    found = {row.code: row for row in session.exec(rows_of(Area).where(col(Area.code).in_(codes)))}
    return [found[code] for code in codes if code in found]
