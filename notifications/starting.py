"""From the queue to the call: the rows say `sending`, committed, before anything leaves. Outcomes travel along."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from notifications import pacing
from notifications.attempts import Begun, begin_all, finish_all, record_all
from notifications.calling import call
from notifications.claiming import GONE
from notifications.desk import Desk, Finished, close, drop_behind, go_on, let_go, put_down, set_aside
from notifications.joining import Crowd
from notifications.lanes import Try
from notifications.pacing import Entry
from notifications.settling import settle, write_noted

log = logging.getLogger(__name__)


@dataclass
class _Written:
    """What became of some tries: begun, at a full door (and until when), or lost to somebody else."""

    begun: list[Begun] = field(default_factory=list)
    full: list[tuple[Try, Entry]] = field(default_factory=list)
    lost: list[Try] = field(default_factory=list)


def start(desk: Desk, *, at: datetime) -> None:
    """Write what has been noted and begin what may begin, in one transaction; then call.

    A door that is full is closed until it opens.
    """
    tries = desk.lanes.take()
    written = _write(desk, tries, at)
    for begun in written.begun:
        for row in begun.all:
            row.one.work.claimed_at = row.claimed_at
        desk.lanes.leave(row.one for row in begun.also)
        desk.crew.submit(desk, begun, at)
    desk.crew.hire()
    started = {begun.one for begun in written.begun}
    for one in tries:
        if one not in started:
            put_down(desk, one, answered=False)
    for one in written.lost:
        log.warning("message %s was taken away: this worker was too slow", one.work.message.id)
        let_go(desk, one.work)
    _wait_for_doors(desk, written.full, at)


def _write(desk: Desk, tries: Sequence[Try], at: datetime, *, join: bool = True) -> _Written:
    """Everything in one transaction; when one of the tries cannot be written, each in its own, and none along."""
    if not tries and not desk.noted:
        return _Written()
    try:
        return _write_together(desk, tries, at, join=join)
    except GONE:
        raise
    except Exception as error:  # noqa: BLE001 - the rim: one bad message must not stop the others; the reaper frees it
        if len(tries) == 1 and not desk.noted and not join:
            set_aside(desk, tries[0].work, error)
            return _Written()
    write_noted(desk, at=at)
    several = _Written()
    for one in tries:
        alone = _write(desk, [one], at, join=False)
        several.begun += alone.begun
        several.full += alone.full
        several.lost += alone.lost
    return several


def _write_together(desk: Desk, tries: Sequence[Try], at: datetime, *, join: bool) -> _Written:
    """Messages before tries, in the reaper's order of locks."""
    with desk.sessions() as session:
        finish_all(session, desk.noted.endings, now=at)
        entries = dict(zip(tries, _admit(session, tries, at), strict=True))
        also = _companions(desk, entries) if join else {}
        free = [one for one, entry in entries.items() if not entry.until]
        begun = begin_all(session, free, now=at, also=also)
        record_all(session, desk.noted.results, now=at)
        session.commit()
    settle(desk)
    ours = {one.one for letter in begun for one in letter.all}
    wanted = [*free, *(one for letter in begun for one in also.get(letter.one, ()))]
    full = [(one, entry) for one, entry in entries.items() if entry.until]
    return _Written(begun, full, [one for one in wanted if one not in ours])


def _admit(session: Session, tries: Sequence[Try], at: datetime) -> Sequence[Entry]:
    if not tries:
        return ()
    policy = tries[0].work.material.city.policy
    doors, urgent = [one.door for one in tries], [one.urgent for one in tries]
    return pacing.admit(session, doors, urgent=urgent, policy=policy, now=at)


def _companions(desk: Desk, entries: Mapping[Try, Entry]) -> dict[Try, list[Try]]:
    """What goes along with the tries that may begin; no message begins twice."""
    crowd = Crowd(desk.lanes.waiting, busy=[one.work for one in entries])
    return {one: crowd.take_along(one, entry=entry) for one, entry in entries.items() if not entry.until}


def _wait_for_doors(desk: Desk, full: Sequence[tuple[Try, Entry]], at: datetime) -> None:
    """At a full door what is in the queue for it waits too: each would find it full. What is urgent may still go."""
    works = []
    for first, entry in full:
        behind = drop_behind(desk, first, key=entry.full)
        for one in (first, *behind):
            close(one.work, one.door, until=entry.until or at)
            works.append(one.work)
    go_on(desk, works, at=at)


def make_call(desk: Desk, begun: Begun, at: datetime) -> None:
    """What a thread of the crew does. Whatever comes of it goes back to the desk."""
    try:
        also = [one.one for one in begun.also]
        desk.finished.put(Finished(begun, at, call(desk.outside, begun.one, at=at, also=also)))
    except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for it
        desk.finished.put(Finished(begun, at, error))
