"""Calendars drawn at random: odd hours, lunch gaps, long holidays, make-up days, years without a notice."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from models.calendar import WORKED, Calendar, CalendarDay, DayKind, Span, weekday_kind
from tests.properties.naive_time import Office

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2027, 12, 31)
LENGTH = (LAST - FIRST).days
offsets = st.integers(0, LENGTH)
moments = st.datetimes(dt.datetime(2025, 11, 1), dt.datetime(2028, 2, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001 - the zone is added by `timezones`


def a_time(minute: int) -> dt.time:
    return dt.time(minute // 60, minute % 60)


@st.composite
def hours(draw: st.DrawFn) -> tuple[Span, ...]:
    """One to four spans of any length, from a minute to nearly a day."""
    count = draw(st.integers(1, 4))
    edges = sorted(draw(st.sets(st.integers(0, 1439), min_size=2 * count, max_size=2 * count)))
    return tuple(Span(a_time(start), a_time(end)) for start, end in zip(edges[::2], edges[1::2], strict=True))


OFFICE_HOURS = (Span(dt.time(9), dt.time(12)), Span(dt.time(13), dt.time(17)))
holidays = st.lists(st.tuples(offsets, st.integers(1, 40)), max_size=5)
make_ups = st.lists(offsets, max_size=12)
published_years = st.sets(st.sampled_from([2026, 2027]))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Two years in the table, or only the days that somebody has named; the weekday rule beyond."""
    whole, published = draw(st.booleans()), draw(published_years)
    kinds: dict[dt.date, DayKind] = {}
    if whole:
        kinds = {(at := FIRST + dt.timedelta(n)): weekday_kind(at) for n in range(LENGTH + 1)}
    for start, length in draw(holidays):
        kinds |= {FIRST + dt.timedelta(start + n): DayKind.HOLIDAY for n in range(length)}
    for number in draw(make_ups):
        date = FIRST + dt.timedelta(number)
        kinds[date] = DayKind.MAKE_UP if weekday_kind(date) == DayKind.WEEKEND else weekday_kind(date)
    days = {date: CalendarDay(date, kind, published=date.year in published) for date, kind in kinds.items()}
    spans = draw(st.just(OFFICE_HOURS) | hours())
    zone = draw(st.sampled_from(["Asia/Shanghai", "Asia/Urumqi"]))
    return Calendar(version=1, timezone=zone, spans=spans, days=days)


def office_of(calendar: Calendar) -> Office:
    """The same city for the slow way of counting: data only, no arithmetic."""

    def works_on(date: dt.date) -> bool:
        day = calendar.days.get(date)
        return day.kind in WORKED if day else date.isoweekday() <= 5

    def published(date: dt.date) -> bool:
        return date in calendar.days and calendar.days[date].published

    pairs = tuple((span.start, span.end) for span in calendar.spans)
    return Office(ZoneInfo(calendar.timezone), pairs, works_on, published)
