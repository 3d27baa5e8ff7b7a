"""From the queue to the call: the rows say `sending`, committed, before anything leaves. Outcomes travel along."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from notifications import pacing
from notifications.attempts import Begun, begin_all, finish_all, record_all
from notifications.calling import call
from notifications.claiming import GONE
from notifications.desk import Desk, Finished, close, go_on, let_go, put_down, set_aside
from notifications.lanes import Try
from notifications.settling import settle, write_noted

log = logging.getLogger(__name__)


@dataclass
class _Written:
    """What became of some tries: begun, at a full door (and until when), or lost to somebody else."""

    begun: list[Begun] = field(default_factory=list)
    full: list[tuple[Try, datetime]] = field(default_factory=list)
    lost: list[Try] = field(default_factory=list)


def start(desk: Desk, *, at: datetime) -> None:
    """Write what has been noted and begin what may begin, in one transaction; then call.

    A door that is full is closed until it opens.
    """
    tries = desk.lanes.take()
    written = _write(desk, tries, at)
    for begun in written.begun:
        begun.one.work.claimed_at = begun.claimed_at
        desk.crew.submit(desk, begun, at, busy=desk.lanes.under_way)
    started = {begun.one for begun in written.begun}
    for one in tries:
        if one not in started:
            put_down(desk, one, answered=False)
    for one in written.lost:
        log.warning("message %s was taken away: this worker was too slow", one.work.message.id)
        let_go(desk, one.work)
    _wait_for_doors(desk, written.full, at)


def _write(desk: Desk, tries: Sequence[Try], at: datetime) -> _Written:
    """Everything in one transaction; when one of the tries cannot be written, each in its own."""
    if not tries and not desk.noted:
        return _Written()
    try:
        return _write_together(desk, tries, at)
    except GONE:
        raise
    except Exception as error:  # noqa: BLE001 - the rim: one bad message must not stop the others; the reaper frees it
        if len(tries) == 1 and not desk.noted:
            set_aside(desk, tries[0].work, error)
            return _Written()
    write_noted(desk, at=at)
    several = _Written()
    for one in tries:
        alone = _write(desk, [one], at)
        several.begun += alone.begun
        several.full += alone.full
        several.lost += alone.lost
    return several


def _write_together(desk: Desk, tries: Sequence[Try], at: datetime) -> _Written:
    """Messages before tries, in the reaper's order of locks."""
    with desk.sessions() as session:
        finish_all(session, desk.noted.endings, now=at)
        opens = dict(zip(tries, _admit(session, tries, at), strict=True))
        free = [one for one, until in opens.items() if not until]
        begun = begin_all(session, free, now=at)
        record_all(session, desk.noted.results, now=at)
        session.commit()
    settle(desk)
    ours = {one.one for one in begun}
    full = [(one, until) for one, until in opens.items() if until]
    return _Written(begun, full, [one for one in free if one not in ours])


def _admit(session: Session, tries: Sequence[Try], at: datetime) -> Sequence[datetime | None]:
    if not tries:
        return ()
    policy = tries[0].work.material.city.policy
    return pacing.admit(session, [one.door for one in tries], policy=policy, now=at)


def _wait_for_doors(desk: Desk, full: Sequence[tuple[Try, datetime]], at: datetime) -> None:
    for one, until in full:
        close(one.work, one.door, until=until)
    go_on(desk, (one.work for one, _ in full), at=at)


def make_call(desk: Desk, begun: Begun, at: datetime) -> None:
    """What a thread of the crew does. Whatever comes of it goes back to the desk."""
    try:
        desk.finished.put(Finished(begun, at, call(desk.outside, begun.one, at=at)))
    except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for it
        desk.finished.put(Finished(begun, at, error))
