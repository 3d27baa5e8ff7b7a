"""Reading for people: lists with filters, counts, one issue with all that belongs to it. Nothing here writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import NotFound
from models.issue import Evidence, Issue, IssueEvent, Request, SupervisionOrder
from models.ladder import is_taken
from models.lifecycle import RUNNING
from models.point import Point
from models.unit import Person, Unit
from services.filters import RANKS
from services.lines import Line
from services.listing import PAGE, Page, listing
from services.tallies import Counts, counts

__all__ = ["PAGE", "Counts", "Line", "Page", "counts", "listing"]


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
