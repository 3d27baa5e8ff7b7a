"""What the night sweeps up of log-ins: keys and sessions that ended long ago, tries that count no more.

The record of what happened stays.
"""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from services.accounts import pace

KEPT = timedelta(days=90)
_KEYS = text("DELETE FROM login_key WHERE expires_at < :since")
_SESSIONS = text("DELETE FROM login_session WHERE coalesce(ended_at, expires_at) < :since")


def tidy(session: Session, *, now: datetime) -> None:
    """Remove it; the caller commits."""
    pace.prune(session, now=now)
    for statement in (_KEYS, _SESSIONS):
        session.connection().execute(statement, {"since": now - KEPT})
