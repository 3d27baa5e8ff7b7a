"""Counting working days without walking over them: tables for the days known, the weekday rule before and after.

Days are ordinals, as Python counts them from 0001-01-01.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Self


@dataclass(frozen=True, slots=True)
class DayTable:
    """Running counts over the days from `first` up to, not including, `end`."""

    first: int
    end: int
    workdays: Sequence[int]
    """The working days in the table."""
    before: Sequence[int]
    """Per day, and once more for the end: working days since day one."""
    published: Sequence[int]
    """Per day, and once more for the end: published days in the table so far."""

    @classmethod
    def of(cls, first: int, *, worked: Sequence[bool], published: Sequence[bool]) -> Self:
        """The table of consecutive days from `first` on."""
        return cls(
            first=first,
            end=first + len(worked),
            workdays=[first + index for index, works in enumerate(worked) if works],
            before=list(accumulate(worked, initial=_weekdays_before(first))),
            published=list(accumulate(published, initial=0)),
        )

    def workdays_before(self, ordinal: int) -> int:
        """Working days before a day, since day one."""
        if ordinal < self.first:
            return _weekdays_before(ordinal)
        if ordinal <= self.end:
            return self.before[ordinal - self.first]
        return self.before[-1] + _weekdays_before(ordinal) - _weekdays_before(self.end)

    def workday(self, index: int) -> int:
        """The working day that has `index` working days before it."""
        if index < self.before[0]:
            return _weekday(index)
        if index < self.before[-1]:
            return self.workdays[index - self.before[0]]
        return _weekday(index - self.before[-1] + _weekdays_before(self.end))

    def all_published(self, first: int, last: int) -> bool:
        """Whether every day from first to last is; days outside the table are not."""
        if first > last:
            return True
        inside = self.first <= first and last < self.end
        return inside and self.published[last + 1 - self.first] - self.published[first - self.first] == last + 1 - first

    @property
    def published_until(self) -> int | None:
        """The last day before the first unpublished one."""
        # The count of published days keeps step with the days until the first gap.
        behind = [index - count for index, count in enumerate(self.published)]
        run = bisect_right(behind, 0) - 1
        return self.first + run - 1 if run else None


def _weekdays_before(ordinal: int) -> int:
    # Day one, 0001-01-01, is a Monday.
    weeks, days = divmod(ordinal - 1, 7)
    return weeks * 5 + min(days, 5)


def _weekday(index: int) -> int:
    weeks, days = divmod(index, 5)
    return weeks * 7 + days + 1
