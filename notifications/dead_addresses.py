"""An address at which nobody is: its contact is switched off, and its owner hears of it by another way.

In the transaction that records the try, so that it happens once. Only where the channel says that the address itself is
the trouble (`Fault.ADDRESS`); what a provider holds against us switches nobody off. When suddenly many addresses of one
class are dead, it is the provider or its settings that are ill: then no more are switched off, and the watchdog tells.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.message import Message, MessageState
from models.unit import ChannelClass
from notifications.limits import door_of, name_of
from notifications.outbox import wake

CONTACT_OFF, OWN_CONTACT = "contact_off", "own_contact"
MOST, WITHIN = 20, timedelta(hours=1)
"""So many addresses of a class are switched off by themselves within this time, and no more."""
URGENCY = 3
SHOWN, LONG_KEY = 4, 16
"""So many signs of a robot's key are shown, where it has so many: keys have 32 and more."""
_ROOM = text(
    "SELECT c.channel, count(DISTINCT c.address) FROM contact c"
    " WHERE c.switched_off_at > :since AND c.switched_off_why = 'dead' GROUP BY c.channel"
)
_FOUND = text(
    "SELECT c.id, c.channel, c.address FROM contact c JOIN attempt a ON a.channel = c.channel AND a.address = c.address"
    " WHERE a.id = ANY(:attempts) AND c.switched_off_at IS NULL AND c.verified_at IS NOT NULL"
    " ORDER BY c.id FOR UPDATE OF c"
)
_OFF = text(
    "UPDATE contact SET switched_off_at = :now, switched_off_why = 'dead' WHERE id = ANY(:ids)"
    " RETURNING id, person_code, channel, address"
)
_NEXT = text(
    "SELECT DISTINCT ON (person_code) person_code, channel FROM contact"
    " WHERE person_code = ANY(:people) AND verified_at IS NOT NULL AND switched_off_at IS NULL"
    " ORDER BY person_code, chosen_position NULLS LAST, position, id"
)


def switch_off(session: Session, attempts: Sequence[int], *, now: datetime) -> int:
    """Switch off every contact that has the address of one of these tries; returns how many. The caller commits."""
    if not attempts:
        return 0
    session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext('dead addresses'))"))
    found = session.connection().execute(_FOUND, {"attempts": list(attempts)}).tuples().all()
    ids = _as_many_as_may_be(session, found, now)
    rows = session.connection().execute(_OFF, {"ids": ids, "now": now}).tuples().all()
    _tell_owners(session, rows, now)
    return len(rows)


def _as_many_as_may_be(session: Session, found: Sequence[tuple[Any, ...]], now: datetime) -> list[int]:
    """An address that several share counts once."""
    if not found:
        return []
    taken = dict(session.connection().execute(_ROOM, {"since": now - WITHIN}).tuples().all())
    dead = set()
    for _, channel, address in found:
        if (channel, address) not in dead and taken.get(channel, 0) < MOST:
            dead.add((channel, address))
            taken[channel] = taken.get(channel, 0) + 1
    return [key for key, *address in found if tuple(address) in dead]


def _tell_owners(session: Session, dead: Sequence[tuple[Any, ...]], now: datetime) -> None:
    """By the inbox, and through the next of their contacts where there is one."""
    if not dead:
        return
    people = sorted({person for _, person, *_ in dead})
    others = dict(session.connection().execute(_NEXT, {"people": people}).tuples().all())
    for key, person, channel, address in dead:
        ways = [ChannelClass.APP.value, *([others[person]] if person in others else [])]
        facts = {"channel": channel, "address": masked(channel, address)}
        session.add(
            Message(
                key=f"{CONTACT_OFF}-{key}-{int(now.timestamp())}",
                kind=CONTACT_OFF,
                person_code=person,
                why=OWN_CONTACT,
                channels=ways,
                urgency=URGENCY,
                facts=facts,
                state=MessageState.PENDING,
                not_before=now,
                created_at=now,
            )
        )
    session.flush()
    wake(session)


def masked(channel: str, address: str) -> str:
    """An address so that its owner knows it and nobody else learns it: `199****0001`, `r***@example.org`,
    `wecombot://…5aaa`, `wecom://…/CaoGuanJu`, `json://…`.
    """
    if "://" in address:
        scheme, _, rest = door_of(address).partition("://")
        return f"{scheme}://…{_last_of(scheme, rest)}"
    if channel == ChannelClass.MAIL or "@" in address:
        name, _, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    return f"{address[:3]}****{address[-4:]}" if len(address) >= 10 else f"****{address[-2:]}"


def _last_of(scheme: str, rest: str) -> str:
    """What tells one robot from another: four signs of a long key; the member of an app. Nothing of other URLs."""
    if name_of(ChannelClass.CHAT, f"{scheme}://") == ChannelClass.CHAT:
        return ""
    _, slash, member = rest.partition("/")
    if slash:
        return f"/{member}"
    return rest[-SHOWN:] if len(rest) >= LONG_KEY else ""
