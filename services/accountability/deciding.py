"""What people decide about measures. Whoever belongs to the unit does not decide; a proposal takes two people."""

from datetime import datetime

from sqlmodel import Session, col, select

from models.accountability import Measure, MeasureAct, MeasureEvent, MeasureKind, MeasureLine, MeasureState
from models.issue import Issue, SupervisionOrder
from models.lifecycle import Action
from models.permissions import Right
from models.rights import Actor
from services.accountability import papers, telling
from services.accountability.errors import SamePerson
from services.accountability.recording import check_other, check_right, done, taken
from services.commands import Command
from services.decisions.orders import RETURNED, WITHDRAWN
from services.papers.content import Interview
from services.papers.stationery import Stationery
from services.transition import apply


def approve(
    session: Session,
    measure_id: int,
    *,
    by: Actor,
    now: datetime,
    seen: int,
    stationery: Stationery,
    why: str = "",
    interview: Interview | None = None,
) -> Measure:
    """Say that it is to be done: its paper is issued and the unit is told. A proposal then waits for a second person.

    `seen` is the version that was looked at. The caller commits. Raises what `taken`, `check_right` and `check_other`
    raise, and what issuing a paper raises.
    """
    measure, line = taken(session, measure_id, MeasureAct.APPROVE, seen=seen, why=why)
    check_right(session, by, Right.DECIDE_ACCOUNTABILITY, measure)
    check_other(measure, by)
    if measure.kind is MeasureKind.PROPOSAL:
        done(session, measure, line, by=by, now=now, why=why, right=Right.DECIDE_ACCOUNTABILITY)
        telling.tell_seconds(session, measure, now=now)
        return measure
    return _issue(session, measure, line, by=by, now=now, why=why, stationery=stationery, interview=interview)


def second(
    session: Session, measure_id: int, *, by: Actor, now: datetime, seen: int, stationery: Stationery, why: str = ""
) -> Measure:
    """Let a proposal go out. Raises SamePerson for whoever approved it, and what `approve` raises."""
    measure, line = taken(session, measure_id, MeasureAct.SECOND, seen=seen, why=why)
    check_right(session, by, Right.SECOND_PROPOSAL, measure)
    check_other(measure, by)
    if by.code == _approver(session, measure):
        raise SamePerson
    return _issue(session, measure, line, by=by, now=now, why=why, stationery=stationery, right=Right.SECOND_PROPOSAL)


def reject(session: Session, measure_id: int, *, by: Actor, now: datetime, seen: int, why: str) -> Measure:
    """Decide against it, with a reason. An order that the ladder numbered is withdrawn. Raises as `approve` does."""
    measure, line = taken(session, measure_id, MeasureAct.REJECT, seen=seen, why=why)
    right = Right.SECOND_PROPOSAL if measure.state is MeasureState.SECONDING else Right.DECIDE_ACCOUNTABILITY
    check_right(session, by, right, measure)
    check_other(measure, by)
    measure.decided_at = now
    if measure.order_id is not None:
        review_at_the_door(session, measure, WITHDRAWN, by=by, now=now, why=why)
    return done(session, measure, line, by=by, now=now, why=why, right=right)


def hold(session: Session, measure_id: int, *, by: Actor, now: datetime, seen: int, why: str) -> Measure:
    """Put on record what an interview came to. Raises as `approve` does."""
    return _end(session, measure_id, MeasureAct.HOLD, Right.DECIDE_ACCOUNTABILITY, by=by, now=now, seen=seen, why=why)


def conclude(session: Session, measure_id: int, *, by: Actor, now: datetime, seen: int, why: str) -> Measure:
    """Put on record what the target-performance office made of a proposal. Raises as `approve` does."""
    return _end(session, measure_id, MeasureAct.CONCLUDE, Right.SECOND_PROPOSAL, by=by, now=now, seen=seen, why=why)


def _end(
    session: Session,
    measure_id: int,
    act: MeasureAct,
    right: Right,
    *,
    by: Actor,
    now: datetime,
    seen: int,
    why: str,
) -> Measure:
    measure, line = taken(session, measure_id, act, seen=seen, why=why)
    check_right(session, by, right, measure)
    return done(session, measure, line, by=by, now=now, why=why, right=right)


def _issue(
    session: Session,
    measure: Measure,
    line: MeasureLine,
    *,
    by: Actor,
    now: datetime,
    why: str,
    stationery: Stationery,
    interview: Interview | None = None,
    right: Right = Right.DECIDE_ACCOUNTABILITY,
) -> Measure:
    measure.decided_at = now
    paper = papers.issue(session, measure, by=by, now=now, stationery=stationery, interview=interview)
    measure.paper = paper.number
    facts = {"paper": paper.number, "paper_sha256": paper.content_sha256, "reply_due_at": measure.reply_due_at}
    done(session, measure, line, by=by, now=now, why=why, facts=facts, right=right)
    telling.tell_unit(session, measure, now=now)
    return measure


def _approver(session: Session, measure: Measure) -> str | None:
    query = select(MeasureEvent.who).where(
        MeasureEvent.measure_id == measure.id, MeasureEvent.act == MeasureAct.APPROVE
    )
    return session.exec(query.order_by(col(MeasureEvent.id).desc()).limit(1)).first()


def review_at_the_door(session: Session, measure: Measure, verdict: str, *, by: Actor, now: datetime, why: str) -> None:
    """What becomes of the order stands on its issue's sealed record too, and decides what its close-out waits for.

    Where the issue has begun another cycle the order is over with the one before: only the measure says more.
    """
    order = session.get_one(SupervisionOrder, measure.order_id)
    issue = session.get_one(Issue, order.issue_id)
    if verdict != RETURNED and issue.cycle != order.cycle:
        return
    data = {"order": order.number, "cycle": order.cycle, "verdict": verdict, "reason": why}
    apply(session, [Command(Action.REVIEW_ORDER, by, issue.id, data)], now=now)
