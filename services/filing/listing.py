"""The list of material: rows written, taken off, looked at. Every change is on record with what was there before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.errors import MissingInput, Refused
from models.filing import FilingAct, FilingEvent, FilingItem
from models.issue import Issue
from models.lifecycle import OPEN, State
from models.permissions import Right, must_hold
from models.rights import Actor
from models.seal import plain
from services import bulk
from services.filing.handing_in import area_path, hold
from services.rulebook import the_city

CHANGEABLE = frozenset(
    {"standard_code", "title", "marks", "unit_code", "reviewer", "due_on", "due_at", "warn_days", "severity", "dropped"}
)
NEW: Mapping[str, Any] = {
    **{"standard_code": "", "marks": 1, "reviewer": None, "warn_days": 10, "severity": "S4", "state": "missing"},
    **dict.fromkeys(("submitted_at", "submitted_by", "reviewed_at", "reviewed_by", "issue_id", "try_at"), None),
    **{"set_aside_why": None, "version": 1, "raised": 0, "dropped": False},
}


class IssueOpen(Refused):
    """It is being worked on."""

    code = "filing_issue_open"
    template = "Issue {number} stands for this material and is still open. End that first."


@dataclass(frozen=True)
class Listed:
    """A row of the list: a new one, or one that is there with what changes."""

    item: FilingItem | None
    changes: Mapping[str, Any] = field(default_factory=dict)


def write(session: Session, rows: Sequence[Listed], *, by: Actor, now: datetime) -> None:
    """Write rows that were checked before. The caller commits.

    A row that changes is looked at anew, also where its last issue was dropped.
    """
    new = [{**NEW, **row.changes} for row in rows if row.item is None]
    ids = bulk.take_ids(session, "filing_item_id_seq", len(new))
    bulk.insert(session, FilingItem, [{**row, "id": key} for row, key in zip(new, ids, strict=True)])
    events = [
        _event(key, FilingAct.LISTED, by, now, facts={name: row[name] for name in sorted(CHANGEABLE)})
        for row, key in zip(new, ids, strict=True)
    ]
    for row in rows:
        if row.item is not None:
            events.append(_change(session, row.item, row.changes, by=by, now=now))
    bulk.insert(session, FilingEvent, events)
    session.flush()


def drop(session: Session, item_id: int, *, why: str, by: Actor, now: datetime) -> FilingItem:
    """Take it off the list: it is asked of nobody, and counts no more. The record stays. The caller commits.

    Raises NotFound, ActionNotAllowed, MissingInput, IssueOpen.
    """
    item = hold(session, item_id)
    must_hold(by, Right.MANAGE_FILING, city=the_city(session).code, area_path=area_path(session, item))
    if not why.strip():
        raise MissingInput(action="drop", missing="why")
    if issue := open_issue(session, item):
        raise IssueOpen(number=issue.number)
    item.dropped, item.version = True, item.version + 1
    session.add(item)
    bulk.insert(session, FilingEvent, [_event(item_id, FilingAct.DROPPED, by, now, why=why.strip())])
    session.flush()
    return item


def open_issue(session: Session, item: FilingItem) -> Issue | None:
    """The issue that stands for it and goes on."""
    issue = session.get(Issue, item.issue_id) if item.issue_id else None
    return issue if issue is not None and issue.state in OPEN else None


def _change(
    session: Session, item: FilingItem, changes: Mapping[str, Any], *, by: Actor, now: datetime
) -> dict[str, Any]:
    facts = {name: [getattr(item, name), value] for name, value in sorted(changes.items())}
    for name, value in changes.items():
        setattr(item, name, value)
    issue = session.get(Issue, item.issue_id) if item.issue_id else None
    if issue is not None and issue.state == State.VOID:
        item.issue_id = None
    item.version, item.try_at, item.set_aside_why = item.version + 1, None, None
    session.add(item)
    return _event(item.id or 0, FilingAct.CHANGED, by, now, facts=facts)


def _event(
    item: int, act: FilingAct, by: Actor, now: datetime, *, why: str = "", facts: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    about = {"item_id": item, "act": act, "who": by.code, "at": now, "why": why, "key": None}
    return {**about, "facts": plain(dict(facts or {}))}
