"""Which issues a reader wants, as a value and as SQL. Used by every list and export."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import Session, col

from models.area import Area
from models.errors import NotFound, WrongValue
from models.issue import Issue
from models.lifecycle import OPEN, RUNNING, State
from models.point import Point
from models.unit import Unit

RANKS = range(9)


@dataclass(frozen=True)
class Wanted:
    """Which issues. Empty means all; `area` takes in everything below it; `step` such as E3, taken in this cycle.

    `overdue` looks at the unit's deadline only. `text` is searched in description, address and point name.
    """

    states: tuple[State, ...] = ()
    open_only: bool = False
    unit: str | None = None
    area: str | None = None
    point: str | None = None
    severities: tuple[str, ...] = ()
    step: str | None = None
    overdue: bool = False
    text: str = ""
    number: str = ""
    found_by: str | None = None
    set_aside: bool = False


def past_deadline(now: datetime) -> ColumnElement[bool]:
    """The unit has let its deadline pass. Computed, never a state (design 4)."""
    return and_(col(Issue.state).in_(RUNNING), col(Issue.due_at) <= now)


def conditions(session: Session, wanted: Wanted, *, now: datetime) -> list[ColumnElement[bool]]:
    """The filter as SQL; the query joins `point`, left. The user's text is a bound value, its wildcards are literal.

    Raises NotFound for an unknown area, unit or point, WrongValue for a step that is none.
    """
    found: list[ColumnElement[bool]] = [*_places(session, wanted)]
    if wanted.states:
        found.append(col(Issue.state).in_(wanted.states))
    if wanted.open_only:
        found.append(col(Issue.state).in_(OPEN))
    if wanted.severities:
        found.append(col(Issue.severity).in_(wanted.severities))
    if wanted.overdue:
        found.append(past_deadline(now))
    if wanted.set_aside:
        found.append(col(Issue.set_aside) > 0)
    if wanted.found_by:
        found.append(col(Issue.found_by) == wanted.found_by)
    if wanted.step:
        found.append(col(Issue.steps_taken).op("&")(1 << _rank(wanted.step)) > 0)
    return [*found, *_words(wanted)]


def _places(session: Session, wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.area:
        path = _must(session, Area, wanted.area).path
        yield or_(col(Issue.area_path) == path, col(Issue.area_path).like(f"{path}/%"))
    if wanted.unit:
        yield col(Issue.lead_unit) == _must(session, Unit, wanted.unit).code
    if wanted.point:
        yield col(Issue.point_code) == _must(session, Point, wanted.point).code


def _must(session: Session, table: Any, code: str) -> Any:
    row = session.get(table, code)
    if row is None:
        raise NotFound(what=table.__name__.lower(), code=code)
    return row


def _rank(step: str) -> int:
    rank = step.strip().upper().removeprefix("E")
    if not rank.isdecimal() or int(rank) not in RANKS:
        raise WrongValue(field="step", value=step, expected="E0–E8")
    return int(rank)


def _words(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if "\x00" in wanted.text + wanted.number:
        yield false()
        return
    if text := wanted.text.strip():
        columns = (col(Issue.description), col(Issue.address), col(Point.name))
        yield or_(*(column.icontains(text, autoescape=True) for column in columns))
    if number := wanted.number.strip():
        yield col(Issue.number).icontains(number, autoescape=True)
