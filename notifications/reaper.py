"""What a dead worker left behind. A try that nobody finished may have gone out, so it counts as unknown."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

STALE = timedelta(minutes=5)


def reap(session: Session, *, now: datetime, stale: timedelta = STALE) -> int:
    """Free every message that was taken into work longer ago than `stale` by the real clock. The caller commits.

    Its open tries become unknown, so the next channel takes over (promise 3); without one it simply starts again.
    `now` is the city's time, for the record only.
    """
    free = text(
        "WITH stale AS (SELECT id FROM message WHERE state = 'sending'"
        "   AND claimed_at < clock_timestamp() - CAST(:stale AS interval) FOR UPDATE SKIP LOCKED),"
        " settled AS (UPDATE attempt SET outcome = 'unknown', code = 'reaped', finished_at = :now"
        "   WHERE outcome = 'sending' AND message_id IN (SELECT id FROM stale))"
        " UPDATE message SET state = 'pending', claimed_at = NULL, not_before = least(not_before, :now)"
        " WHERE id IN (SELECT id FROM stale)"
    )
    result = session.connection().execute(free, {"stale": stale, "now": now})
    return int(result.rowcount)
