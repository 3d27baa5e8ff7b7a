"""What one call of `deliver` has at hand, and what is next for each message on it."""

import itertools
import logging
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from queue import SimpleQueue

from sqlmodel import Session

from models.message import MessageState
from notifications.attempts import Begun, Ending, Result
from notifications.calling import Outside
from notifications.channels import Sent
from notifications.claiming import Work
from notifications.crew import Crew
from notifications.kinds import DIGEST
from notifications.lanes import Lanes, Try, house_of
from notifications.pacing import Key, lane_of
from notifications.planning import Door, Plan, together
from notifications.silence import answer_by
from notifications.variables import Reader

DOWN = timedelta(seconds=30)
"""How long messages wait for a house that just proved dead."""
log = logging.getLogger(__name__)


@dataclass
class Counts:
    """What became of the messages of one call. `waiting`: for a retry, a full door or the end of quiet hours."""

    claimed: int = 0
    bundled: int = 0
    tries: int = 0
    sent: int = 0
    waiting: int = 0
    unknown: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Finished:
    """A call that is over: what it brought, or what nobody expected. `at` is when it began."""

    begun: Begun
    at: datetime
    sent: Sent | BaseException


@dataclass
class Noted:
    """Outcomes and endings that are to be written."""

    results: list[Result] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.results or self.endings)


@dataclass
class Desk:
    """Tries in their lanes, calls under way, what is to be written. For one thread.

    `dead` houses and doors that were `told` to wait are left alone. `look_at` is when to look for more by the latest,
    in real seconds; `more`: at the last look there was more than was taken.
    """

    sessions: Callable[[], Session]
    outside: Outside
    crew: Crew
    elapsed: Callable[[], float] = time.monotonic
    counts: Counts = field(default_factory=Counts)
    lanes: Lanes = field(init=False)
    dead: set[str] = field(default_factory=set)
    finished: SimpleQueue[Finished] = field(default_factory=SimpleQueue)
    told: dict[tuple[str, str], datetime] = field(default_factory=dict)
    noted: Noted = field(default_factory=Noted)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    look_at: float = 0.0
    more: bool = False

    def __post_init__(self) -> None:
        self.lanes = Lanes(lambda door: self.outside.channels.width(door.channel, door.address))

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return not self.lanes.waiting and not self.lanes.under_way


def go_on(desk: Desk, works: Iterable[Work], *, at: datetime) -> None:
    """Queue what is to be tried next for each of these messages; when that is nothing, it ends or waits."""
    for work in {id(work): work for work in works}.values():
        if not work.lost:
            _go_on(desk, work, at)


def _go_on(desk: Desk, work: Work, at: datetime) -> None:
    try:
        plans = _plans(desk, work, at)
        tries = [one for one in _tries(work, plans) if one.lane not in work.open]
        work.open |= {one.lane for one in tries}
        desk.lanes.add(tries)
        if not work.open:
            planned = together([plan for _, plan in plans])
            stand(desk, work, planned, until=_answer_by(work, planned, at))
    except Exception as error:  # noqa: BLE001 - the rim: one bad message must not stop the others; the reaper frees it
        set_aside(desk, work, error)


def _answer_by(work: Work, planned: Plan, at: datetime) -> datetime | None:
    return answer_by(work, at=at) if planned.end == MessageState.SENT else None


def stand(desk: Desk, work: Work, planned: Plan, *, until: datetime | None = None) -> None:
    """Note how a message stands, as nothing is left to try now, and until when its readers may stay silent."""
    state = planned.end or (MessageState.REFUSED if planned.after_refusal else MessageState.PENDING)
    ending = Ending(
        message_id=work.message.id or 0,
        claimed_at=work.claimed_at,
        state=state,
        not_before=planned.wait_until or work.message.not_before,
        failure=planned.failure,
        is_digest=work.message.kind == DIGEST,
        answer_by=until,
    )
    desk.noted.endings.append(ending)


def _plans(desk: Desk, work: Work, at: datetime) -> list[tuple[Reader, Plan]]:
    """What is next for each reader, without doors that are known to be of no use now: they are closed for a while."""
    while True:
        plans = [(reader, work.plan_for(reader, at=at)) for reader in work.readers]
        useless = [(door, until) for _, plan in plans for door in plan.tries if (until := _of_no_use(desk, door, at))]
        if not useless:
            return plans
        for door, until in useless:
            close(work, door, until=until)


def _of_no_use(desk: Desk, door: Door, at: datetime) -> datetime | None:
    if desk.dead and house_of(door) in desk.dead:
        return at + DOWN
    told = desk.told.get(lane_of(door), at) if desk.told else at
    return told if told > at else None


def _tries(work: Work, plans: Iterable[tuple[Reader, Plan]]) -> list[Try]:
    """Everything to try now, each door once, by the first of its readers: two may share a robot."""
    found: dict[Key, Try] = {}
    for one in (Try(work.place, work, reader, door) for reader, plan in plans for door in plan.tries):
        found.setdefault(one.lane, one)
    return list(found.values())


def close(work: Work, door: Door, *, until: datetime) -> None:
    """A closed door is closed for every reader of this message."""
    for code, doors in work.doors.items():
        work.doors[code] = [replace(one, opens_at=until) if one.address == door.address else one for one in doors]


def put_down(desk: Desk, one: Try, *, answered: bool) -> None:
    """A try is over, or did not begin."""
    desk.lanes.done(one, answered=answered)
    one.work.open.discard(one.lane)


def shut(desk: Desk, house: str) -> list[Work]:
    """Leave a dead house alone for a while, with urgent messages too. Returns the messages that must go on without.

    Each try there may take seconds, and one more refusal would bring a message closer to giving its address up.
    """
    desk.dead.add(house)
    return _dropped(desk, lambda one: house_of(one.door) == house)


def tell_to_wait(desk: Desk, lane: tuple[str, str], *, until: datetime) -> list[Work]:
    """Leave a door alone until then. Returns the messages that must go on without."""
    desk.told[lane] = until
    return _dropped(desk, lambda one: one.lane == lane)


def drop_behind(desk: Desk, first: Try, *, key: Key | None) -> list[Try]:
    """Take out of the queue what waits for the same full door, or gateway; what is urgent only if `first` is."""
    channel, door = key or first.lane
    dropped = desk.lanes.drop(
        lambda one: one.lane[0] == channel and door in ("", one.lane[1]) and (first.urgent or not one.urgent)
    )
    for one in dropped:
        one.work.open.discard(one.lane)
    return dropped


def _dropped(desk: Desk, useless: Callable[[Try], bool]) -> list[Work]:
    dropped = desk.lanes.drop(useless)
    for one in dropped:
        one.work.open.discard(one.lane)
    return [one.work for one in dropped]


def set_aside(desk: Desk, work: Work, error: Exception) -> None:
    """A message that cannot be worked on: shown in the log, freed by the reaper."""
    where = "".join(traceback.format_tb(error.__traceback__))  # without its text, which may hold an address
    log.error("message %s could not be worked on: %s\n%s", work.message.id, type(error).__name__, where)
    let_go(desk, work)


def let_go(desk: Desk, work: Work) -> None:
    """This message is no longer ours. Calls under way are still recorded."""
    work.lost = True
    desk.lanes.forget(work.message.id)
