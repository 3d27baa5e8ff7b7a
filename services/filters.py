"""Which issues a reader wants, as a value and as SQL. Used by every list and export."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, literal_column, or_, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from models.area import Area
from models.card import IssueCard
from models.errors import NotFound, WrongValue
from models.issue import Issue
from models.lifecycle import OPEN, RUNNING, State
from models.point import Point
from models.unit import Unit

RANKS = range(9)
RARE_STEP = 6
"""From this step on, so few have taken it that an index knows them (issue_climbed)."""


@dataclass(frozen=True)
class Scope:
    """What somebody may see: areas with all below them, units that lead or assist, points, what `person` found.

    Any of them is enough. Empty: nothing at all. Codes that do not exist give nothing. Who passes no scope at all sees
    the whole city. Counts that the database keeps know places and leading units only: boards show no more than those.
    """

    areas: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    points: frozenset[str] = frozenset()
    person: str | None = None


@dataclass(frozen=True)
class Wanted:
    """Which issues. Empty means all; `area` takes in everything below it; `step` such as E3, taken in this cycle.

    `overdue` looks at the unit's deadline only. `text` is searched in description, address and point name, in any
    spelling of capitals, `number` in the number.
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


def conditions(
    session: Session, wanted: Wanted, *, now: datetime, scope: Scope | None = None
) -> list[ColumnElement[bool]]:
    """The filter as SQL on the issues, without its words (see `words`). What the user gave is a bound value.

    Raises NotFound for an unknown area, unit or point, WrongValue for a step that is none.
    """
    found = counted_conditions(session, wanted, scope=scope)
    if wanted.point:
        found.append(col(Issue.point_code) == _must(session, Point, wanted.point).code)
    if wanted.overdue:
        found += [past_deadline(now), is_open()]
    if wanted.set_aside:
        found.append(col(Issue.set_aside) > 0)
    if wanted.found_by:
        found.append(col(Issue.found_by) == wanted.found_by)
    if wanted.step:
        found += _taken(_rank(wanted.step))
    return found


def counted_conditions(
    session: Session, wanted: Wanted, *, scope: Scope | None = None, table: Any = Issue
) -> list[ColumnElement[bool]]:
    """The part of the filter that the counts of what has ended know too: `table` may be IssueEnded."""
    found = within(session, scope, table=table)
    if wanted.area:
        found.append(below(_must(session, Area, wanted.area).path, col(table.area_path)))
    if wanted.unit:
        found.append(col(table.lead_unit) == _must(session, Unit, wanted.unit).code)
    if wanted.states:
        found.append(col(table.state).in_(wanted.states))
    if wanted.open_only or (wanted.states and OPEN.issuperset(wanted.states)):
        found.append(is_open(table))
    if wanted.severities:
        found.append(col(table.severity).in_(wanted.severities))
    return found


def is_counted(wanted: Wanted) -> bool:
    """Whether `counted_conditions` are the whole filter."""
    return wanted == Wanted(wanted.states, wanted.open_only, wanted.unit, wanted.area, severities=wanted.severities)


def is_open(table: Any = Issue) -> ColumnElement[bool]:
    """Written exactly as the index issue_open has it: with bound values the database would not recognise it."""
    return col(table.state).not_in([literal_column("'closed'"), literal_column("'void'")])


def within(session: Session, scope: Scope | None, *, table: Any = Issue) -> list[ColumnElement[bool]]:
    """What lies in the scope, as SQL."""
    if scope is None:
        return []
    areas = (session.get(Area, code) for code in sorted(scope.areas))
    places = [below(area.path, col(table.area_path)) for area in areas if area]
    units = [col(table.lead_unit).in_(scope.units)] if scope.units else []
    return [or_(false(), *places, *units, *(_of_issues(scope) if table is Issue else ()))]


def _of_issues(scope: Scope) -> Iterable[ColumnElement[bool]]:
    """What only the issues themselves know."""
    if scope.units:
        yield col(Issue.assisting_units).op("&&")(cast(sorted(scope.units), ARRAY(Text)))
    if scope.points:
        yield col(Issue.point_code).in_(scope.points)
    if scope.person:
        yield col(Issue.found_by) == scope.person


def below(path: str, column: Any) -> ColumnElement[bool]:
    """The area with this path and everything below it. The first condition gives the index one range."""
    start = column.startswith(path, autoescape=True)
    return and_(start, or_(column == path, column.startswith(f"{path}/", autoescape=True)))


def _taken(rank: int) -> Iterable[ColumnElement[bool]]:
    yield col(Issue.steps_taken).op("&")(1 << rank) > 0
    if rank >= RARE_STEP:  # follows from the first, and lets the index be used
        yield col(Issue.steps_taken).op("&")(literal_column("448")) > literal_column("0")


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


def words(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The words that are searched for, as SQL on the cards; wildcards in them are literal. Empty: none."""
    if "\x00" in wanted.text + wanted.number:
        return [false()]
    found: list[ColumnElement[bool]] = []
    if text := wanted.text.strip().lower():
        found.append(col(IssueCard.body).contains(text, autoescape=True))
    if number := wanted.number.strip().upper():
        found.append(func.upper(IssueCard.number).contains(number, autoescape=True))
    return found


def indexed(wanted: Wanted) -> ColumnElement[bool]:
    """What follows from `words` and an index can tell: every character and pair of the text is on the card."""
    text, number = wanted.text.strip().lower(), wanted.number.strip()
    pairs = [a + b for a, b in pairwise(text)] or [text]
    has_text = func.grams(IssueCard.body).op("@>")(cast(pairs, ARRAY(Text))) if text else true()
    return and_(has_text, col(IssueCard.number).icontains(number, autoescape=True) if number else true())
