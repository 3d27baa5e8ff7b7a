"""Where the days of a calendar come from: the holidays package first, then the yearly notice of the State Council."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

from models.calendar import WORKED, Calendar, CalendarDay, DayKind, weekday_kind
from models.errors import BadRow, BadRows, WrongValue

NOTICED_YEARS = range(2007, 2027)
"""Years whose notice the holidays package carries. The notice for a year appears in November of the year before."""


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One row of a notice: a day off (holiday), a weekend day that is worked (make_up), or a day put back."""

    date: dt.date
    kind: DayKind
    name: str = ""


def seed_days(years: Iterable[int], *, published_years: Collection[int] = NOTICED_YEARS) -> tuple[CalendarDay, ...]:
    """Every day of the years, from the holidays package.

    A year outside `published_years` gets its statutory days only, provisional: the package answers for any year, but it
    can only guess the swaps. Its half-day holidays (Women's Day, Youth Day) are left out: they free some people, not an
    office. Raises WrongValue for a year called published of which the package knows no swap. Source: domain 6.
    """
    return tuple(day for year in sorted(set(years)) for day in _seed_year(year, published=year in published_years))


def _seed_year(year: int, *, published: bool) -> tuple[CalendarDay, ...]:
    from holidays import country_holidays  # here only: importing it takes longer than most commands

    table = country_holidays("CN", years=year, language="zh_CN")
    # The package lists a few swap days of long ago whatever year is asked for.
    swaps = {date for date in table.weekend_workdays if date.year == year}
    if published and not swaps:
        raise WrongValue(field="published_years", value=year, expected="a year whose notice the holidays package knows")
    notice = f"国务院办公厅关于{year}年部分节假日安排的通知" if published else "法定节假日"
    source = f"holidays {version('holidays')}: {notice}"
    off = [CalendarDay(date, DayKind.HOLIDAY, "、".join(table.get_list(date)), source, published) for date in table]
    made_up = [CalendarDay(date, DayKind.MAKE_UP, "调休上班", source, published) for date in swaps]
    return whole_years([*off, *made_up])


def whole_years(days: Iterable[CalendarDay]) -> tuple[CalendarDay, ...]:
    """The days, and by the weekday rule all others of their years: what a list of exceptions leaves unsaid.

    An added day is published when every given day of its year is, and then has the same source.
    """
    given = {day.date: day for day in days}
    years: dict[int, CalendarDay] = {}
    for day in given.values():
        if day.date.year not in years or not day.published:
            years[day.date.year] = day
    filled = (
        given.get(date) or CalendarDay(date, weekday_kind(date), "", of.source, of.published)
        for year, of in sorted(years.items())
        for date in _dates(year)
    )
    return tuple(filled)


def with_notice(
    calendar: Calendar, days: Sequence[NoticeDay], *, source: str, years: Collection[int] | None = None
) -> Calendar:
    """The next version of the calendar, with a notice taken in.

    1. The notice's `years` become published as a whole: days it does not name follow the weekday rule, and what was
       guessed for them is dropped.
    2. Its rows in other years change just those days (a New Year break begins in December).

    Without `years` they are read from the rows: a year of which only days around New Year are named is a neighbour, and
    a year already published keeps its other days, for then the notice amends. Name the year to replace it as a whole.
    Raises BadRows with every unusable row.
    """
    problems = [*_problems(days, source=source), *_of_other_years(days, source=source, years=years)]
    if problems:
        raise BadRows(file=source, rows=problems)
    known = dict(calendar.days)
    for year in _open_years(calendar, days) if years is None else years:
        known |= {date: CalendarDay(date, weekday_kind(date), "", source, True) for date in _dates(year)}
    known |= {day.date: CalendarDay(day.date, day.kind, day.name, source, True) for day in days}
    return replace(calendar, version=calendar.version + 1, days=known)


def _open_years(calendar: Calendar, days: Sequence[NoticeDay]) -> set[int]:
    inner = {day.date.year for day in days if (1, 10) < (day.date.month, day.date.day) < (12, 22)}
    covered = inner or {day.date.year for day in days}
    return {year for year in covered if not calendar.is_published(dt.date(year, 1, 1), dt.date(year, 12, 31))}


def _of_other_years(days: Sequence[NoticeDay], *, source: str, years: Collection[int] | None) -> Iterator[BadRow]:
    """A notice is for one year (or those named); a day of another is a slip, unless it lies next to New Year."""
    if not days or years is not None:
        return
    year = Counter(day.date.year for day in days).most_common(1)[0][0]
    for row, day in enumerate(days, start=1):
        neighbour = dt.date(year - 1, 12, 20) <= day.date <= dt.date(year + 1, 1, 10)
        if not neighbour:
            yield BadRow(source, row, "date", day.date.isoformat(), f"a day of {year}: a notice is for one year")


def _problems(days: Sequence[NoticeDay], *, source: str) -> list[BadRow]:
    seen = Counter(day.date for day in days)
    found = []
    for row, day in enumerate(days, start=1):
        if seen[day.date] > 1:
            found.append(BadRow(source, row, "date", day.date.isoformat(), "each day once"))
        if day.kind != DayKind.HOLIDAY and (day.kind, weekday_kind(day.date)) not in _USUAL:
            found.append(BadRow(source, row, "kind", f"{day.date} {day.kind}", _expected(day)))
    return found


_USUAL = {
    (DayKind.WORKDAY, DayKind.WORKDAY),
    (DayKind.WEEKEND, DayKind.WEEKEND),
    (DayKind.MAKE_UP, DayKind.WEEKEND),
}


def _expected(day: NoticeDay) -> str:
    usual = weekday_kind(day.date)
    return "holiday or workday: it is no weekend day" if usual in WORKED else "holiday, make_up or weekend"


def _dates(year: int) -> Iterable[dt.date]:
    first = dt.date(year, 1, 1).toordinal()
    return (dt.date.fromordinal(ordinal) for ordinal in range(first, dt.date(year + 1, 1, 1).toordinal()))
