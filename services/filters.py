"""Which issues a reader wants, as SQL. Used by every list and export."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, literal_column, or_
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col, select

from models.area import Area
from models.audit import Round
from models.card import IssueCard
from models.errors import NotFound, WrongValue
from models.issue import Issue
from models.lifecycle import OPEN, RUNNING, State
from models.point import Point
from models.standard import Category
from models.unit import Unit
from services.tag_filter import carry
from services.wanted import Scope as Scope
from services.wanted import Wanted as Wanted

SOON = timedelta(days=1)
LATE_STATES = frozenset({State.FOUND, State.RECTIFIED, State.VERIFIED})
"""The states in which another clock runs than the unit's."""
RANKS = range(9)
RARE_STEP = 6
"""From this step on, so few have taken it that an index knows them (issue_climbed)."""


def past_deadline(now: datetime) -> ColumnElement[bool]:
    """The unit has let its deadline pass. Computed, never a state (design 4)."""
    return and_(col(Issue.state).in_(RUNNING), col(Issue.due_at) <= now)


def conditions(
    session: Session, wanted: Wanted, *, now: datetime, scope: Scope | None = None
) -> list[ColumnElement[bool]]:
    """The filter as SQL on the issues, without its words (see `words`). What the user gave is a bound value.

    Raises NotFound for an unknown area, unit, point, category, round or tag, WrongValue for a step that is none.
    """
    found = counted_conditions(session, wanted, scope=scope)
    found += [*_placed(session, wanted), *_timed(wanted, now), *_climbed(wanted)]
    if wanted.handled_by:
        found += [col(Issue.handler) == wanted.handled_by, is_open()]
    if wanted.round:
        found.append(col(Issue.round_id) == _round(session, wanted.round))
    if wanted.leader:
        found.append(col(Issue.leader_assigned) == literal_column("true"))
    if wanted.tags:
        found += carry(session, wanted.tags, year=wanted.tag_year, now=now)
    if carded := list(_on_card(session, wanted)):
        if wanted.found_to:
            first, last = _numbers(session, wanted)
            carded.append(col(IssueCard.issue_id).between(first, last))
            found.append(col(Issue.id).between(first, last))
        found.append(col(Issue.id).in_(select(col(IssueCard.issue_id)).where(*carded)))
    return found


def _placed(session: Session, wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.point:
        yield col(Issue.point_code) == _must(session, Point, wanted.point).code
    if wanted.no_unit:
        yield col(Issue.lead_unit).is_(None)
    if wanted.here and wanted.area:
        yield col(Issue.area_path) == _must(session, Area, wanted.area).path


def _timed(wanted: Wanted, now: datetime) -> Iterable[ColumnElement[bool]]:
    if wanted.overdue:
        yield from (past_deadline(now), is_open())
    if wanted.soon:
        yield from (col(Issue.due_at) > now, col(Issue.due_at) <= now + SOON, col(Issue.state).in_(RUNNING), is_open())
    if wanted.late:
        yield from (col(Issue.stage_due_at) <= now, col(Issue.state).in_(LATE_STATES), is_open())
    if wanted.closed_from:
        yield col(Issue.closed_at) >= wanted.closed_from
    if wanted.closed_to:
        yield col(Issue.closed_at) < wanted.closed_to
    if wanted.set_aside:
        yield col(Issue.set_aside) > 0


def _climbed(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.step:
        yield from _taken(_rank(wanted.step))
    if wanted.top_step is not None:
        yield col(Issue.step) == wanted.top_step
    if wanted.least_step is not None:
        yield col(Issue.step) >= wanted.least_step
    ranks = [rank for rank in (wanted.top_step, wanted.least_step) if rank is not None]
    if ranks and max(ranks) >= RARE_STEP:
        yield _rare()


def _on_card(session: Session, wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    """What never changes is asked for at the card, which has the indexes for it (models/card.py)."""
    if wanted.category:
        yield col(IssueCard.category_code) == _must(session, Category, wanted.category).code
    if wanted.standard:
        yield col(IssueCard.standard_code) == wanted.standard
    if wanted.sources:
        yield col(IssueCard.source).in_(wanted.sources)
    if wanted.found_by:
        yield col(IssueCard.found_by) == wanted.found_by
    yield from _found(wanted)


def _found(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.found_from:
        yield col(IssueCard.found_at) >= wanted.found_from
    if wanted.found_to:
        yield col(IssueCard.found_at) < wanted.found_to


def _numbers(session: Session, wanted: Wanted) -> tuple[int, int]:
    """The keys between which a period that is over lies: any index that ends in the key then reads these alone.

    Keys follow the time of finding, though not strictly. `+ 0` keeps the database from the key's own index, where it
    would look for the first and last from an end, past everything outside the period.
    """
    key = col(IssueCard.issue_id) + literal_column("0")
    first, last = session.connection().execute(columns(func.min(key), func.max(key)).where(*_found(wanted))).one()
    return first or 0, last or 0


def _round(session: Session, number: str) -> int:
    found = session.exec(select(Round.id).where(Round.number == number)).first()
    if found is None:
        raise NotFound(what="round", code=number)
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


def state_is(*states: State) -> ColumnElement[bool]:
    """Written out, so that the database recognises its partial indexes."""
    return col(Issue.state).in_([literal_column(f"'{state.value}'") for state in states])


def within(session: Session, scope: Scope | None, *, table: Any = Issue) -> list[ColumnElement[bool]]:
    """What lies in the scope, as SQL."""
    return [] if scope is None else [or_(false(), *alternatives(session, scope, table=table))]


def alternatives(session: Session, scope: Scope, *, table: Any = Issue) -> list[ColumnElement[bool]]:
    """The parts of the scope, each of which an index of its own finds; any of them is enough."""
    areas = (session.get(Area, code) for code in sorted(scope.areas))
    places = [below(area.path, col(table.area_path)) for area in areas if area]
    units = [col(table.lead_unit) == unit for unit in sorted(scope.units)]
    return [*places, *units, *(_of_issues(scope) if table is Issue and not scope.counted else ())]


def _of_issues(scope: Scope) -> Iterable[ColumnElement[bool]]:
    """What only the issues themselves know. Few have somebody who assists: the index holds no others."""
    if scope.units:
        some = col(Issue.assisting_units).op("<>")(literal_column("'{}'"))
        yield and_(some, col(Issue.assisting_units).op("&&")(cast(sorted(scope.units), ARRAY(Text))))
    yield from (col(Issue.point_code) == point for point in sorted(scope.points))
    if scope.person:
        found = select(col(IssueCard.issue_id)).where(col(IssueCard.found_by) == scope.person)
        yield col(Issue.id).in_(found)


def below(path: str, column: Any) -> ColumnElement[bool]:
    """The area with this path and everything below it. The first condition gives the index one range."""
    start = column.startswith(path, autoescape=True)
    return and_(start, or_(column == path, column.startswith(f"{path}/", autoescape=True)))


def _taken(rank: int) -> Iterable[ColumnElement[bool]]:
    yield col(Issue.steps_taken).op("&")(1 << rank) > 0
    if rank >= RARE_STEP:
        yield _rare()


def _rare() -> ColumnElement[bool]:
    """Follows from a high step having been taken, and lets its index be used."""
    return col(Issue.steps_taken).op("&")(literal_column("448")) > literal_column("0")


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
