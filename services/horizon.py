"""How far ahead the working days are known, and word in time when a notice is wanted."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from models.issue import Issue
from models.lifecycle import OPEN
from models.message import Message
from models.unit import PostKind
from notifications.outbox import wake
from services import bulk, people, rulebook
from services.message_rows import message_row

WARN_WITHIN_DAYS, URGENT_WITHIN_DAYS = 92, 60


@dataclass(frozen=True)
class Horizon:
    """How far ahead the working days are known, and how many open deadlines lie beyond. `warn`: within three months."""

    published_until: date | None
    days_left: int
    provisional_open: int

    @property
    def warn(self) -> bool:
        return self.days_left < WARN_WITHIN_DAYS

    @property
    def urgent(self) -> bool:
        return self.days_left < URGENT_WITHIN_DAYS


def horizon(session: Session, *, now: datetime) -> Horizon:
    """How far ahead the calendar is published."""
    calendar = rulebook.calendar(session, rulebook.the_city(session).calendar_version or 0)
    today = people.city_day(session, now)
    until = calendar.published_until
    query = select(func.count()).where(col(Issue.state).in_(OPEN), col(Issue.due_provisional).is_(True))
    days_left = (until - today).days if until else 0
    return Horizon(until, max(days_left, 0), session.exec(query).one())


def warn_of_horizon(session: Session, *, now: datetime) -> int:
    """Tell the administrator and the city office, once a week, that a notice is wanted. Returns how many are told."""
    ahead = horizon(session, now=now)
    if not ahead.warn:
        return 0
    city, today = rulebook.the_city(session).code, people.city_day(session, now)
    monday = today - timedelta(days=today.weekday())
    facts = {
        "published_until": ahead.published_until or "–",
        "days_left": ahead.days_left,
        "provisional_open": ahead.provisional_open,
    }
    rows = [
        message_row(
            key=f"calendar-horizon-{monday}-{kind}",
            kind="calendar_horizon",
            post=f"{city}:{kind}",
            area_path=city,
            why=f"L1.{kind}",
            channels=("app", "mail"),
            facts=facts,
            now=now,
        )
        for kind in (PostKind.ADMINISTRATOR, PostKind.OFFICE)
    ]
    told = bulk.insert(session, Message, rows, or_skip=True)
    if told:
        wake(session)
    return told
