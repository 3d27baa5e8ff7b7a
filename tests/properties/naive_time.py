"""Working time counted the slow way: opening after opening, day after day. Knows nothing of models/.

A deadline falls at the end of an opening rather than at the start of the next. Source: domain 6 and 9b.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

ONE_DAY = dt.timedelta(days=1)
TICK = dt.timedelta(microseconds=1)
HOUR = 3_600_000_000
Opening = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True)
class Office:
    """When a city works: its hours as local times, and which days. Amounts of time are whole microseconds."""

    zone: ZoneInfo
    hours: tuple[tuple[dt.time, dt.time], ...]
    works_on: Callable[[dt.date], bool]
    published: Callable[[dt.date], bool]

    def openings(self, date: dt.date) -> list[Opening]:
        if not self.works_on(date):
            return []
        return [tuple(dt.datetime.combine(date, edge, self.zone) for edge in pair) for pair in self.hours]

    @property
    def day(self) -> int:
        """The working time of a working day."""
        some = dt.date(2026, 1, 1)
        ends = ((dt.datetime.combine(some, start), dt.datetime.combine(some, end)) for start, end in self.hours)
        return sum((end - start) // TICK for start, end in ends)

    def local(self, at: dt.datetime) -> dt.datetime:
        return at.astimezone(self.zone)

    def days_from(self, date: dt.date, step: int = 1) -> Iterator[dt.date]:
        while True:
            yield date
            date += step * ONE_DAY


def add(office: Office, at: dt.datetime, amount: int, clock: str) -> dt.datetime:
    """So much time of the clock later; earlier where negative."""
    if clock.startswith("natural"):
        return at + amount * TICK
    local = office.local(at)
    if amount < 0:
        return _back(office, local, -amount)
    if amount == 0:
        return _open_from(office, local)
    for date in office.days_from(local.date()):
        for start, end in office.openings(date):
            left = (end - max(start, local)) // TICK
            if left > 0 and amount <= left:
                return max(start, local) + amount * TICK
            amount -= max(left, 0)
    raise AssertionError


def _back(office: Office, local: dt.datetime, amount: int) -> dt.datetime:
    for date in office.days_from(local.date(), -1):
        for start, end in reversed(office.openings(date)):
            there = (min(end, local) - start) // TICK
            if there > 0 and amount < there:
                return min(end, local) - amount * TICK
            amount -= max(there, 0)
    raise AssertionError


def _open_from(office: Office, local: dt.datetime) -> dt.datetime:
    for date in office.days_from(local.date()):
        for start, end in office.openings(date):
            if local <= end:
                return max(start, local)
    raise AssertionError


def between(office: Office, start: dt.datetime, end: dt.datetime, clock: str) -> int:
    """Time of the clock from start to end; negative where the end is first."""
    if end < start:
        return -between(office, end, start, clock)
    if clock.startswith("natural"):
        return (end.astimezone(dt.UTC) - start.astimezone(dt.UTC)) // TICK
    first, last = office.local(start), office.local(end)
    days = [first.date() + n * ONE_DAY for n in range((last.date() - first.date()).days + 1)]
    pieces = (min(closes, last) - max(opens, first) for date in days for opens, closes in office.openings(date))
    return sum(max(piece // TICK, 0) for piece in pieces)


def due(office: Office, start: dt.datetime, amount: Fraction, clock: str) -> dt.datetime:
    """When a limit ends: days are counted from the day after, and cut at close of business (23:59:59 where all days
    count); a part of a day is that share of its time.
    """
    if clock.endswith("hours"):
        return add(office, start, round(amount * HOUR), clock)
    whole, end = int(amount), start
    part = round((amount - whole) * (office.day if clock == "working_days" else 24 * HOUR))
    if whole and clock == "working_days":
        days = (date for date in office.days_from(office.local(start).date() + ONE_DAY) if office.works_on(date))
        for _ in range(whole):
            last = next(days)
        end = office.openings(last)[-1][1]
    elif whole:
        last = office.local(start).date() + whole * ONE_DAY
        end = dt.datetime.combine(last, dt.time(23, 59, 59), office.zone)
    return add(office, end, part, clock)


def is_provisional(office: Office, start: dt.datetime, end: dt.datetime, amount: Fraction, clock: str) -> bool:
    """Whether a day that counts, or might have, rests on no notice. The day of issue of whole days does not count."""
    if clock.startswith("natural"):
        return False
    first, last = office.local(start).date(), office.local(end).date()
    first += ONE_DAY if clock == "working_days" and amount >= 1 else 0 * ONE_DAY
    return any(not office.published(first + n * ONE_DAY) for n in range((last - first).days + 1))
