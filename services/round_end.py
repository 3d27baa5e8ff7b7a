"""The last of a round: what it held back is let go, who is late with a same-fault sweep is told, missing material
becomes issues, and what the rules of accountability ask for is proposed.

A round that dies before this loses nothing: the next one does it, with the same keys and in the same digest; what was
held back goes by itself two minutes later.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from services.accountability.rounds import every_round
from services.filing.sweeping import SOMETHING_MISSING, raise_missing
from services.same_fault_messages import SOMEBODY_LATE, tell_late

Sessions = Callable[[], Session]
HELD_BACK = timedelta(minutes=2)
_LOOK = text(f"SELECT {SOMEBODY_LATE} AS late, {SOMETHING_MISSING} AS missing")


def end_round(sessions: Sessions, *, now: datetime) -> None:
    """Do all of it, in three transactions: a fault in one keeps nothing back that stands before it."""
    with sessions() as session:
        _release_held(session, now=now)
        found = session.connection().execute(_LOOK, {"now": now}).one()
        if found.late:
            tell_late(session, now=now)
        session.connection().execute(text("NOTIFY duban_outbox"))
        session.commit()
    if found.missing:
        raise_missing(sessions, now=now)
    with sessions() as session:
        every_round(session, now=now)
        session.commit()


def _release_held(session: Session, *, now: datetime) -> None:
    """Let go the messages that a late round held back, so that each person's become one digest (promise 10)."""
    statement = (
        "UPDATE message SET not_before = :now WHERE state = 'pending'"
        " AND urgency = ANY(ARRAY[0, 1, 2, 3, 4, 5]) AND not_before > :now"  # each its stretch of the index
        " AND not_before <= :held AND created_at > :since AND tries = 0 AND kind <> 'digest'"
    )
    values = {"now": now, "held": now + HELD_BACK, "since": now - HELD_BACK}
    session.connection().execute(text(statement), values)
