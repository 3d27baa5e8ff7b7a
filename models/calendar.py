"""The working calendar of a city: which days count, which hours of them, and how sure we are.

Working time is one number line: microseconds of open spans since day one. A moment has a place on it (`worked`), and a
place has a moment (`moment_after`). Both are lookups in tables made once per calendar, because a sweep asks for
100,000 issues at a time. Days that the table does not hold follow the weekday rule, so any year has an answer.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate, pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pendulum

from models.day_table import DayTable
from models.errors import WrongValue

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 1440 * MINUTE


class DayKind(StrEnum):
    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"


WORKED = frozenset({DayKind.WORKDAY, DayKind.MAKE_UP})


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of working hours, local time, the end included."""

    start: dt.time
    end: dt.time


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day: its kind, why, and whether a notice says so (`published`) or only the rule of thumb."""

    date: dt.date
    kind: DayKind
    name: str = ""
    source: str = ""
    published: bool = False


@dataclass(frozen=True, eq=False)
class Calendar:
    """Never changed once made: a notice makes the next version. Raises WrongValue when the spans make no day."""

    version: int
    timezone: str
    spans: Sequence[Span]
    days: Mapping[dt.date, CalendarDay]
    day_length: int = field(init=False, repr=False)
    """Working time of a working day, microseconds."""
    zone: ZoneInfo = field(init=False, repr=False)
    _table: DayTable = field(init=False, repr=False)
    _hours: tuple[tuple[int, int, int], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        hours = _hours(self.spans)
        made = {
            "spans": tuple(self.spans),
            "days": MappingProxyType(dict(self.days)),
            "day_length": sum(close - opened for opened, close, _ in hours),
            "zone": ZoneInfo(self.timezone),
            "_table": _day_table(self.days),
            "_hours": hours,
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)

    # Days

    def day(self, date: dt.date) -> CalendarDay:
        """The day as the table has it, else by the weekday rule and not published."""
        return self.days.get(date) or CalendarDay(date=date, kind=weekday_kind(date))

    def is_workday(self, date: dt.date) -> bool:
        return self.day(date).kind in WORKED

    def workday_after(self, date: dt.date, *, count: int) -> dt.date:
        """The `count`-th working day after `date`, which itself is not counted."""
        return dt.date.fromordinal(self._table.workday(self._table.workdays_before(date.toordinal() + 1) + count - 1))

    @property
    def published_until(self) -> dt.date | None:
        """The last date up to which every day is published; None when the table does not even start so."""
        last = self._table.published_until
        return dt.date.fromordinal(last) if last else None

    def is_published(self, first: dt.date, last: dt.date) -> bool:
        """Whether every day from `first` to `last`, both included, is published. True for no day at all."""
        return self._table.all_published(first.toordinal(), last.toordinal())

    # Moments

    def local(self, at: dt.datetime) -> dt.datetime:
        """The same moment on the wall clock of the city."""
        if at.tzinfo is None:
            raise ValueError(f"{at} has no time zone")
        # A plain datetime first: pendulum converts thirty times slower, and a sweep does this for every issue.
        plain = dt.datetime(
            at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, at.tzinfo, fold=at.fold
        )
        return plain.astimezone(self.zone)

    def moment(self, date: dt.date, *, since_midnight: int) -> pendulum.DateTime:
        """A wall-clock time of a day as UTC; microseconds since midnight."""
        midnight = dt.datetime(date.year, date.month, date.day, tzinfo=self.zone)
        return utc((midnight + dt.timedelta(microseconds=since_midnight)).astimezone(dt.UTC))

    def close_of_business(self, date: dt.date) -> pendulum.DateTime:
        """When the last span of the day ends, as UTC, whether or not the day is worked."""
        return self.moment(date, since_midnight=self._hours[-1][1])

    # Working time

    def worked(self, at: dt.datetime) -> int:
        """The place of a moment on the line of working time, microseconds. Moments outside working time share one."""
        local = self.local(at)
        whole = self._table.workdays_before(local.toordinal()) * self.day_length
        if not self.is_workday(local.date()):
            return whole
        wall = _since_midnight(local)
        return whole + sum(min(max(wall - opened, 0), close - opened) for opened, close, _ in self._hours)

    def is_open(self, at: dt.datetime) -> bool:
        """Whether a moment lies in working time; both ends of a span do."""
        local = self.local(at)
        wall = _since_midnight(local)
        return any(opened <= wall <= close for opened, close, _ in self._hours) and self.is_workday(local.date())

    def moment_after(self, worked: int) -> pendulum.DateTime:
        """The first moment at which `worked` is reached: the end of a span rather than the start of the next."""
        days, rest = divmod(worked - 1, self.day_length)
        opened, _, before = next(hours for hours in reversed(self._hours) if hours[2] <= rest)
        return self.moment(self._workday(days), since_midnight=opened + rest + 1 - before)

    def moment_going_on(self, worked: int) -> pendulum.DateTime:
        """The last moment of `worked`: the start of a span rather than the end of the one before."""
        days, rest = divmod(worked, self.day_length)
        opened, _, before = next(hours for hours in reversed(self._hours) if hours[2] <= rest)
        return self.moment(self._workday(days), since_midnight=opened + rest - before)

    def _workday(self, index: int) -> dt.date:
        return dt.date.fromordinal(self._table.workday(index))


def utc(at: dt.datetime) -> pendulum.DateTime:
    """A UTC datetime as pendulum's; its own conversion takes ten times as long."""
    return pendulum.DateTime(
        at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, tzinfo=pendulum.UTC
    )


def weekday_kind(date: dt.date) -> DayKind:
    """What a day is when nobody has said anything about it."""
    return DayKind.WORKDAY if date.weekday() < 5 else DayKind.WEEKEND


def _since_midnight(local: dt.datetime | dt.time) -> int:
    return ((local.hour * 60 + local.minute) * 60 + local.second) * SECOND + local.microsecond


def _hours(spans: Sequence[Span]) -> tuple[tuple[int, int, int], ...]:
    """Per span: opening, closing, and the working time of the day before it; microseconds."""
    edges = [_since_midnight(edge) for span in spans for edge in (span.start, span.end)]
    if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
        shown = ", ".join(f"{span.start:%H:%M}–{span.end:%H:%M}" for span in spans)
        raise WrongValue(field="spans", value=shown, expected="working hours in order, without overlap")
    opens, closes = edges[::2], edges[1::2]
    before = accumulate((close - opened for opened, close in zip(opens, closes, strict=True)), initial=0)
    return tuple(zip(opens, closes, before, strict=False))


def _day_table(days: Mapping[dt.date, CalendarDay]) -> DayTable:
    first = min(days).toordinal() if days else 1
    end = max(days).toordinal() + 1 if days else 1
    dates = [dt.date.fromordinal(ordinal) for ordinal in range(first, end)]
    table = [days.get(date) or CalendarDay(date=date, kind=weekday_kind(date)) for date in dates]
    return DayTable.of(first, worked=[day.kind in WORKED for day in table], published=[day.published for day in table])
