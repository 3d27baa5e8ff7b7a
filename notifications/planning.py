"""What to try now for one reader of one message, or how it ended. Pure.

Every wanted class of channels is walked through on its own: first the contacts of that class, then the others, in the
person's order. A refused address is tried again after a while; one that ended badly or in doubt is never tried again,
and the next takes over, as it does for one whose reader stays silent (silence.py). What is urgent waits no longer than
PATIENCE for an address that is shut: the next takes over, and that one is left alone. The inbox needs no try. A phone
call and a bulletin are made by people, not sent from here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from models.message import MessageState, Outcome
from models.unit import ChannelClass

SENT_FROM_HERE = frozenset({ChannelClass.CHAT, ChannelClass.SMS, ChannelClass.MAIL})
# How long to wait after the 1st, 2nd, … refusal. After the last one the address is given up for this message.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
URGENT_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2))
URGENT = 0
PATIENCE = timedelta(minutes=1)
"""For so long something urgent waits for a robot that is full or was told to wait (DingTalk's: ten minutes)."""
SILENT, BUSY = "silent", "busy"


class Failure(StrEnum):
    """Why nobody could be reached."""

    VACANT = "vacant"
    NO_CONTACT = "no_contact"
    ALL_FAILED = "all_failed"


@dataclass(frozen=True)
class Tried:
    """One try at an address that is over or on its way; `retry_at` when the provider named a time."""

    channel: str
    address: str
    outcome: Outcome
    at: datetime
    retry_at: datetime | None = None


@dataclass(frozen=True)
class Door:
    """A contact of the reader that a configured channel serves; closed until `opens_at` in quiet hours.

    `reason`: how the door before it ended, where this one takes over: an outcome, `silent`, or `busy`.
    """

    channel: str
    address: str
    opens_at: datetime | None = None
    reason: str = field(default="", compare=False)


@dataclass(frozen=True)
class Plan:
    """Try these now; or else wait until then; or else it ended so."""

    tries: tuple[Door, ...] = ()
    wait_until: datetime | None = None
    after_refusal: bool = False
    end: MessageState | None = None
    failure: Failure | None = None


@dataclass(frozen=True)
class _Next:
    """What one wanted class comes to: a door to try, a time to wait for, or its best ending."""

    door: Door | None = None
    wait_until: datetime | None = None
    after_refusal: bool = False


@dataclass(frozen=True)
class _Standing:
    """How one address stands: sent, free to try, to be waited for, or none of these: given up, and why."""

    given_up: str = ""
    ended_well: bool = False
    open_now: bool = False
    wait_until: datetime | None = None
    after_refusal: bool = False


def plan(
    wanted: Sequence[str],
    *,
    doors: Sequence[Door],
    tried: Sequence[Tried],
    urgency: int,
    now: datetime,
    only_inbox: bool = False,
    silent_since: datetime | None = None,
) -> Plan:
    """What is next for one reader. `only_inbox`: the inbox is enough for who has no door.

    An address in the middle of a try is waited for: the reaper settles it when its worker died. What was sent before
    `silent_since` brought no answer: the next door takes over.
    """
    classes = [kind for kind in wanted if kind in SENT_FROM_HERE]
    if not classes or (only_inbox and not doors):
        return Plan(end=MessageState.SENT)
    waits = URGENT_WAITS if urgency == URGENT else WAITS
    by_door = {(door.channel, door.address): _standing(door, tried, waits, now, silent_since) for door in doors}
    until = now + PATIENCE if urgency == URGENT else None
    steps = [_walk(kind, doors, by_door, until) for kind in classes]
    tries = tuple(dict.fromkeys(step.door for step in steps if step.door))
    if tries:
        return Plan(tries=tries)
    waiting = [step for step in steps if step.wait_until]
    if waiting:
        soonest = min(waiting, key=lambda step: step.wait_until or now)
        return Plan(wait_until=soonest.wait_until, after_refusal=soonest.after_refusal)
    return _ended(doors, tried)


def _walk(
    kind: str, doors: Sequence[Door], standing: Mapping[tuple[str, str], _Standing], patient_until: datetime | None
) -> _Next:
    """The first door of a class that is open, or that is worth waiting for; else the one that opens first."""
    before, shut = "", _Next()
    for door in _in_order(kind, doors):
        stands = standing[door.channel, door.address]
        if stands.ended_well:
            return _Next()
        if stands.open_now:
            return _Next(door=door if door.reason == before else replace(door, reason=before))
        if stands.wait_until is None:
            before = stands.given_up
            continue
        waits = _Next(wait_until=stands.wait_until, after_refusal=stands.after_refusal)
        if patient_until is None or stands.wait_until <= patient_until:
            return waits
        before, shut = BUSY, min((one for one in (shut, waits) if one.wait_until), key=_opens)
    return shut


def _opens(one: _Next) -> datetime:
    assert one.wait_until is not None
    return one.wait_until


def _in_order(kind: str, doors: Sequence[Door]) -> Iterator[Door]:
    yield from (door for door in doors if door.channel == kind)
    yield from (door for door in doors if door.channel != kind)


def _standing(
    door: Door, tried: Iterable[Tried], waits: Sequence[timedelta], now: datetime, silent_since: datetime | None
) -> _Standing:
    here = [one for one in tried if one.address == door.address]
    outcomes = {one.outcome for one in here}
    if Outcome.SENT in outcomes:
        return _Standing(given_up=SILENT) if _passed_by(here, silent_since) else _Standing(ended_well=True)
    if Outcome.SENDING in outcomes:
        return _Standing(wait_until=now + waits[0])
    if outcomes & {Outcome.UNKNOWN, Outcome.PERMANENT} or len(here) > len(waits):
        return _Standing(given_up=here[-1].outcome)
    opens_at = door.opens_at if door.opens_at and door.opens_at > now else None
    retry_at = max((_retry_at(here, waits), opens_at or now)) if here else opens_at
    if retry_at and retry_at > now:
        return _Standing(wait_until=retry_at, after_refusal=bool(here))
    return _Standing(open_now=True)


def _passed_by(tries: Iterable[Tried], silent_since: datetime | None) -> bool:
    sent_at = max(one.at for one in tries if one.outcome == Outcome.SENT)
    return silent_since is not None and sent_at < silent_since


def _retry_at(refused: Sequence[Tried], waits: Sequence[timedelta]) -> datetime:
    last = max(refused, key=lambda one: one.at)
    soonest = last.at + waits[len(refused) - 1]
    return max(soonest, last.retry_at) if last.retry_at else soonest


def _ended(doors: Sequence[Door], tried: Sequence[Tried]) -> Plan:
    outcomes = {one.outcome for one in tried}
    if Outcome.SENT in outcomes:
        return Plan(end=MessageState.SENT)
    if Outcome.UNKNOWN in outcomes:
        return Plan(end=MessageState.UNKNOWN)
    return Plan(end=MessageState.FAILED, failure=Failure.ALL_FAILED if doors else Failure.NO_CONTACT)


def together(plans: Sequence[Plan]) -> Plan:
    """How a message stands that several persons read: it waits while one of them may still be reached."""
    if not plans:
        return Plan(end=MessageState.FAILED, failure=Failure.VACANT)
    waiting = sorted((one.wait_until, at) for at, one in enumerate(plans) if one.wait_until)
    if waiting:
        return plans[waiting[0][1]]
    for state in (MessageState.SENT, MessageState.UNKNOWN):
        if any(one.end == state for one in plans):
            return Plan(end=state)
    return plans[0]
