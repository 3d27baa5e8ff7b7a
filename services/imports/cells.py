"""Typed cells: what a clerk wrote, as a value; or what was expected instead.

A reader takes a cell that is not empty and gives a value, or raises NotThat with what was expected.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from models.errors import BadRow
from services.exports.columns import Column
from services.exports.register import Names
from services.exports.words import ALSO, NO, YES
from services.imports.workbook import FormulaError, Line, Table

Reader = Callable[[Any], Any]
LONGEST_SHOWN = 60
YEAR_FIRST, YEAR_LAST = 2000, 2100


class NotThat(Exception):
    """A cell that holds something else. Says what was expected."""

    def __init__(self, expected: str) -> None:
        self.expected = expected
        super().__init__(expected)


@dataclass
class Complaints:
    """Everything wrong with a table, gathered while it is read."""

    table: Table
    columns: Mapping[str, Column]
    found: list[BadRow] = field(default_factory=list)

    def add(self, line: Line, name: str, expected: str, *, value: Any = None) -> None:
        """One thing wrong: in which row and column, what stood there, what was expected."""
        shown = line.cells.get(name, "") if value is None else value
        heading = self.table.heading(self.columns[name])
        self.found.append(BadRow(self.table.sheet, line.row, heading, str(shown)[:LONGEST_SHOWN], expected))


def read_cells(line: Line, readers: Mapping[str, Reader], complaints: Complaints) -> dict[str, Any]:
    """The cells of a row as values; empty and unusable ones are left out, the latter with a complaint."""
    values = {}
    for name, cell in line.cells.items():
        if name not in readers:
            continue
        try:
            if isinstance(cell, FormulaError):
                raise NotThat("a value; the formula in this cell fails or was never worked out")
            values[name] = readers[name](cell)
        except NotThat as error:
            complaints.add(line, name, error.expected)
    return {name: value for name, value in values.items() if value is not None}


def text(cell: Any) -> str:
    """Any text, unchanged; a number as it is written."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)


def folded(written: str) -> str:
    """A text for comparison: full-width digits, letters and signs as ordinary ones, no blanks around."""
    return written.strip() if written.isascii() else unicodedata.normalize("NFKC", written).strip()


def code_text(cell: Any) -> str:
    """A code: a spreadsheet may have made a number of it, but not a date."""
    if isinstance(cell, datetime | date | time):
        raise NotThat("a code as text; Excel has made a date of it")
    return text(cell).strip()


def whole(cell: Any) -> int:
    """A whole number from 0."""
    value = number(cell)
    if value != value.to_integral_value() or not 0 <= value <= 1_000_000:
        raise NotThat("a whole number, 0 or more")
    return int(value)


def number(cell: Any) -> Decimal:
    """A finite number."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal | str):
        raise NotThat("a number")
    try:
        value = Decimal(folded(str(cell)))
    except InvalidOperation:
        raise NotThat("a number") from None
    if not value.is_finite():
        raise NotThat("a number")
    return value


def between(low: float, high: float) -> Reader:
    """A number within bounds, both included, as a float."""

    def read(cell: Any) -> float:
        value = float(number(cell))
        if not low <= value <= high:
            raise NotThat(f"a number from {low:g} to {high:g}")
        return value

    return read


def points_off(cell: Any) -> Decimal:
    """A deduction: 0 to 100."""
    value = number(cell)
    if not 0 <= value <= 100:
        raise NotThat("a deduction from 0 to 100")
    return value


def year(cell: Any) -> int:
    """A year such as 2026, also written 2026年."""
    found = re.fullmatch(r"(\d{4})年?(?:度)?", folded(text(cell)))
    if not found or not YEAR_FIRST <= int(found[1]) <= YEAR_LAST:
        raise NotThat("a year such as 2026")
    return int(found[1])


def one_of(kind: type[StrEnum], words: Mapping[str, str]) -> Reader:
    """A value of an enum, by its Chinese or its English word."""
    return _word_reader({member.value: member for member in kind}, words)


def word_of(words: Mapping[str, str]) -> Reader:
    """A code by its Chinese or its English word."""
    return _word_reader({code: code for code in words}, words)


def _word_reader(meant: Mapping[str, Any], words: Mapping[str, str]) -> Reader:
    also = {said: meant[code] for said, code in ALSO.items() if code in meant}
    known = {**meant, **also, **{shown: meant[str(code)] for code, shown in words.items() if str(code) in meant}}
    expected = "one of: " + ", ".join(words.values())

    def read(cell: Any) -> Any:
        written = code_text(cell)
        for said in (written, folded(written), folded(written).casefold().replace(" ", "_")):
            if said in known:
                return known[said]
        raise NotThat(expected)

    return read


def yes_no(cell: Any) -> bool:
    """是 or 否, yes or no, 1 or 0."""
    written = code_text(cell).casefold()
    if written in (YES, "yes", "1", "true"):
        return True
    if written in (NO, "no", "0", "false"):
        return False
    raise NotThat(f"{YES} or {NO}")


def known(names: Names, what: str) -> Reader:
    """A code or a name that exists, as its code. A number is taken with leading zeros lost."""

    def find(cell: Any) -> str | None:
        written = code_text(cell)
        padded = written.zfill(2) if not isinstance(cell, str) else folded(written)
        return names.find(written) or names.find(padded)

    def read(cell: Any) -> str:
        code = find(cell)
        if code is None:
            raise NotThat(f"the code or the name of {what} that exists, a name only where it is unique")
        return code

    return read


def known_code(codes: Mapping[str, Any], what: str) -> Reader:
    """A code that exists."""

    def read(cell: Any) -> str:
        written = code_text(cell)
        for code in (written, folded(written)):
            if code in codes:
                return code
        raise NotThat(f"the code of {what} that exists")

    return read


def several(reader: Reader) -> Reader:
    """Several values in one cell, one a line or set apart by 、 ； ; or ，."""
    return lambda cell: tuple(reader(part) for part in parts(cell))


def parts(cell: Any) -> Sequence[str]:
    """The pieces of a cell that holds several."""
    return [piece.strip() for piece in re.split(r"[\n、；;，]", text(cell)) if piece.strip()]
