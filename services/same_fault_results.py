"""What comes of a same-fault sweep: a unit that finds its own faults, and the counts on the first issue's record."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from models.audit import Round, RoundKind, Sheet
from models.issue import Issue
from models.lifecycle import BY_ACTION, Action
from models.rights import SYSTEM, units_of
from services import people
from services.commands import Command
from services.same_fault_messages import tell_finished
from services.same_fault_points import units_of_points
from services.transition import apply

_COUNTS = text(
    "SELECT count(DISTINCT s.point_code) FILTER (WHERE o.result <> 'not_applicable'),"
    " count(DISTINCT s.point_code) FILTER (WHERE o.result = 'not_met'),"
    " coalesce(array_agg(i.number ORDER BY i.id) FILTER (WHERE i.id IS NOT NULL), '{}')"
    " FROM sheet s JOIN observation o ON o.sheet_id = s.id LEFT JOIN issue i ON i.id = o.issue_id"
    " WHERE s.round_id = :id"
)


def looks_at_own(session: Session, round_: Round, sheet: Sheet, *, now: datetime) -> bool:
    """Whether somebody of the unit that answers for the point looks at it in a sweep: then it is a self-check, and what
    is found counts as found by the unit itself. Source: domain 2 (bonus for self-found), 9d (自查).
    """
    if round_.kind is not RoundKind.SAME_FAULT:
        return False
    unit = units_of_points(session, [sheet.point_code], now=now)[sheet.point_code]
    return unit in units_of(people.actor(session, sheet.inspector, now=now))


def finish(session: Session, round_: Round, *, now: datetime) -> None:
    """The last sheet of a round is in: where it was a sweep, the first issue gets the counts, through the one door.

    An issue that was dropped meanwhile gets none; the round keeps its results.
    """
    if round_.for_issue is None:
        return
    checked, found, numbers = session.connection().execute(_COUNTS, {"id": round_.id}).one()
    session.connection().execute(text("SELECT 1 FROM issue WHERE id = :id FOR UPDATE"), {"id": round_.for_issue})
    issue = session.get_one(Issue, round_.for_issue, populate_existing=True)
    if issue.state in BY_ACTION[Action.FINISH_SWEEP].come_from:
        facts = {"round": round_.number, "checked": checked, "found": found, "issues": numbers}
        command = Command(Action.FINISH_SWEEP, SYSTEM, issue.id, facts, key=f"sweep/{round_.number}")
        apply(session, [command], now=now)
    tell_finished(session, round_, issue, checked=checked, found=found, now=now)
