"""Orders of a cycle that is over: nobody can answer them any more, so nobody waits for it."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from models.accountability import MeasureAct, MeasureEvent
from services import bulk

_OVER = """
UPDATE measure m SET state = 'lapsed', version = m.version + 1
  FROM supervision_order o JOIN issue i ON i.id = o.issue_id
 WHERE o.id = m.order_id AND m.state IN ('proposed', 'issued') AND i.cycle > o.cycle
   AND o.issue_id IN (SELECT e.issue_id FROM issue_event e WHERE e.at > :since AND e.cycle > 1
                         AND jsonb_exists(e.facts, 'cycle'))
RETURNING m.id
"""


def lapse(session: Session, *, since: datetime, now: datetime) -> int:
    """Let go of orders whose issue was returned, reopened or has come back since. One statement. Returns how many."""
    over = session.connection().execute(text(_OVER), {"since": since}).scalars().all()
    said: dict[str, object] = {
        "act": MeasureAct.LAPSE,
        "who": "system",
        "on_behalf_of": None,
        "at": now,
        "why": "",
        "facts": {},
    }
    return bulk.insert(session, MeasureEvent, [{"measure_id": key, **said} for key in over])
