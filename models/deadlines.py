"""When something is due: four clocks over one calendar.

Convention: a deadline falls at the end of a span, never outside working time; a start outside working time waits for
the next opening. Both are the same place on the line of working time, so no minute is lost or won between them.
Source: design 5, domain 6 and 9b.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Self

import pendulum

from models.calendar import DAY, MINUTE, SECOND, Calendar, utc
from models.errors import WrongValue


class ClockType(StrEnum):
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    NATURAL_DAYS = "natural_days"
    NATURAL_HOURS = "natural_hours"

    @property
    def is_working(self) -> bool:
        """Whether only working time counts."""
        return self in _WORKING

    @property
    def counts_days(self) -> bool:
        """Whether whole days are counted, from the day after the issue."""
        return self in _BY_DAY


_WORKING = frozenset({ClockType.WORKING_HOURS, ClockType.WORKING_DAYS})
_BY_DAY = frozenset({ClockType.WORKING_DAYS, ClockType.NATURAL_DAYS})
_WRITTEN = re.compile(r"(\d{1,6}(?:\.\d{1,6})?) (" + "|".join(ClockType) + ")")
_MOST = 100_000
_LAST_SECOND = DAY - SECOND
_TICK = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many hours or days of a clock. Raises WrongValue below 0 or above 100000."""

    amount: Decimal
    clock: ClockType

    def __post_init__(self) -> None:
        if not (self.amount.is_finite() and 0 <= self.amount <= _MOST):
            raise WrongValue(field="limit", value=self.amount, expected=f"a number from 0 to {_MOST}")

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read “3 working_days” or “0.5 natural_hours”. Raises WrongValue."""
        found = _WRITTEN.fullmatch(written.strip())
        if found is None:
            raise WrongValue(field="limit", value=written, expected="such as “3 working_days” or “24 natural_hours”")
        return cls(amount=Decimal(found[1]), clock=ClockType(found[2]))

    def __str__(self) -> str:
        return f"{self.amount.normalize():f} {self.clock}"

    def scaled(self, factor: Decimal | float) -> "Limit":
        """The limit times a factor: a failed check restarts at half."""
        return Limit(amount=self.amount * Decimal(str(factor)), clock=self.clock)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline (UTC), and whether it rests on days that no notice has published."""

    at: pendulum.DateTime
    provisional: bool


KEPT = 4096
"""Answers kept: deadlines fall at the close of a day, so thousands of issues of a sweep ask for the same few."""


@lru_cache(maxsize=KEPT)
def due(calendar: Calendar, *, start: dt.datetime, limit: Limit) -> Due:
    """The deadline of a limit that starts now.

    - working_days: the day of issue is not counted; cut at close of business of the last day.
    - natural_days: the same, over every day, cut at 23:59:59 local time.
    - Part of a day is that share of a day's working time (or of 24 hours) after the whole days.
    - working_hours run inside the working spans only, natural_hours round the clock.

    Source: domain 6 (issued Tue 2026-09-29: 3 working days → 10-09, 3 natural days → 10-02).
    """
    if limit.clock.counts_days:
        at = _after_days(calendar, start, limit)
    else:
        at = add_time(calendar, at=start, minutes=limit.amount * 60, clock=limit.clock)
    return Due(at=at, provisional=_is_provisional(calendar, start, at, limit))


def _after_days(calendar: Calendar, start: dt.datetime, limit: Limit) -> pendulum.DateTime:
    whole = int(limit.amount)
    rest = (limit.amount - whole) * day_length(calendar, limit.clock) / MINUTE
    if whole == 0:
        return add_time(calendar, at=start, minutes=rest, clock=limit.clock)
    at = _end_of_day(calendar, calendar.local(start).date(), limit.clock, days=whole)
    return add_time(calendar, at=at, minutes=rest, clock=limit.clock)


def _end_of_day(calendar: Calendar, issued: dt.date, clock: ClockType, *, days: int) -> pendulum.DateTime:
    if clock.is_working:
        return calendar.close_of_business(calendar.workday_after(issued, count=days))
    return calendar.moment(issued + dt.timedelta(days=days), since_midnight=_LAST_SECOND)


def _is_provisional(calendar: Calendar, start: dt.datetime, at: dt.datetime, limit: Limit) -> bool:
    if not limit.clock.is_working:
        return False
    # Whether the day of issue is worked does not matter when it is not counted.
    uncounted = limit.clock.counts_days and limit.amount >= 1
    first = calendar.local(start).date() + dt.timedelta(days=uncounted)
    return not calendar.is_published(first, calendar.local(at).date())


def add_time(calendar: Calendar, *, at: dt.datetime, minutes: Decimal | float, clock: ClockType) -> pendulum.DateTime:
    """The moment so many minutes of the clock later (earlier when negative), UTC, to the microsecond.

    For the working clocks these are minutes of working time. No minutes at all: `at` itself, or the next opening.
    """
    added = round(minutes * MINUTE)
    if not clock.is_working:
        return utc(calendar.local(at).astimezone(dt.UTC) + dt.timedelta(microseconds=added))
    if added:
        return calendar.moment_after(calendar.worked(at) + added)
    if calendar.is_open(at):
        return utc(calendar.local(at).astimezone(dt.UTC))
    return calendar.moment_going_on(calendar.worked(at))


def time_between(calendar: Calendar, *, start: dt.datetime, end: dt.datetime, clock: ClockType) -> float:
    """Minutes of the clock from start to end, negative when the end is first: what `add_time` would have to add."""
    return elapsed(calendar, start=start, end=end, clock=clock) / MINUTE


def elapsed(calendar: Calendar, *, start: dt.datetime, end: dt.datetime, clock: ClockType) -> int:
    """The same in microseconds, exact."""
    if clock.is_working:
        return calendar.worked(end) - calendar.worked(start)
    return (calendar.local(end).astimezone(dt.UTC) - calendar.local(start).astimezone(dt.UTC)) // _TICK


@lru_cache(maxsize=KEPT)
def share_point(
    calendar: Calendar, *, start: dt.datetime, due_at: dt.datetime, share: Decimal | float, clock: ClockType
) -> pendulum.DateTime:
    """When a share of the time between start and deadline is used up, such as 0.7 for the warning."""
    total = elapsed(calendar, start=start, end=due_at, clock=clock)
    return add_time(calendar, at=start, minutes=total * float(share) / MINUTE, clock=clock)


def day_length(calendar: Calendar, clock: ClockType) -> int:
    """One day of the clock, microseconds."""
    return calendar.day_length if clock.is_working else DAY
