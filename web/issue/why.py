"""Why this date: the days of a deadline, put together where several in a row counted alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from models import terms
from models.deadline_lines import DayLine, DayNote
from runtime.i18n import gettext as _
from web.issue.words import word


@dataclass(frozen=True)
class Days:
    """Days in a row that counted alike. `hours`: counted in all of them together."""

    first: date
    last: date
    note: str
    name: str
    hours: float
    provisional: bool


def days(lines: Sequence[DayLine]) -> list[Days]:
    """The days of a deadline; weekends stay apart, as one looks for them."""
    return [_days(list(group)) for _alike, group in groupby(lines, key=_alike)]


def _alike(line: DayLine) -> tuple[object, ...]:
    return line.note, line.name, line.counted, line.provisional


def _days(lines: list[DayLine]) -> Days:
    first = lines[0]
    hours = sum(line.counted for line in lines) / 60
    return Days(first.date, lines[-1].date, _note(first.note), first.name, hours, first.provisional)


def _note(note: DayNote) -> str:
    own = {
        DayNote.COUNTED: _("counted"),
        DayNote.NOT_COUNTED_ISSUE_DAY: _("not counted: day of issue"),
        DayNote.SHELVED: _("shelved"),
    }
    return own.get(note) or word(terms.DAYS, note)


def total(lines: Iterable[DayLine]) -> float:
    """Hours counted in all."""
    return sum(line.counted for line in lines) / 60
