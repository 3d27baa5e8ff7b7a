"""The state of reading one sheet: what the parser meets becomes rows of values."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from openpyxl.utils.datetime import from_excel, from_ISO8601

from services.exports.sheet import unescape

MOST_COLUMNS = 200
LAST_ROW = 1_048_576
MOST_MERGED = 200_000
LONGEST = 40_000
"""Characters kept of one cell: the format allows 32,767."""
NOT_COMPUTED = "="
DIGITS = "0123456789"


class FormulaError(str):
    """What stands in a cell whose formula failed, such as #REF!, or = where it was never computed."""


@dataclass(frozen=True)
class Row:
    """A row with something in it. A value in any column behind the 200th stands at place 200."""

    number: int
    values: dict[int, Any]


@dataclass(frozen=True)
class Formats:
    """Styles, by their number as it is written, whose numbers are dates or lengths of time."""

    dates: frozenset[str]
    lengths: frozenset[str]


@dataclass
class Strings:
    """The texts that a workbook keeps once for all its sheets. Blank ones are None."""

    strings: list[str | None] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _reads: bool = False
    _phonetic: bool = False

    def start(self, name: str, _: Any) -> None:
        name = name.rpartition(":")[2]
        if name == "t":
            self._reads = not self._phonetic
        elif name == "rPh":
            self._phonetic = True

    def text(self, text: str) -> None:
        if self._reads:
            self._parts.append(text)

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "t":
            self._reads = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            self.strings.append(shown("".join(self._parts)))
            self._parts.clear()


def shown(text: str) -> str | None:
    """A text as it was typed, at most 40,000 characters of it; None for a blank one."""
    return unescape(text[:LONGEST]) if text and not text.isspace() else None


@cache
def column_of(letters: str) -> int:
    """A column's place: A is 0. Raises ValueError for what is none."""
    if not 1 <= len(letters) <= 3 or not (letters.isascii() and letters.isalpha()):
        raise ValueError(f"column {letters[:9]}")
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
    return place - 1


class Rows:
    """Rows as the parser meets them; those that are complete wait in `finished`."""

    def __init__(self, strings: list[str | None], formats: Formats, epoch: datetime, merged: list[str]) -> None:
        self.finished: list[Row] = []
        self._strings, self._formats, self._epoch, self._merged = strings, formats, epoch, merged
        self._row, self._column = 0, -1
        self._values: dict[int, Any] = {}
        self._given: dict[str, str] = {}
        self._formula = self._reads = self._phonetic = False
        self._parts: list[str] = []
        self._length = 0

    def start(self, name: str, given: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            reference = given.get("r")
            self._column = column_of(reference.rstrip(DIGITS)) if reference else self._column + 1
            self._given = given
            self._formula = False
        elif name == "v" or name == "t":
            self._reads = not self._phonetic
        elif name == "row":
            self._begin(given.get("r"))
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._phonetic = True
        elif name == "mergeCell":
            self._merge(given["ref"])

    def text(self, text: str) -> None:
        if self._reads and self._length <= LONGEST:
            self._parts.append(text)
            self._length += len(text)

    def end(self, name: str) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self._finish_cell()
        elif name == "v" or name == "t":
            self._reads = False
        elif name == "row" and self._values:
            self.finished.append(Row(self._row, self._values))
        elif name == "rPh":
            self._phonetic = False

    def _begin(self, number: str | None) -> None:
        following = int(float(number)) if number else self._row + 1
        if not self._row < following <= LAST_ROW:
            raise ValueError(f"row {following} after row {self._row}")
        self._row, self._column, self._values = following, -1, {}

    def _merge(self, reference: str) -> None:
        if len(self._merged) >= MOST_MERGED:
            raise ValueError("too many merged cells")
        self._merged.append(reference)

    def _finish_cell(self) -> None:
        written = self._parts[0] if len(self._parts) == 1 else "".join(self._parts)
        if self._parts:
            self._parts.clear()
            self._length = 0
        value = self._value(written, self._given.get("t", "n"))
        if value is not None:
            self._values[min(self._column, MOST_COLUMNS)] = value

    def _value(self, written: str, kind: str) -> Any:
        if kind == "s":
            return self._strings[int(written)] if written else None
        if kind in ("str", "inlineStr"):
            return shown(written)
        if not written:
            return FormulaError(NOT_COMPUTED) if self._formula else None
        if kind == "n":
            return self._number(written)
        if kind == "b":
            return written in ("1", "true")
        return FormulaError(written) if kind == "e" else from_ISO8601(written)  # type: ignore[no-untyped-call]

    def _number(self, written: str) -> Any:
        number = int(written) if written.isdigit() else float(written)
        style = self._given.get("s", "0")
        if style not in self._formats.dates:
            return number
        try:
            return from_excel(number, self._epoch, timedelta=style in self._formats.lengths)
        except (OverflowError, ValueError):
            return FormulaError("#VALUE!")  # a number that is no date, shown as ##### there
