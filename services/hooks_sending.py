"""Telling subscribers what happened.

1. What happened since becomes deliveries.                            hooks_matching.py
2. Take what may go, written as `sending`, commit.                    hooks_claiming.py
3. Call receivers, many at once, each a few at a time.                hooks_calling.py
4. Write down what came of it, several together, and go on with 2.    hooks_settling.py

Only the thread that called `tell` uses the database. A slow receiver holds up nobody else's events, and no message to
people: those leave in another thread altogether (flows/deliver.py).
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlmodel import Session

from notifications.channels.guard import GuardedHttp
from services import hooks
from services.accounts.vault import Vault
from services.hooks_calling import Answered, call
from services.hooks_claiming import Work, claim, free_the_stale, hand_back
from services.hooks_matching import match
from services.hooks_settling import Result, settle

AT_ONCE, OF_ONE, OF_SLOW = 64, 8, 2
"""Calls under way in all, to one receiver, and to one that takes long."""
SLOW = 2000
"""Milliseconds that are long."""
LOOK_AGAIN = 0.5
"""Seconds after which it looks for new events while calls are under way."""
LONG = 20.0
"""Seconds after which nothing more is begun: whoever called looks around, and calls again."""
GATHER = 0.005
"""Seconds to wait for one more outcome, so that several are written together."""
Sessions = Callable[[], Session]


@dataclass
class Counts:
    """What one call of `tell` did."""

    events: int = 0
    matched: int = 0
    told: Counter[str] = field(default_factory=Counter)
    more: bool = False

    @property
    def tries(self) -> int:
        return self.told.total()


@dataclass
class _Desk:
    """What is in work: waiting for a free line to its receiver, and under way."""

    sessions: Sessions
    networks: Sequence[str]
    vault: Vault
    pool: ThreadPoolExecutor
    counts: Counts = field(default_factory=Counts)
    waiting: dict[int, deque[Work]] = field(default_factory=dict)
    under_way: dict[Future[Answered], Work] = field(default_factory=dict)
    slow: set[int] = field(default_factory=set)
    look_at: float = 0.0

    @cached_property
    def http(self) -> GuardedHttp:
        """Made when it is wanted: to read the certificates of this machine takes 20 ms, and mostly nothing waits."""
        return GuardedHttp(allowed=tuple(self.networks))

    @property
    def hungry(self) -> bool:
        """Whether nothing is left to begin for somebody; at the start, for everybody."""
        return not all(self.waiting.values()) or not (self.waiting or self.under_way)

    def let_go(self) -> None:
        """Close kept connections."""
        if "http" in self.__dict__:
            self.http.close()

    def held(self) -> Counter[int]:
        """How many are in work for each receiver."""
        found = Counter(work.hook for work in self.under_way.values())
        found.update({key: len(several) for key, several in self.waiting.items()})
        return found


def tell(
    sessions: Sessions,
    *,
    keys: Sequence[str],
    networks: Sequence[str],
    now: Callable[[], datetime],
    elapsed: Callable[[], float] = time.monotonic,
) -> Counts:
    """Tell subscribers what there is, for some seconds; several workers may run at once. Call again while `more`.

    `now` gives real time, `keys` open the secrets, `networks` are addresses of the inside that may be called.
    """
    with sessions() as session:
        free_the_stale(session, now=now())
        session.commit()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hook") as pool:
        desk = _Desk(sessions, networks, hooks.vault(keys), pool)
        try:
            _work(desk, now, until=elapsed() + LONG, elapsed=elapsed)
        finally:
            _put_down(desk, [work.id for several in desk.waiting.values() for work in several])
            desk.let_go()
    return desk.counts


def _work(desk: _Desk, now: Callable[[], datetime], *, until: float, elapsed: Callable[[], float]) -> None:
    while True:
        goes_on, taken = elapsed() < until, False
        if goes_on and (desk.hungry or elapsed() >= desk.look_at):
            desk.look_at = elapsed() + LOOK_AGAIN
            seen = _match(desk, now())
            taken = _take(desk, now()) or seen
        if goes_on:
            _begin(desk)
        results = _gather(desk)
        _settle(desk, results, now())
        if not (taken or results or desk.under_way or (goes_on and any(desk.waiting.values()))):
            break
    desk.counts.more = not goes_on


def _match(desk: _Desk, at: datetime) -> bool:
    """Make deliveries of what happened. Whether there was anything."""
    with desk.sessions() as session:
        matched = match(session, now=at)
        session.commit()
    desk.counts.events += matched.seen
    desk.counts.matched += matched.made
    return matched.seen > 0


def _take(desk: _Desk, at: datetime) -> bool:
    """Whether anything was taken into work, or still waits for a line. Who gets nothing is not hungry for a while."""
    with desk.sessions() as session:
        taken = claim(session, vault=desk.vault, held=desk.held(), now=at)
    desk.waiting = {key: several for key, several in desk.waiting.items() if several}
    for work in taken:
        desk.waiting.setdefault(work.hook, deque()).append(work)
    return bool(taken or any(desk.waiting.values()))


def _begin(desk: _Desk) -> None:
    """Call, each receiver in its turn."""
    busy = Counter(work.hook for work in desk.under_way.values())
    begun = True
    while begun and len(desk.under_way) < AT_ONCE:
        begun = False
        for key, several in desk.waiting.items():
            lines = OF_SLOW if key in desk.slow else OF_ONE
            if several and busy[key] < lines and len(desk.under_way) < AT_ONCE:
                work, begun = several.popleft(), True
                busy[key] += 1
                desk.under_way[desk.pool.submit(call, desk.http, work.letter)] = work


def _gather(desk: _Desk) -> list[Result]:
    """Wait a while for an outcome, and a moment for more."""
    if not desk.under_way:
        return []
    wait(desk.under_way, timeout=LOOK_AGAIN, return_when=FIRST_COMPLETED)
    finished, _ = wait(desk.under_way, timeout=GATHER)
    return [Result(desk.under_way.pop(one), one.result()) for one in finished]


def _settle(desk: _Desk, results: Sequence[Result], at: datetime) -> None:
    """Write them down; what was taken for a receiver that is not there is handed back."""
    if not results:
        return
    with desk.sessions() as session:
        gone = settle(session, results, now=at)
        hand_back(session, [work.id for key in gone for work in desk.waiting.pop(key, ())])
        session.commit()
    for one in results:
        desk.counts.told[one.answered.told.value] += 1
        (desk.slow.add if one.answered.ms > SLOW else desk.slow.discard)(one.work.hook)


def _put_down(desk: _Desk, ids: Sequence[int]) -> None:
    """What was taken and not begun is for the next call."""
    with desk.sessions() as session:
        hand_back(session, ids)
        session.commit()
