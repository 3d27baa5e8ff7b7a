"""Reading for people: lists with filters, counts, one issue with all that belongs to it. Nothing here writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from models.area import Area
from models.card import IssueCard
from models.errors import NotFound, WrongValue
from models.issue import Evidence, Issue, IssueEvent, Request, SupervisionOrder
from models.ladder import is_taken
from models.lifecycle import RUNNING, State
from models.point import Point
from models.unit import Person, Unit
from services.filters import RANKS, Scope, Wanted, conditions, indexed, words
from services.tallies import Counts, Where, counts

__all__ = ["Counts", "counts"]
PAGE = 50
LONGEST_PAGE = 10_000
READ_THROUGH = 5_000
READ_HERE = 2_000
"""So many of the newest, of all and of those in one place, are searched by reading them: some milliseconds."""


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
    session: Session,
    *,
    wanted: Wanted | None = None,
    now: datetime,
    after: int | None = None,
    limit: int = PAGE,
    scope: Scope | None = None,
) -> Page:
    """Issues, newest first, so many at a time. Raises NotFound for an unknown area, unit or point; WrongValue."""
    if not 1 <= limit <= LONGEST_PAGE:
        raise WrongValue(field="limit", value=limit, expected=f"1–{LONGEST_PAGE}")
    wanted = wanted or Wanted()
    where = conditions(session, wanted, now=now, scope=scope)
    if searched := words(wanted):
        rows = _search(session, wanted, where, searched, after=after, limit=limit + 1)
    else:
        rows = _read(session, _keys().where(*where, *_before(after)), limit=limit + 1)
    lines = tuple(_line(row, now=now) for row in rows[:limit])
    return Page(lines, lines[-1].id if len(rows) > limit else None)


Row = Mapping[Any, Any]


def _before(after: int | None) -> Where:
    return () if after is None else (col(Issue.id) < after,)


def _keys() -> Select[Any]:
    return columns(col(Issue.id))


def _read(session: Session, query: Select[Any], *, limit: int) -> list[Row]:
    """The lines of the newest keys: an index alone finds the keys, and only so many rows are read."""
    keys = query.order_by(col(Issue.id).desc()).limit(limit).subquery()
    lines = _lines().join(keys, keys.c.id == col(Issue.id)).order_by(col(Issue.id).desc())
    return list(session.connection().execute(lines).mappings())


def _search(
    session: Session, wanted: Wanted, where: Where, searched: Where, *, after: int | None, limit: int
) -> list[Row]:
    """First among the newest, read through: a common word is there at once. Only a rare one needs the index.

    The database cannot know which of the two a word is; a wrong guess would cost a hundred times as much.
    """
    newest = session.exec(select(func.max(IssueCard.issue_id))).one() if after is None else after - 1
    border = (newest or 0) - READ_THROUGH
    on_card = _keys().join(IssueCard, col(IssueCard.issue_id) == col(Issue.id))
    near = on_card.where(*where, *searched, col(IssueCard.issue_id).between(border + 1, newest))
    found = _read(session, near, limit=limit)
    if len(found) == limit or border <= 0:
        return found
    here = _search_here(session, where, searched, border=border, limit=limit - len(found)) if where else []
    if len(found) + len(here) == limit:
        return found + here
    hits = columns(col(IssueCard.issue_id)).where(indexed(wanted), *searched, col(IssueCard.issue_id) <= border)
    if not where:  # all hits, found by the index, then the newest of them: never by reading from the newest on
        hits = columns(hits.cte("hits").prefix_with("MATERIALIZED").c.issue_id)
    far = _keys().where(*where, col(Issue.id).in_(hits))
    return found + _read(session, far, limit=limit - len(found))


def _search_here(session: Session, where: Where, searched: Where, *, border: int, limit: int) -> list[Row]:
    """Among the newest of the place (or whatever else is asked for): a word that is common everywhere is common there.

    Worth nothing unless it fills the page: these may not be all.
    """
    newest = _keys().where(*where, col(Issue.id) <= border).order_by(col(Issue.id).desc()).limit(READ_HERE)
    keys = newest.cte("here").prefix_with("MATERIALIZED")
    on_card = columns(keys.c.id).join(IssueCard, col(IssueCard.issue_id) == keys.c.id).where(*searched)
    return _read(session, _keys().where(col(Issue.id).in_(on_card)), limit=limit)


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
