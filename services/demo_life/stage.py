"""Where the life of a demo city is played: the database, the photos' store, who holds which post, what time it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, func, select

from models.errors import NotFound
from models.point import Task
from models.rights import Actor
from services import people
from services.bulletins.files import Press
from services.rulebook import the_city

A_MOMENT = timedelta(minutes=1)
"""What would lie ahead happened a moment ago: a life ends with the present."""


@dataclass(frozen=True)
class Stage:
    """One chapter is played on it. `now` is the present: nothing is later. `press`: paper, and the photos' store."""

    session: Session
    now: datetime
    press: Press

    @property
    def city(self) -> str:
        return the_city(self.session).code

    @property
    def today(self) -> date:
        return people.city_day(self.session, self.now)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(the_city(self.session).timezone)

    def on_any(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A time of a day in the city, also one to come."""
        return datetime.combine(day, time(hour, minute), tzinfo=self.zone)

    def on(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A time of a day in the city, or a moment ago where that has not come yet."""
        return min(self.on_any(day, hour, minute), self.now - A_MOMENT)

    def ago(self, days: int, hour: int = 9, minute: int = 30) -> datetime:
        """A time so many days ago in the city."""
        return self.on(self.today - timedelta(days=days), hour, minute)

    def holders(self, kind: str, owner: str = "") -> Sequence[str]:
        """Who holds a post today, of the city where no other place or unit is named."""
        return people.holders(self.session, f"{owner or self.city}:{kind}", today=self.today)

    def one(self, *kinds: str, owner: str = "") -> str:
        """Who holds the first of these posts that somebody holds. Raises NotFound."""
        for kind in kinds:
            for code in self.holders(kind, owner):
                return code
        raise NotFound(what="holder of the post", code=f"{owner or self.city}:{'/'.join(kinds)}")

    def busiest(self, most: int = 8) -> Sequence[str]:
        """The units with the most points to answer for, of those that have somebody to do it."""
        query = select(Task.unit_code).group_by(Task.unit_code).order_by(func.count().desc(), Task.unit_code)
        units = [code for code in self.session.exec(query.limit(5 * most)) if self.holders("handler", code)]
        return units[:most]

    def act(self, code: str, at: datetime) -> Actor:
        """A person with the rights of that day."""
        return people.actor(self.session, code, now=at)

    def office(self, at: datetime) -> Actor:
        """The city's creation office."""
        return self.act(self.one("office"), at)

    def headquarters(self, at: datetime) -> Actor:
        """Who approves what the office writes."""
        return self.act(self.one("headquarters"), at)
