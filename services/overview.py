"""The whole city in a few numbers: what the first page and the health check show. Nothing about anybody."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Session

from services import rounds, tallies
from services.horizon import horizon
from services.rulebook import the_city
from services.tallies import Counts

# A message whose outcome is unknown or that failed was passed up; it is shown for a week.
_MESSAGES = text(
    "SELECT count(*) FILTER (WHERE state IN ('pending', 'refused', 'sending', 'bundled')) AS waiting,"
    " count(*) FILTER (WHERE state IN ('failed', 'unknown') AND created_at > :now - interval '7 days') AS unreached,"
    " count(*) FILTER (WHERE state IN ('sent', 'delivered') AND finished_at > :now - interval '1 day') AS sent"
    " FROM message"
)


@dataclass(frozen=True)
class Overview:
    """`now` is the city's time, UTC. `round_age`: seconds since a round. Messages: unreached in 7 days, sent in 1."""

    code: str
    name: str
    name_en: str
    timezone: str
    demo: bool
    now: datetime
    counts: Counts
    round_age: int | None
    stands_still: bool
    waiting: int
    unreached: int
    sent: int
    published_until: date | None
    provisional: int


def overview(session: Session, *, now: datetime, at: datetime) -> Overview:
    """The city at `now` (its own time; `at` is the machine's). Raises NotFound before a city is loaded."""
    city = the_city(session)
    ahead = horizon(session, now=now)
    messages = session.connection().execute(_MESSAGES, {"now": now}).mappings().one()
    last = rounds.last(session)
    return Overview(
        code=city.code,
        name=city.name,
        name_en=city.name_en or city.name,
        timezone=city.timezone,
        demo=city.demo,
        now=now,
        counts=tallies.counts(session, now=now),
        round_age=None if last is None else max(int((at - last).total_seconds()), 0),
        stands_still=last is None or at - last > rounds.EVERY * rounds.MISSED,
        waiting=messages["waiting"],
        unreached=messages["unreached"],
        sent=messages["sent"],
        published_until=ahead.published_until,
        provisional=ahead.provisional_open,
    )
