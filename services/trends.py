"""How many issues come and go from day to day, and where they gather. From indexes of times: a month costs a month.

Every function takes the reader's scope; None means the whole city.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, cast, func, select
from sqlmodel import Session, col

from models.card import IssueCard
from models.errors import WrongValue
from models.issue import Issue
from models.point import Point
from services import rulebook
from services.filters import Scope, Wanted, counted_conditions

LONGEST = 400
"""Days."""


@dataclass(frozen=True)
class Day:
    """One day of a trend, by the city's calendar: found, and closed and not opened again since."""

    day: date
    found: int
    closed: int


@dataclass(frozen=True)
class Hotspot:
    """A point, and how many issues were found at it in the period."""

    code: str
    name: str
    found: int


def trend(
    session: Session,
    *,
    first: date,
    last: date,
    area: str | None = None,
    unit: str | None = None,
    scope: Scope | None = None,
) -> tuple[Day, ...]:
    """How many were found and closed on each day of the city, both ends included.

    Raises NotFound for an unknown area or unit, WrongValue for more than 400 days or none.
    """
    length = (last - first).days + 1
    if not 1 <= length <= LONGEST:
        raise WrongValue(field="days", value=str(length), expected=f"1–{LONGEST}")
    zone = ZoneInfo(rulebook.the_city(session).timezone)
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    where = counted_conditions(session, Wanted(area=area, unit=unit), scope=scope)
    found = _per_day(session, col(IssueCard.found_at), _on_cards(session, area, unit, scope), (start, end), zone)
    closed = _per_day(session, col(Issue.closed_at), where, (start, end), zone)
    days = (first + timedelta(days=n) for n in range(length))
    return tuple(Day(day, found.get(day, 0), closed.get(day, 0)) for day in days)


def hotspots(
    session: Session,
    *,
    since: datetime,
    area: str | None = None,
    unit: str | None = None,
    scope: Scope | None = None,
    limit: int = 20,
) -> tuple[Hotspot, ...]:
    """The points at which most issues were found since then, most first. Raises NotFound for an unknown area, unit."""
    count = func.count().label("found")
    most = (
        select(col(IssueCard.point_code).label("code"), count)
        .where(col(IssueCard.found_at) >= since, col(IssueCard.point_code).is_not(None))
        .where(*_on_cards(session, area, unit, scope))
        .group_by(col(IssueCard.point_code))
        .order_by(count.desc(), col(IssueCard.point_code))
        .limit(limit)
        .subquery()
    )
    query = select(most.c.code, col(Point.name), most.c.found).join(Point, col(Point.code) == most.c.code)
    rows = session.connection().execute(query.order_by(most.c.found.desc(), most.c.code))
    return tuple(Hotspot(*row) for row in rows)


def _on_cards(session: Session, area: str | None, unit: str | None, scope: Scope | None) -> list[ColumnElement[bool]]:
    """The same filter on the cards. They do not know the unit, which may change: it is asked for at the issue."""
    if unit is None and (scope is None or not scope.units):
        return counted_conditions(session, Wanted(area=area), scope=scope, table=IssueCard)
    where = counted_conditions(session, Wanted(area=area, unit=unit), scope=scope)
    return [col(IssueCard.issue_id) == col(Issue.id), *where]


def _per_day(
    session: Session,
    moment: Any,
    where: Iterable[ColumnElement[bool]],
    period: tuple[datetime, datetime],
    zone: ZoneInfo,
) -> dict[date, int]:
    """A day is counted from border to border: days that a clock change makes longer or shorter count as they are."""
    day = cast(func.timezone(zone.key, moment), Date).label("day")
    query = select(day, func.count()).where(moment >= period[0], moment < period[1], *where).group_by(day)
    return dict(session.connection().execute(query).tuples().all())
