"""How many messages a minute one door takes, shared by all workers through the table of attempts. No sleeping here.

A door that is full, or that was told to wait, gives back the time at which to come again. Chat addresses are robots and
count each on its own; SMS and mail go through one gateway and one server. The city's policy overrides the table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.unit import ChannelClass
from notifications.planning import Door

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pace:
    """The most messages in a minute at one door, and in a day for one person."""

    per_minute: int
    per_person_per_day: int


# Source: domain 7 (20 a minute for a WeCom or DingTalk robot; the others are ours).
PACES: Mapping[str, Pace] = {
    ChannelClass.CHAT: Pace(per_minute=20, per_person_per_day=200),
    ChannelClass.SMS: Pace(per_minute=60, per_person_per_day=50),
    ChannelClass.MAIL: Pace(per_minute=120, per_person_per_day=200),
}
ONE_DOOR_FOR_ALL = frozenset({ChannelClass.SMS, ChannelClass.MAIL})
_LOCK = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(d, 7))"
    " FROM (SELECT d FROM unnest(CAST(:doors AS text[])) AS d ORDER BY d) AS sorted"
)
_LAST_MINUTE = text(
    "SELECT channel, CASE WHEN channel = ANY(:shared) THEN '' ELSE address END AS door, count(*), min(started_at)"
    " FROM attempt WHERE channel = ANY(:channels) AND started_at > :since"
    " AND (channel = ANY(:shared) OR address = ANY(:addresses)) GROUP BY 1, 2"
)
_NTH_LAST = text(
    "SELECT started_at FROM attempt WHERE channel = :channel AND (:door = '' OR address = :door)"
    " AND started_at > :since ORDER BY started_at DESC OFFSET :last LIMIT 1"
)
_TOLD_TO_WAIT = text(
    "SELECT channel, address, max(retry_at) FROM attempt WHERE channel = ANY(:channels) AND address = ANY(:addresses)"
    " AND outcome = 'refused' AND retry_at > :now AND started_at > :since GROUP BY 1, 2"
)
_OF_A_DAY = text(
    "SELECT person_code, channel, count(*) FROM attempt WHERE person_code = ANY(:people) AND started_at > :since"
    " GROUP BY person_code, channel"
)


def pace_of(channel: str, *, policy: Mapping[str, Any]) -> Pace:
    """The limits of a class of channels: the city's, else the table's."""
    ours = PACES[channel]
    theirs = policy.get("channel_limits", {}).get(channel, {})
    return Pace(
        per_minute=int(theirs.get("per_minute", ours.per_minute)),
        per_person_per_day=int(theirs.get("per_person_per_day", ours.per_person_per_day)),
    )


def admit(
    session: Session, doors: Sequence[Door], *, policy: Mapping[str, Any], now: datetime
) -> list[datetime | None]:
    """For each of these letters, in order: None when it may go now, else when to come again.

    Takes the doors' locks until the transaction ends: count, write the attempts and commit, and no two workers both
    take the last place. Sorted, so that two workers never wait for each other in a ring.
    """
    session.connection().execute(_LOCK, {"doors": sorted({" ".join(_door(one)) for one in doors})})
    told = _told_to_wait(session, doors, now)
    rooms = _rooms(session, doors, policy, now)
    return [told.get((one.channel, one.address)) or rooms[_door(one)].take() for one in doors]


@dataclass
class _Room:
    """What a door has left of this minute."""

    places: int
    opens_at: datetime

    def take(self) -> datetime | None:
        self.places -= 1
        return self.opens_at if self.places < 0 else None


def _door(door: Door) -> tuple[str, str]:
    return door.channel, "" if door.channel in ONE_DOOR_FOR_ALL else door.address


def _rooms(
    session: Session, doors: Sequence[Door], policy: Mapping[str, Any], now: datetime
) -> dict[tuple[str, str], _Room]:
    """With its places taken, a door opens when the oldest of the last so many letters is a minute old."""
    values = {**_where(doors), "shared": list(ONE_DOOR_FOR_ALL), "since": now - MINUTE}
    found = {(channel, door): (n, at) for channel, door, n, at in session.connection().execute(_LAST_MINUTE, values)}
    rooms = {}
    for door in {_door(one) for one in doors}:
        most = pace_of(door[0], policy=policy).per_minute
        count, oldest = found.get(door, (0, now))
        if count > most:  # the limit was lowered, or somebody counted otherwise
            oldest = _nth_last(session, door, most, now)
        rooms[door] = _Room(most - count, oldest + MINUTE)
    return rooms


def _nth_last(session: Session, door: tuple[str, str], most: int, now: datetime) -> datetime:
    if most < 1:
        return now
    values = {"channel": door[0], "door": door[1], "since": now - MINUTE, "last": most - 1}
    nth: datetime = session.connection().execute(_NTH_LAST, values).scalar_one()
    return nth


def _told_to_wait(session: Session, doors: Sequence[Door], now: datetime) -> dict[tuple[str, str], datetime]:
    """The latest time that each address named when it refused."""
    values = {**_where(doors), "now": now, "since": now - DAY}
    rows = session.connection().execute(_TOLD_TO_WAIT, values)
    return {(channel, address): until for channel, address, until in rows}


def _where(doors: Sequence[Door]) -> dict[str, Any]:
    return {"channels": list({one.channel for one in doors}), "addresses": list({one.address for one in doors})}


def over_the_day(
    session: Session, people: list[str], *, policy: Mapping[str, Any], now: datetime
) -> set[tuple[str, str]]:
    """Which (person, class of channels) have had their day's share, counted over the last 24 hours."""
    rows = session.connection().execute(_OF_A_DAY, {"people": people, "since": now - DAY})
    return {
        (person, channel)
        for person, channel, count in rows
        if channel in PACES and count >= pace_of(channel, policy=policy).per_person_per_day
    }
