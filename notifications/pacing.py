"""How many messages a minute one door takes, shared by all workers through the table of attempts. No sleeping here.

A door that is full, or that was told to wait, gives back the time at which to come again. Chat addresses are robots and
count each on its own; SMS and mail go through one gateway and one server. The city's policy overrides the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.unit import ChannelClass

MINUTE = timedelta(minutes=1)


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


def pace_of(channel: str, *, policy: Mapping[str, Any]) -> Pace:
    """The limits of a class of channels: the city's, else the table's."""
    ours = PACES[channel]
    theirs = policy.get("channel_limits", {}).get(channel, {})
    return Pace(
        per_minute=int(theirs.get("per_minute", ours.per_minute)),
        per_person_per_day=int(theirs.get("per_person_per_day", ours.per_person_per_day)),
    )


def opens_at(session: Session, *, channel: str, address: str, pace: Pace, now: datetime) -> datetime | None:
    """None when one more may go now; else when to come again.

    Takes the door's lock until the transaction ends: count, write the attempt and commit, and no two workers both
    take the last place.
    """
    door = channel if channel in ONE_DOOR_FOR_ALL else address
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:door, 7))")
    session.connection().execute(lock, {"door": f"{channel} {door}"})
    told = _told_to_wait(session, channel, address, now)
    return told or _full_until(session, channel, address, pace.per_minute, now)


def _full_until(session: Session, channel: str, address: str, most: int, now: datetime) -> datetime | None:
    """With so many in the last minute, the door opens when the oldest of the last `most` is a minute old."""
    query = text(
        "SELECT started_at FROM attempt WHERE channel = :channel AND (:one_door OR address = :address)"
        " AND started_at > :since ORDER BY started_at DESC OFFSET :last LIMIT 1"
    )
    values = {
        "channel": channel,
        "address": address,
        "one_door": channel in ONE_DOOR_FOR_ALL,
        "since": now - MINUTE,
        "last": most - 1,
    }
    oldest = session.connection().execute(query, values).scalar_one_or_none()
    return oldest + MINUTE if oldest else None


def _told_to_wait(session: Session, channel: str, address: str, now: datetime) -> datetime | None:
    """The latest time that this address named when it refused."""
    query = text(
        "SELECT max(retry_at) FROM attempt WHERE channel = :channel AND address = :address AND outcome = 'refused'"
        " AND retry_at > :now AND started_at > :since"
    )
    values = {"channel": channel, "address": address, "now": now, "since": now - timedelta(days=1)}
    named: datetime | None = session.connection().execute(query, values).scalar_one()
    return named


def over_the_day(
    session: Session, people: list[str], *, policy: Mapping[str, Any], now: datetime
) -> set[tuple[str, str]]:
    """Which (person, class of channels) have had their day's share, counted over the last 24 hours."""
    query = text(
        "SELECT person_code, channel, count(*) FROM attempt WHERE person_code = ANY(:people) AND started_at > :since"
        " GROUP BY person_code, channel"
    )
    rows = session.connection().execute(query, {"people": people, "since": now - timedelta(days=1)})
    return {
        (person, channel)
        for person, channel, count in rows
        if channel in PACES and count >= pace_of(channel, policy=policy).per_person_per_day
    }
