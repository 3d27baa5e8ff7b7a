"""How often codes go out: they cost money, a stranger's phone could be made to ring, and a robot has its own limits.

Within a minute all addresses count together that lead to one door (a robot with other mentions), whoever asked. A robot
or a gateway that is full, or was told to wait, gets no code either (notifications/pacing.py): whoever asks is told for
how long.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from models.errors import Refused
from models.unit import Contact
from notifications import pacing
from notifications.limits import door_of
from notifications.material import read_city
from notifications.planning import Door

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Within how long, how many at most.
OF_A_DOOR = ((MINUTE, 1),)
OF_AN_ADDRESS = ((DAY, 10),)
OF_A_PERSON = ((HOUR, 5), (DAY, 15))
_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:door, 13))")
_TO_DOOR = text(
    "SELECT c.address, k.asked_at FROM contact_code k JOIN contact c ON c.id = k.contact_id"
    " WHERE k.asked_at > :since AND c.channel = :channel AND strpos(c.address, :end) > 0"
)
_OF_PERSON = text("SELECT asked_at FROM contact_code WHERE asked_at > :since AND person_code = :person")


class TooManyCodes(Refused):
    """Codes cost money, and a stranger's phone could be made to ring."""

    code = "too_many_codes"
    template = "Too many codes were asked for. Ask again in {minutes} minute(s)."


class DoorIsBusy(Refused):
    """The robot or gateway takes no more for now, of codes or of anything else."""

    code = "door_is_busy"
    template = "This channel takes no more just now. Ask again in {minutes} minute(s)."


def check_pace(session: Session, contact: Contact, *, now: datetime) -> None:
    """Raises TooManyCodes, DoorIsBusy. Two who ask at once for one door take turns, so that they are counted."""
    door = door_of(contact.address)
    session.connection().execute(_TURN, {"door": door})
    sent = _sent_to(session, contact, door, now)
    _check([at for _, at in sent], OF_A_DOOR, now)
    _check([at for address, at in sent if address == contact.address], OF_AN_ADDRESS, now)
    values = {"since": now - DAY, "person": contact.person_code}
    _check(list(session.connection().execute(_OF_PERSON, values).scalars()), OF_A_PERSON, now)
    way = Door(contact.channel, contact.address)
    (entry,) = pacing.admit(session, [way], urgent=[False], policy=read_city(session).policy, now=now)
    if entry.until:
        raise DoorIsBusy(minutes=_minutes(entry.until - now))


def _sent_to(session: Session, contact: Contact, door: str, now: datetime) -> list[tuple[str, datetime]]:
    """The codes that went to this door within a day: to which address, and when."""
    end = door.rsplit("/", 1)[-1].rsplit("@", 1)[-1]  # every address of a door holds it
    values = {"since": now - DAY, "channel": contact.channel.value, "end": end}
    rows = session.connection().execute(_TO_DOOR, values)
    return [(address, at) for address, at in rows if door_of(address) == door]


def _check(asked: Sequence[datetime], limits: Sequence[tuple[timedelta, int]], now: datetime) -> None:
    for within, most in limits:
        lately = [at for at in asked if at > now - within]
        if len(lately) >= most:
            raise TooManyCodes(minutes=_minutes(min(lately) + within - now))


def _minutes(left: timedelta) -> int:
    """Rounded up."""
    return max(1, -int(-left.total_seconds() // 60))
