"""Replies to supervision orders (督办回复): handed in by the unit, accepted or returned by the office."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.accountability import Measure, MeasureAct, MeasureEvent
from models.permissions import Right
from models.rights import Actor
from services import bulk, issues
from services.accountability import telling
from services.accountability.deciding import review_at_the_door
from services.accountability.recording import check_right, done, taken
from services.accountability.replies_due import due_again, set_reply_due
from services.decisions.orders import ACCEPTED, RETURNED


def reply(session: Session, measure_id: int, *, by: Actor, now: datetime, seen: int, why: str) -> Measure:
    """Answer the order in writing, as the unit: the issue's other open orders are answered with it.

    The caller commits. Raises what the one door raises, and what `taken` raises.
    """
    measure, _ = taken(session, measure_id, MeasureAct.REPLY, seen=seen, why=why)
    issues.reply_order(session, issue_ids=[measure.issue_id or 0], by=by, now=now, reply=why)
    take_replies(session, now=now)
    session.refresh(measure)
    return measure


def accept(session: Session, measure_id: int, *, by: Actor, now: datetime, seen: int, why: str = "") -> Measure:
    """Take the reply: the order is done. Raises what `taken`, `check_right` and the one door raise."""
    measure, line = taken(session, measure_id, MeasureAct.ACCEPT, seen=seen, why=why)
    check_right(session, by, Right.DECIDE_ACCOUNTABILITY, measure)
    review_at_the_door(session, measure, ACCEPTED, by=by, now=now, why=why)
    return done(session, measure, line, by=by, now=now, why=why, right=Right.DECIDE_ACCOUNTABILITY)


def give_back(session: Session, measure_id: int, *, by: Actor, now: datetime, seen: int, why: str) -> Measure:
    """Return the reply with a reason: the order is open again, until another day. Raises as `accept` does."""
    measure, line = taken(session, measure_id, MeasureAct.RETURN, seen=seen, why=why)
    check_right(session, by, Right.DECIDE_ACCOUNTABILITY, measure)
    review_at_the_door(session, measure, RETURNED, by=by, now=now, why=why)
    measure.reply_due_at = due_again(session, now=now)
    measure.replied_at, measure.climbed = None, 0
    set_reply_due(session, measure)
    facts = {"reply_due_at": measure.reply_due_at}
    done(session, measure, line, by=by, now=now, why=why, facts=facts, right=Right.DECIDE_ACCOUNTABILITY)
    telling.tell_returned(session, measure, why=why, now=now)
    return measure


_REPLIED = """
UPDATE measure m SET state = 'replied', replied_at = o.replied_at, version = m.version + 1
  FROM supervision_order o
 WHERE o.id = m.order_id AND m.state = 'issued' AND m.order_id IS NOT NULL AND o.replied_at IS NOT NULL
RETURNING m.id, o.replied_by, o.replied_at, o.reply
"""


def take_replies(session: Session, *, now: datetime) -> int:
    """Every reply that came, by whatever way, waits for its review. One statement, whatever their number."""
    rows = session.connection().execute(text(_REPLIED)).all()
    return bulk.insert(session, MeasureEvent, [_event(row.id, row.replied_by, row, now) for row in rows])


def _event(measure_id: int, who: str | None, row: Any, now: datetime) -> Mapping[str, Any]:
    return {
        "measure_id": measure_id,
        "act": MeasureAct.REPLY,
        "who": who or "system",
        "on_behalf_of": None,
        "at": row.replied_at or now,
        "why": row.reply,
        "facts": {},
    }
