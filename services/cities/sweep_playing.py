"""The same-fault sweep of a story whose issue waits for one: the unit looks at a few of its other points."""

from datetime import datetime

from sqlmodel import Session, select

from models.audit import Result, Round, Sheet
from models.errors import NothingElsewhere
from models.issue import Issue
from models.rights import Actor
from services import issues, people, same_fault
from services.audit_results import Seen, record
from services.same_fault_plan import SweepOrder

POINTS = 5
ONLY_ONE = "全市仅此一处，无同类点位"


def play_sweep(session: Session, issue: Issue, *, handler: Actor, dispatcher: Actor, now: datetime) -> None:
    """Every sheet filled and in order; the office waives it where there is no other point."""
    key = issue.id or 0
    try:
        begun = same_fault.start(session, SweepOrder(key, most=POINTS), by=handler, now=now)
    except NothingElsewhere:
        issues.waive_sweep(session, issue_ids=[key], by=dispatcher, now=now, reason=ONLY_ONE)
        return
    round_ = session.exec(select(Round).where(Round.number == begun.number)).one()
    for sheet in session.exec(select(Sheet).where(Sheet.round_id == round_.id)).all():
        by = people.actor(session, sheet.inspector, now=now)
        seen = [Seen(str(round_.standard_code), Result.MET)]
        record(session, sheet_id=sheet.id or 0, by=by, now=now, observations=seen)
