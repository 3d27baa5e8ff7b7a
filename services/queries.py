"""Reading for people: lists with filters, counts, one issue with all that belongs to it. Nothing here writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import NotFound, WrongValue
from models.issue import Evidence, Issue, IssueEvent, Request, SupervisionOrder
from models.ladder import is_taken
from models.lifecycle import OPEN, RUNNING, State
from models.point import Point
from models.unit import Person, Unit
from services.filters import RANKS, Wanted, conditions, past_deadline

PAGE = 50
LONGEST_PAGE = 10_000
LATE_STATES = frozenset({State.FOUND, State.RECTIFIED, State.VERIFIED})


@dataclass(frozen=True)
class Line:
    """One issue in a list, with the names a reader needs."""

    id: int
    number: str
    state: State
    severity: str
    description: str
    point: str | None
    point_name: str | None
    area: str
    area_name: str
    unit: str | None
    unit_name: str | None
    found_at: datetime
    due_at: datetime | None
    due_provisional: bool
    stage_due_at: datetime | None
    overdue: bool
    step: int
    next_step: str | None
    next_step_at: datetime | None


@dataclass(frozen=True)
class Page:
    """A stretch of a list, newest first. `after` takes one to the next stretch; None at the end."""

    lines: tuple[Line, ...]
    after: int | None


@dataclass(frozen=True)
class Counts:
    """How many issues stand where. `overdue`: past the unit's deadline; `late`: past the clock of another stage."""

    by_state: Mapping[State, int]
    overdue: int
    late: int
    set_aside: int
    next_step_at: datetime | None

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def open(self) -> int:
        return sum(n for state, n in self.by_state.items() if state in OPEN)


@dataclass(frozen=True)
class Detail:
    """One issue with everything that belongs to it; `names` gives a name for each code that occurs."""

    issue: Issue
    overdue: bool
    events: tuple[IssueEvent, ...]
    evidence: tuple[Evidence, ...]
    requests: tuple[Request, ...]
    orders: tuple[SupervisionOrder, ...]
    names: Mapping[str, str] = field(default_factory=dict)


def is_overdue(issue: Issue, *, now: datetime) -> bool:
    """Whether the unit has let its deadline pass. Computed, never a state (design 4)."""
    return issue.state in RUNNING and issue.due_at is not None and issue.due_at <= now


def listing(
    session: Session, *, wanted: Wanted | None = None, now: datetime, after: int | None = None, limit: int = PAGE
) -> Page:
    """Issues, newest first, so many at a time. Raises NotFound for an unknown area, unit or point; WrongValue."""
    if not 1 <= limit <= LONGEST_PAGE:
        raise WrongValue(field="limit", value=limit, expected=f"1–{LONGEST_PAGE}")
    query = _lines().where(*conditions(session, wanted or Wanted(), now=now))
    if after is not None:
        query = query.where(col(Issue.id) < after)
    rows = session.connection().execute(query.order_by(col(Issue.id).desc()).limit(limit + 1)).mappings().all()
    lines = tuple(_line(row, now=now) for row in rows[:limit])
    return Page(lines, lines[-1].id if len(rows) > limit else None)


def counts(session: Session, *, wanted: Wanted | None = None, now: datetime) -> Counts:
    """How many of the wanted issues stand where. Every state is there, with 0 where there is none."""
    late = and_(col(Issue.state).in_(LATE_STATES), col(Issue.stage_due_at) <= now)
    query = (
        columns(
            col(Issue.state),
            func.count(),
            func.count().filter(past_deadline(now)),
            func.count().filter(late),
            func.count().filter(col(Issue.set_aside) > 0),
            func.min(Issue.next_step_at),
        )
        .select_from(Issue)
        .join(Point, col(Point.code) == col(Issue.point_code), isouter=True)
        .where(*conditions(session, wanted or Wanted(), now=now))
        .group_by(col(Issue.state))
    )
    rows = session.connection().execute(query).all()
    return Counts(
        by_state=dict.fromkeys(State, 0) | {State(row[0]): row[1] for row in rows},
        overdue=sum(row[2] for row in rows),
        late=sum(row[3] for row in rows),
        set_aside=sum(row[4] for row in rows),
        next_step_at=min((row[5] for row in rows if row[5]), default=None),
    )


