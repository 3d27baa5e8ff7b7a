"""Dates, times and limits as people type them."""

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from models.deadlines import Limit
from models.errors import WrongValue
from services.exports.words import ALSO, CLOCKS
from services.imports.cells import YEAR_FIRST, YEAR_LAST, NotThat, folded, text

A_TIME = "a date and time such as 2026-11-20 09:30"
A_LIMIT = "a limit such as 3工作日 or 24 natural_hours"
MORNING = "上午"
_DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:\s*\((?:星期|周).\))?"
_SET_APART = r"(?:[ T]+|(?<=[日号)])|(?=[上下]午))"
_OF_DAY = r"(上午|下午)?\s*(\d{1,2})[:时点](?:(\d{1,2})(?:[:分](?:(\d{1,2})秒?)?)?)?"
_TIME = re.compile(f"{_DAY}(?:{_SET_APART}{_OF_DAY})?")
"""2026-11-20 09:30, 2026/11/20, 2026年11月20日 下午3点, 2026年11月20日9时30分."""
_LIMIT = re.compile(r"(\d+(?:\.\d+)?)\s*个?\s*(\S+)")
_CLOCK_WORDS = {
    **{said: clock for said, clock in ALSO.items() if clock in set(CLOCKS)},
    **{str(clock): str(clock) for clock in CLOCKS},
    **{words: str(clock) for clock, words in CLOCKS.items()},
}


def local_time(cell: Any) -> datetime:
    """A date, or date and time, on the wall clock of the city; without a zone, whole seconds."""
    at = _written_time(cell)
    if not YEAR_FIRST <= at.year <= YEAR_LAST:
        raise NotThat(A_TIME)
    return at.replace(microsecond=0, tzinfo=None)


def _written_time(cell: Any) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    found = _TIME.fullmatch(folded(cell)) if isinstance(cell, str) else None
    if not found:
        raise NotThat(A_TIME)
    year, month, day, half, hour, minute, second = found.groups()
    try:
        on = date(int(year), int(month), int(day))
        return datetime.combine(on, time(_hour(half, int(hour or 0)), int(minute or 0), int(second or 0)))
    except ValueError:
        raise NotThat(A_TIME) from None


def _hour(half: str | None, hour: int) -> int:
    """An hour of the day, where 上午 or 下午 may say which half: 下午3 is 15, 上午12 is 0."""
    if half is None:
        return hour
    if hour > 12 and half == MORNING:
        raise ValueError(hour)
    return hour if hour > 12 else hour % 12 + (0 if half == MORNING else 12)


def limit(cell: Any) -> str:
    """A limit with its clock, as the rules write it: “3 working_days”."""
    return _limit(folded(text(cell)))


@lru_cache(maxsize=256)
def _limit(written: str) -> str:
    found = _LIMIT.fullmatch(written)
    clock = _CLOCK_WORDS.get(found[2]) if found else None
    if found is None or clock is None:
        raise NotThat(A_LIMIT)
    try:
        return str(Limit.parse(f"{found[1]} {clock}"))
    except WrongValue:
        raise NotThat(A_LIMIT) from None
