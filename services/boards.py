"""Boards: where the issues stand, down the five-level tree and by unit.

What is open is counted from one index (issue_open), what has ended from its own counts (models/card.py): a board costs
what is open, however long the history. Every function takes the reader's scope; None means the whole city.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, literal_column, select
from sqlalchemy import text as sql
from sqlmodel import Session, col

from models.area import Area
from models.card import IssueEnded
from models.errors import NotFound
from models.issue import Issue
from models.lifecycle import OPEN, RUNNING, State
from models.unit import Unit
from services import rulebook
from services.filters import Scope, Wanted, below, counted_conditions, is_open, past_deadline

SOON = timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """Where the issues of one area or unit stand. `code` is None for those that no unit has been given yet.

    `by_step`: the open ones by the highest step of the ladder taken, −1 for none. `due_soon` and `overdue` look at the
    unit's deadline.
    """

    code: str | None
    name: str = ""
    by_state: Mapping[State, int] = field(default_factory=dict)
    by_step: Mapping[int, int] = field(default_factory=dict)
    due_soon: int = 0
    overdue: int = 0

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
    found = _standings(
        session,
        lambda table: func.split_part(col(table.area_path), literal_column("'/'"), place),
        Wanted(area=_unless_whole(session, area), unit=unit),
        now=now,
        soon=soon,
        scope=scope,
    )
    names = _right_below(session, top)
    parts = tuple(_named(found.get(code), code, name) for code, name in names.items())
    return Board(_named(_sum(found.values()), top.code, top.name), parts, _named(found.get(""), top.code, top.name))


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
    found = _standings(session, lambda table: col(table.lead_unit), wanted, now=now, soon=soon, scope=scope)
    rows = session.connection().execute(select(col(Unit.code), col(Unit.name)).where(col(Unit.code).in_(found)))
    names = dict(rows.tuples().all())
    parts = tuple(_named(found[code], code, names.get(code, code)) for code in sorted(filter(None, found)))
    return Board(_named(_sum(found.values()), top.code, top.name), parts, _named(found.get(None), None, ""))


def settle(session: Session) -> int:
    """Put the counts of what has ended together, one row for each place, unit, state and severity; how many are left.

    Housekeeping: without it the boards stay right and slow down by a row for each issue that ends. The caller commits.
    """
    statement = (
        "WITH gone AS (DELETE FROM issue_ended RETURNING *)"
        " INSERT INTO issue_ended (area_path, lead_unit, state, severity, n)"
        " SELECT area_path, lead_unit, state, severity, sum(n) FROM gone"
        " GROUP BY area_path, lead_unit, state, severity HAVING sum(n) <> 0"
    )
    return int(session.connection().execute(sql(statement)).rowcount)


Key = Callable[[Any], Any]


def _standings(
    session: Session, key: Key, wanted: Wanted, *, now: datetime, soon: timedelta, scope: Scope | None
) -> dict[str | None, Standing]:
    """By key, two statements: what is open, what has ended."""
    near = and_(col(Issue.state).in_(RUNNING), col(Issue.due_at) > now, col(Issue.due_at) <= now + soon)
    here = key(Issue).label("key")
    still_open = (
        select(here, col(Issue.state), col(Issue.step), func.count())
        .add_columns(func.count().filter(near), func.count().filter(past_deadline(now)))
        .where(is_open(), *counted_conditions(session, wanted, scope=scope))
        .group_by(here, col(Issue.state), col(Issue.step))
    )
    there = key(IssueEnded).label("key")
    ended = (
        select(there, col(IssueEnded.state), literal(None), func.sum(IssueEnded.n), literal(0), literal(0))
        .where(*counted_conditions(session, wanted, scope=scope, table=IssueEnded))
        .group_by(there, col(IssueEnded.state))
    )
    groups: dict[str | None, list[Any]] = defaultdict(list)
    for query in (still_open, ended):
        for row in session.connection().execute(query):
            groups[row[0]].append(row[1:])
    return {code: _standing(code, rows) for code, rows in groups.items()}


def _standing(code: str | None, rows: Iterable[Any]) -> Standing:
    states: dict[State, int] = defaultdict(int)
    steps: dict[int, int] = defaultdict(int)
    due_soon = overdue = 0
    for state, step, count, near, late in rows:
        states[State(state)] += int(count)
        if step is not None:
            steps[step] += count
        due_soon, overdue = due_soon + near, overdue + late
    return Standing(code, "", _all_states(states), dict(sorted(steps.items())), due_soon, overdue)


def _sum(several: Iterable[Standing]) -> Standing:
    states: Counter[State] = Counter()
    steps: Counter[int] = Counter()
    due_soon = overdue = 0
    for one in several:
        states.update(one.by_state)
        steps.update(one.by_step)
        due_soon, overdue = due_soon + one.due_soon, overdue + one.overdue
    return Standing(None, "", _all_states(states), dict(sorted(steps.items())), due_soon, overdue)


def _named(one: Standing | None, code: str | None, name: str) -> Standing:
    if one is None:
        return Standing(code, name, _all_states({}))
    return Standing(code, name, one.by_state, one.by_step, one.due_soon, one.overdue)


def _all_states(counted: Mapping[State, int]) -> dict[State, int]:
    return dict.fromkeys(State, 0) | dict(counted)


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
