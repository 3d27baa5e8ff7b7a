"""The calendar in force as the days that its file tells: what differs from the weekday rule, and no more."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, timedelta

from models.calendar import Calendar, CalendarDay, weekday_kind
from models.calendar_sources import whole_years
from services.cities.rows import DayRow

Days = Mapping[date, CalendarDay]


def told_days(calendar: Calendar) -> list[DayRow]:
    """Rows from which `whole_years` makes the same calendar again, few of them, by their dates."""
    years: dict[int, dict[date, CalendarDay]] = defaultdict(dict)
    for at in sorted(calendar.days):
        years[at.year][at] = calendar.days[at]
    found = (day for year in years for day in _told(year, {at: calendar.day(at) for at in _dates(year)}))
    return [DayRow(row=line, **asdict(day)) for line, day in enumerate(found, start=2)]


def same_days(calendar: Calendar, days: Days) -> bool:
    """Whether these days are what the calendar says; a day that neither tells follows the weekday rule in both."""
    return all(calendar.day(at) == days.get(at, _untold(at)) for at in {*calendar.days, *days})


def _told(year: int, days: Days) -> list[CalendarDay]:
    """The days with a name or an odd kind; then those that the rule for the rest of a year gets wrong."""
    told = {at: day for at, day in days.items() if day.name or day.kind is not weekday_kind(at)}
    first = date(year, 1, 1)
    told = told or {first: days[first]}
    for most in (1, len(days), len(days), len(days)):
        wrong = _wrong(told, days)
        told |= {at: days[at] for at in sorted(wrong, key=lambda at: (days[at].published, -at.toordinal()))[:most]}
    return [told[at] for at in sorted(told)]


def _wrong(told: Days, days: Days) -> list[date]:
    made = whole_years(told[at] for at in sorted(told))
    return [day.date for day in made if day != days[day.date]]


def _dates(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _untold(at: date) -> CalendarDay:
    return CalendarDay(at, weekday_kind(at))