def detail(session: Session, issue_id: int, *, now: datetime) -> Detail:
    """One issue with its events, evidence, requests and orders, each in the order they came. Raises NotFound."""
    issue = session.get(Issue, issue_id)
    if issue is None:
        raise NotFound(what="issue", code=issue_id)
    events = _of_issue(session, IssueEvent, issue_id)
    evidence = _of_issue(session, Evidence, issue_id)
    requests = _of_issue(session, Request, issue_id)
    orders = _of_issue(session, SupervisionOrder, issue_id)
    persons = {issue.found_by, issue.handler, issue.submitted_by, issue.verified_by, issue.closed_by}
    persons |= {code for event in events for code in (event.actor, event.on_behalf_of)}
    persons |= {code for row in requests for code in (row.asked_by, row.decided_by)}
    names = _names(session, issue, persons={code for code in persons if code})
    return Detail(issue, is_overdue(issue, now=now), events, evidence, requests, orders, names)


def ids_of(session: Session, references: Sequence[str | int]) -> list[int]:
    """The keys of issues named by number (ZG-2026-000123) or by id, each once, in the order given.

    Raises NotFound that names every one that is not there.
    """
    wanted = list(dict.fromkeys(str(one).strip() for one in references))
    keys = {int(one) for one in wanted if one.isdecimal() and int(one) < 2**63}
    numbers = {spelled for one in wanted for spelled in (one, one.upper())}
    named = or_(col(Issue.number).in_(numbers), col(Issue.id).in_(keys))
    rows = session.exec(select(col(Issue.id), col(Issue.number)).where(named)).all()
    found = {number.upper(): key for key, number in rows} | {str(key): key for key, _ in rows}
    missing = [one for one in wanted if _normal(one) not in found]
    if missing:
        raise NotFound(what="issue", code=", ".join(missing))
    return list(dict.fromkeys(int(found[_normal(one)] or 0) for one in wanted))


def _normal(reference: str) -> str:
    return str(int(reference)) if reference.isdecimal() else reference.upper()


COLUMNS = (
    *("id", "number", "state", "severity", "description", "found_at", "due_at", "due_provisional"),
    *("stage_due_at", "step", "next_step", "next_step_at"),
)


def _lines() -> Select[Any]:
    return (
        columns(
            *(getattr(Issue, name) for name in COLUMNS),
            col(Issue.point_code).label("point"),
            col(Point.name).label("point_name"),
            col(Issue.area_code).label("area"),
            col(Area.name).label("area_name"),
            col(Issue.lead_unit).label("unit"),
            col(Unit.name).label("unit_name"),
        )
        .select_from(Issue)
        .join(Area, col(Area.code) == col(Issue.area_code))
        .join(Point, col(Point.code) == col(Issue.point_code), isouter=True)
        .join(Unit, col(Unit.code) == col(Issue.lead_unit), isouter=True)
    )


def _line(row: Mapping[Any, Any], *, now: datetime) -> Line:
    state = State(row["state"])
    overdue = state in RUNNING and row["due_at"] is not None and row["due_at"] <= now
    return Line(**{**dict(row), "state": state, "overdue": overdue})


def _of_issue(session: Session, table: Any, issue_id: int) -> tuple[Any, ...]:
    return tuple(session.exec(select(table).where(table.issue_id == issue_id).order_by(table.id)))


def _names(session: Session, issue: Issue, *, persons: set[str]) -> dict[str, str]:
    units = {issue.lead_unit, issue.suggested_unit, *issue.assisting_units} - {None}
    wanted = ((Person, persons), (Unit, units), (Area, set(issue.area_path.split("/"))), (Point, {issue.point_code}))
    found: dict[str, str] = {}
    for table, codes in wanted:
        rows = session.exec(select(col(table.code), col(table.name)).where(col(table.code).in_(codes)))
        found |= dict(rows.all())
    return found


def steps_taken(issue: Issue) -> list[str]:
    """The steps of the ladder taken in this cycle, such as E0, E1, E3."""
    return [f"E{rank}" for rank in RANKS if is_taken(issue, rank)]
