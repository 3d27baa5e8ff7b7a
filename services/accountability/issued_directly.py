"""Papers that an office issued from the issue's page: that was a decision too, and the measure says whose."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from models.accountability import MeasureAct, MeasureEvent
from models.deadlines import due
from services import bulk, rulebook
from services.papers.stationery import stationery_in_force

_TAKEN = """
UPDATE measure m SET state = 'issued', paper = p.number, decided_at = p.issued_at, version = m.version + 1
  FROM paper p
 WHERE p.issued_at > :since AND m.state = 'proposed' AND m.issue_id = p.issue_id
   AND ((m.kind = 'supervision_order' AND p.number = m.because->>'order')
        OR (m.kind = 'interview' AND m.because->>'when' = 'step' AND p.kind = 'interview_notice'
            AND p.issued_at >= m.proposed_at))
RETURNING m.id, m.order_id, p.number, p.issued_by, p.issued_at, p.content_sha256
"""
_DUE = """
UPDATE measure m SET reply_due_at = :at FROM supervision_order o
 WHERE m.id = :id AND o.id = m.order_id AND m.reply_due_at IS NULL
"""
_ORDER_DUE = "UPDATE supervision_order SET reply_due_at = :at WHERE id = :order AND reply_due_at IS NULL"


def take_papers(session: Session, *, since: datetime, now: datetime) -> int:
    """Measures whose paper has come out since are issued, by whoever issued it. Returns how many."""
    rows = session.connection().execute(text(_TAKEN), {"since": since}).all()
    for row in rows:
        _set_due(session, row)
    return bulk.insert(session, MeasureEvent, [_event(row, now) for row in rows])


def _set_due(session: Session, row: Row[Any]) -> None:
    """The day that stands on the paper: counted from its issue as the paper counts."""
    if row.order_id is None:
        return
    limit = stationery_in_force(session, otherwise=Path()).reply_within
    calendar = rulebook.calendar(session, rulebook.the_city(session).calendar_version or 0)
    at = due(calendar, start=row.issued_at, limit=limit).at
    session.connection().execute(text(_DUE), {"id": row.id, "at": at})
    session.connection().execute(text(_ORDER_DUE), {"order": row.order_id, "at": at})


def _event(row: Row[Any], now: datetime) -> Mapping[str, Any]:
    facts = {"paper": row.number, "paper_sha256": row.content_sha256}
    said = {"measure_id": row.id, "act": MeasureAct.APPROVE, "who": row.issued_by, "on_behalf_of": None}
    return {**said, "at": row.issued_at or now, "why": "", "facts": facts}
