"""Sending what waits in the outbox.

1. Claim what is due, and who reads it; bundle storms. What stayed without
   answer where one is wanted is due again, for the next channel.             claiming.py, digest.py, silence.py
2. For each message and reader, plan what to try now.                         planning.py, desk.py
3. Take the tries that may begin: urgent first, one at a time to an address.  lanes.py, pacing.py
4. Write them as `sending`, commit, and call their channels, many at once.    starting.py, calling.py
5. Note outcomes as they come, and what is next for their messages; they are
   written soon, several together, with the tries that begin then.            starting.py, settling.py

Only the thread that called `deliver` uses the database. A crash at any point leaves rows that the reaper understands
(reaper.py). What failed is passed up by services/reach.py.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from queue import Empty

from sqlmodel import Session

from models.message import Outcome
from notifications.calling import Outside
from notifications.channels import Channels
from notifications.claiming import Work, claim
from notifications.collector import collector_rests
from notifications.crew import AWAY, Crew
from notifications.desk import Counts, Desk, Finished, go_on, put_down, shut, stand, tell_to_wait
from notifications.lanes import PLACES, house_of
from notifications.links import Signs
from notifications.planning import URGENT, Plan, Tried
from notifications.settling import results_of, salvage
from notifications.silence import wake_silent
from notifications.starting import make_call, start

AT_ONCE = 200
FEW = 100
"""With fewer tries than this waiting, more is claimed."""
LONG = 20.0
"""Seconds after which what was claimed and not begun is handed back: the next claim begins with what is urgent."""
LOOK_AGAIN = 0.05
"""Seconds between two looks into the outbox while calls are under way."""
TOGETHER = 0.005
"""Seconds to wait for one more outcome, so that several are recorded at once."""
NOBODY_THERE = frozenset({"gateway", "connect"})


def deliver(
    session_factory: Callable[[], Session],
    *,
    now: Callable[[], datetime],
    channels: Channels,
    limit: int = 200,
    templates: Path | None = None,
    signs: Signs | None = None,
    elapsed: Callable[[], float] = time.monotonic,
) -> Counts:
    """Send what is due, up to `limit` messages; several workers may run at once.

    `templates` is a city's folder of own templates; without `signs` letters carry no links. `elapsed` counts real
    seconds, whatever a demo city's clock does.
    Call it again while `claimed` comes back at the limit.
    """
    at = now()
    with session_factory() as session:
        wake_silent(session, now=at)
        session.commit()
    desk = Desk(session_factory, Outside(channels, templates, signs), Crew(make_call, most=PLACES), elapsed)
    with collector_rests():
        _deliver(desk, limit, now)
    desk.crew.dismiss()
    return desk.counts


def _deliver(desk: Desk, limit: int, now: Callable[[], datetime]) -> None:
    at = now()
    try:
        while _look(desk, limit, at=at) or desk.noted or not desk.idle:
            start(desk, at=at)
            if desk.more and len(desk.lanes.waiting) < FEW:  # while as many calls as may be are under way
                _claim(desk, limit, at=at)
            _gather(desk, at=at)
            _hand_back(desk)
            at = now()
    except BaseException:
        salvage(desk, at=at)
        raise


def _look(desk: Desk, limit: int, *, at: datetime) -> bool:
    """Claim when nothing is left to do; now and then while calls are under way too. Whether there was any."""
    wanted = desk.idle or (len(desk.lanes.waiting) < FEW and desk.elapsed() >= desk.look_at)
    return wanted and _claim(desk, limit, at=at)


def _claim(desk: Desk, limit: int, *, at: datetime) -> bool:
    most = min(AT_ONCE, limit - desk.counts.claimed)
    desk.more = False
    if most <= 0:
        return False
    with desk.sessions() as session:
        claimed = claim(session, now=at, channels=desk.outside.channels, limit=most)
    taken = len(claimed.work) + claimed.bundled + claimed.set_aside
    desk.more, desk.look_at = taken >= most, desk.elapsed() + LOOK_AGAIN
    desk.counts.claimed += len(claimed.work)
    desk.counts.bundled += claimed.bundled
    for work in claimed.work:
        work.place, work.since = (work.message.urgency, next(desk.numbers)), desk.elapsed()
    go_on(desk, claimed.work, at=at)
    return taken > 0


def _gather(desk: Desk, *, at: datetime) -> None:
    """Wait for an outcome, and a moment for more of them, up to half of what is under way."""
    enough, wait = max(1, desk.lanes.under_way // 2), AWAY if desk.crew.short else LOOK_AGAIN
    works: list[Work] = []
    with suppress(Empty):
        while desk.lanes.under_way and enough:
            works += _take_note(desk, desk.finished.get(timeout=wait))
            enough, wait = enough - 1, TOGETHER
    go_on(desk, works, at=at)


def _take_note(desk: Desk, finished: Finished) -> list[Work]:
    """Note an outcome, to be recorded with the next ones; returns the messages for which it may mean something.

    Raises what no channel may raise.
    """
    results, letter = results_of(finished), finished.begun.all
    result, one, sent = results[0], finished.begun.one, results[0].sent
    desk.noted.results += results
    desk.counts.tries += len(letter)
    nobody = sent.outcome == Outcome.REFUSED and sent.code in NOBODY_THERE
    put_down(desk, one, answered=not nobody)
    for begun in letter:
        door, work = begun.one.door, begun.one.work
        work.tried.append(Tried(door.channel, door.address, sent.outcome, finished.at, result.retry_at))
        work.open.discard(begun.one.lane)
    works = [begun.one.work for begun in letter]
    if result.retry_at:
        works += tell_to_wait(desk, one.lane, until=result.retry_at)
    if nobody:
        works += shut(desk, house_of(one.door))
    return works


def _hand_back(desk: Desk) -> None:
    """What was claimed long ago and has not begun is claimed again in its order, after what came and is urgent.

    All of it, so that no later message to an address overtakes an earlier one. What is urgent stays.
    """
    waiting = {id(one.work): one.work for one in desk.lanes.waiting}
    long_ago = desk.elapsed() - LONG
    if not any(work.since < long_ago and work.message.urgency != URGENT for work in waiting.values()):
        return
    under_way = desk.lanes.under_way_of
    for work in waiting.values():
        if work.message.urgency != URGENT and not under_way(work):
            desk.lanes.forget(work.message.id)
            work.open.clear()
            stand(desk, work, Plan(wait_until=work.message.not_before, after_refusal=bool(work.tried)))
