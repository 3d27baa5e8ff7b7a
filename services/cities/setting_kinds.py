"""What a value of the rules may be: whether it fits, and in words what would.

A number that is not whole may be text too: so the database keeps it, and an old version of the rules comes back so.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models.deadlines import Limit
from models.errors import WrongValue

TEN_YEARS = Decimal(3660)
"""Days; of hours 24 times as many. A deadline farther off is a slip, and a calendar ends."""
LONG = 60
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")


@dataclass(frozen=True)
class Kind:
    """One kind of value. `expected` is translated where it is shown (runtime/expectations.py)."""

    expected: str
    fits: Callable[[Any], bool]


def whole(low: int, high: int) -> Kind:
    """A whole number; `true` is none."""
    return Kind(f"a whole number from {low} to {high}", lambda one: type(one) is int and low <= one <= high)


def number(low: float, high: float) -> Kind:
    """Any number but NaN and infinity."""
    return Kind(
        f"a number from {low} to {high}", lambda one: (found := _number(one)) is not None and low <= found <= high
    )


def _number(written: Any) -> float | None:
    if isinstance(written, str):
        return float(written) if _DECIMAL.fullmatch(written) else None
    if type(written) is int or (type(written) is float and math.isfinite(written)):
        return min(max(written, -1e12), 1e12)
    return None


def one_of(words: Iterable[str]) -> Kind:
    """One of these words."""
    known = tuple(words)
    return Kind(f"one of: {', '.join(known)}", lambda one: isinstance(one, str) and one in known)


def some_of(words: Iterable[str]) -> Kind:
    """A list of some of these words, or of none."""
    known = tuple(words)
    return Kind(f"a list of some of: {', '.join(known)}", lambda one: _is_list(one) and all(x in known for x in one))


def days_of_a_month(one: Any) -> bool:
    """Whether it is a list of days that every month has."""
    return isinstance(one, list) and bool(one) and all(type(day) is int and 1 <= day <= 28 for day in one)


def _is_list(one: Any) -> bool:
    return isinstance(one, list) and all(isinstance(part, str) and part for part in one)


def _limit(written: Any, *, least: Decimal) -> bool:
    try:
        limit = Limit.parse(written) if isinstance(written, str) else None
    except WrongValue:
        return False
    return limit is not None and least <= limit.amount <= TEN_YEARS * (1 if limit.clock.counts_days else 24)


FLAG = Kind("true or false", lambda one: isinstance(one, bool))
TEXT = Kind("a text that is not empty", lambda one: isinstance(one, str) and bool(one.strip()))
CLOCK = Kind("a time such as 21:30", lambda one: isinstance(one, str) and bool(_CLOCK.fullmatch(one)))
LIMIT = Kind(
    "a limit above 0, at most ten years, such as “3 working_days” or “24 natural_hours”",
    lambda one: _limit(one, least=Decimal("0.001")),
)
OFFSET = Kind(
    "a limit of at most ten years, such as “3 working_days” or “24 natural_hours”",
    lambda one: _limit(one, least=Decimal(0)),
)
LIST = Kind("a list of texts", _is_list)
SOME = Kind("a list of at least one text", lambda one: _is_list(one) and bool(one))
TABLE = Kind("a table", lambda one: isinstance(one, Mapping))
TABLES = Kind("a list of tables", lambda one: isinstance(one, list) and all(isinstance(row, Mapping) for row in one))
DAYS = Kind("a list of days from 1 to 28", days_of_a_month)


def shown(value: Any) -> str:
    """A value as its file writes it, more or less, short and without what no screen shows."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return _short(f"[{', '.join(map(shown, value[:LONG]))}]")
    if isinstance(value, Mapping):
        return _short(f"{{{', '.join(f'{name} = {shown(one)}' for name, one in value.items())}}}")
    return _short(str(value))


def _short(text: str) -> str:
    clean = "".join(sign if sign.isprintable() else "\ufffd" for sign in text[: LONG + 1])
    return clean if len(clean) <= LONG else f"{clean[: LONG - 1]}…"
