"""What calls brought is written soon and together: outcomes of tries, and how their messages stand."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from queue import Empty

from models.message import MessageState
from notifications.attempts import Result, finish_all, record_all
from notifications.claiming import GONE
from notifications.desk import Desk, Finished, Noted
from notifications.joining import share

SALVAGE_TRIES, SALVAGE_PAUSE = 60, 0.5
"""When the database is gone: how often, and how many seconds apart, what calls brought is offered to it again."""
_COUNTED = {MessageState.SENT: "sent", MessageState.UNKNOWN: "unknown", MessageState.FAILED: "failed"}
log = logging.getLogger(__name__)


def write_noted(desk: Desk, *, at: datetime) -> None:
    """Write what has been noted. May be repeated: a row that is settled is left alone."""
    if desk.noted:
        with desk.sessions() as session:
            finish_all(session, desk.noted.endings, now=at)  # before the tries, in the reaper's order of locks
            record_all(session, desk.noted.results, now=at)
            session.commit()
        settle(desk)


def settle(desk: Desk) -> None:
    """What has been noted is committed: count it, and forget it."""
    for ending in desk.noted.endings:
        name = _COUNTED.get(ending.state, "waiting")
        setattr(desk.counts, name, getattr(desk.counts, name) + 1)
    desk.noted = Noted()


def results_of(finished: Finished) -> list[Result]:
    """The outcome of a call, for each message in the letter. Raises what no channel may raise."""
    if isinstance(finished.sent, BaseException):
        raise finished.sent
    letter = finished.begun.all
    sent, after = share(finished.sent, letters=len(letter)), finished.sent.retry_after
    return [Result(begun.attempt, sent, finished.at + after if after else None) for begun in letter]


def salvage(desk: Desk, *, at: datetime, pause: Callable[[float], None] = time.sleep) -> None:
    """Delivery was cut off: wait for calls under way, and record what they bring, or they would count as unknown."""
    desk.crew.dismiss()
    while True:
        try:
            finished = desk.finished.get_nowait()
        except Empty:
            break
        if not isinstance(finished.sent, BaseException):
            desk.noted.results += results_of(finished)
    for _ in range(SALVAGE_TRIES):
        try:
            return write_noted(desk, at=at)
        except GONE:
            pause(SALVAGE_PAUSE)
    log.error("%s outcomes could not be recorded: the database is gone", len(desk.noted.results))
    return None
