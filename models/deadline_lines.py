"""A deadline told day by day: which days counted, which did not, and why."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from models.calendar import MINUTE, SECOND, Calendar, DayKind
from models.deadlines import ClockType, day_length, elapsed

Pause = tuple[dt.datetime, dt.datetime]
"""From when to when an issue was shelved."""


class DayNote(StrEnum):
    """Why a day counted as it did. make_up counts in full: a weekend day that is worked."""

    COUNTED = "counted"
    NOT_COUNTED_ISSUE_DAY = "not_counted_issue_day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    SHELVED = "shelved"


@dataclass(frozen=True, slots=True)
class DayLine:
    """One local day of a deadline; `counted` in minutes of its clock, `provisional` when no notice says so yet."""

    date: dt.date
    kind: DayKind
    counted: float
    note: DayNote
    name: str
    provisional: bool


def explain(
    calendar: Calendar, *, start: dt.datetime, due_at: dt.datetime, clock: ClockType, pauses: Sequence[Pause] = ()
) -> tuple[DayLine, ...]:
    """Every local day from start to deadline, both included.

    The day of issue shows as not counted when the limit has whole days. That is read from the deadline itself: the time
    it leaves, shelved time taken off, is then a day at least. Source: design 5.
    """
    first, last = calendar.local(start).date(), calendar.local(due_at).date()
    end = _end_that_counts(calendar, due_at, clock)
    dates = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    lines = [_line(calendar, date, (start, end), clock, pauses) for date in dates]
    whole_day = day_length(calendar, clock) / MINUTE
    if lines and clock.counts_days and round(sum(line.counted for line in lines), 6) >= whole_day:
        lines[0] = replace(lines[0], counted=0, note=_note_of_issue_day(lines[0]))
    return tuple(lines)


def _end_that_counts(calendar: Calendar, due_at: dt.datetime, clock: ClockType) -> dt.datetime:
    """A natural day is cut at 23:59:59 to be read as that day; for counting, its last second is part of it."""
    cut = clock == ClockType.NATURAL_DAYS and calendar.local(due_at).time() == dt.time(23, 59, 59)
    return due_at + dt.timedelta(microseconds=SECOND) if cut else due_at


def _line(calendar: Calendar, date: dt.date, run: Pause, clock: ClockType, pauses: Sequence[Pause]) -> DayLine:
    day = calendar.day(date)
    midnights = calendar.moment(date, since_midnight=0), calendar.moment(date + dt.timedelta(days=1), since_midnight=0)
    today = _overlap(run, midnights)
    shelved = _time(calendar, (_overlap(today, pause) for pause in pauses), clock)
    return DayLine(
        date=date,
        kind=day.kind,
        counted=(_time(calendar, [today], clock) - shelved) / MINUTE,
        note=_note(day.kind, clock, shelved=shelved),
        name=day.name,
        provisional=clock.is_working and not day.published,
    )


def _overlap(one: Pause, other: Pause) -> Pause:
    return max(one[0], other[0]), min(one[1], other[1])


def _time(calendar: Calendar, stretches: Iterable[Pause], clock: ClockType) -> int:
    return sum(elapsed(calendar, start=start, end=end, clock=clock) for start, end in stretches if start < end)


def _note(kind: DayKind, clock: ClockType, *, shelved: int) -> DayNote:
    if shelved:
        return DayNote.SHELVED
    if not clock.is_working or kind == DayKind.WORKDAY:
        return DayNote.COUNTED
    return DayNote(kind)


def _note_of_issue_day(line: DayLine) -> DayNote:
    # An issue of a Sunday: that it is a Sunday says more.
    off = line.note in {DayNote.WEEKEND, DayNote.HOLIDAY}
    return line.note if off else DayNote.NOT_COUNTED_ISSUE_DAY
