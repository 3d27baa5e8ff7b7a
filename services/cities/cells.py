"""From a cell of a CSV file to a value: one reader per type, each with the words for what it expects; and back."""

import re
import types
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from math import isfinite
from typing import Any, Union, get_args, get_origin

from services.cities.rows import StoryStep
from services.cities.story import EXPECTED_STORY, parse_story, write_story

Reader = Callable[[str], Any]
UNUSABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def _text(text: str) -> str:
    """Signs that the database, a file or a page could not hold are refused; a line break may stand in a standard."""
    if UNUSABLE.search(text):
        raise ValueError(text)
    return text


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ValueError(text)
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value


def _amount(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or value < 0:
        raise ValueError(text)
    return value


def _yes_no(text: str) -> bool:
    return {"1": True, "0": False}[text]


def _day(text: str) -> date:
    if len(text) != 10:  # fromisoformat also takes 20261122 and 2026-W47
        raise ValueError(text)
    return date.fromisoformat(text)


READERS: Mapping[Any, tuple[Reader, str]] = {
    str: (_text, "some text"),
    int: (_whole, "a whole number"),
    float: (_number, "a number"),
    Decimal: (_amount, "a number, 0 or more"),
    bool: (_yes_no, "1 or 0"),
    date: (_day, "a day such as 2026-11-22"),
    tuple[StoryStep, ...]: (parse_story, EXPECTED_STORY),
}


@cache
def reader_of(kind: Any) -> tuple[Reader, str]:
    """The reader of a field's type, and what it expects. The reader raises ValueError or KeyError."""
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(part for part in get_args(kind) if part is not type(None))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind, ", ".join(kind)
    return READERS[kind]


def cell_of(value: Any) -> str:
    """What a file says for a value; nothing for None."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if value is None:
        return ""
    if kind is bool:
        return "1" if value else "0"
    if isinstance(value, StrEnum):
        return value.value
    if kind is tuple:
        return write_story(value)
    return f"{value.normalize():f}" if kind is Decimal else str(value).removesuffix(".0")
