"""Writing one sheet row by row: nothing is kept, and no text is ever a formula."""

import errno
import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from services.exports.columns import Column

TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"
HEADER_FILL = PatternFill("solid", fgColor="DDE7F0")
OFFERED_ROWS = 100_001
LOOKS_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST = 32_767
"""Characters that a cell holds at most, by the format."""
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

Value = str | int | float | Decimal | datetime | None


class SheetWriter:
    """One sheet with a header that stays in view. Times must be city-local and without a zone. Use with `with`."""

    def __init__(self, path: Path, *, title: str, columns: Sequence[Column], lang: str) -> None:
        self._path = path
        self._book = Workbook(write_only=True)
        self._sheet: Any = self._book.create_sheet(title)
        for position, column in enumerate(columns, start=1):
            self._sheet.column_dimensions[get_column_letter(position)].width = column.width
        self._sheet.freeze_panes = "A2"
        self._append([self._header(column.heading(lang)) for column in columns])

    def offer(self, position: int, words: Sequence[str]) -> None:
        """Let the cells of a column, counted from 1, be chosen from these words; none of them holds a comma."""
        letter = get_column_letter(position)
        choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        choice.add(f"{letter}2:{letter}{OFFERED_ROWS}")
        self._sheet.data_validations.append(choice)

    def write(self, values: Iterable[Value]) -> None:
        """Append a row."""
        self._append([self._cell(value) for value in values])

    def _append(self, cells: list[Any]) -> None:
        try:
            self._sheet.append(cells)
        except Exception as error:
            self._clean_up()
            if full := _of_the_disk(error):
                raise full from error
            raise

    def _header(self, text: str) -> Any:
        cell = self._cell(text)
        cell.font, cell.fill = Font(bold=True), HEADER_FILL
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        return cell

    def _cell(self, value: Value) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return text_cell(self._sheet, value)
        cell = WriteOnlyCell(self._sheet, value=value)  # type: ignore[arg-type]  # it does take a Decimal
        if isinstance(value, datetime):
            cell.number_format = TIME_FORMAT
        return cell

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Save only a whole sheet: a half-written file would look like the full list. OSError when the disk is full."""
        try:
            if error is None:
                self._book.save(self._path)
        except Exception as found:
            self._clean_up()
            if full := _of_the_disk(found):
                raise full from found
            raise
        if error is not None:
            self._clean_up()
        self._book.close()

    def _clean_up(self) -> None:
        """The rows lie in a temporary file until the sheet is saved."""
        with suppress(Exception):  # a disk that is full says so again
            self._sheet.close()
        with suppress(Exception):
            self._sheet._writer.cleanup()


def text_cell(sheet: Any, text: str) -> Any:
    """A cell that stays a text, whatever stands in it."""
    cell = WriteOnlyCell(sheet, value=escape(text)[:LONGEST])
    cell.data_type = "s"  # openpyxl would make "=1+1" a formula and "#N/A" an error
    if text.startswith(LOOKS_LIKE_FORMULA):
        cell.quotePrefix = True  # keeps it a text when somebody edits the cell
    return cell


def _of_the_disk(error: BaseException) -> OSError | None:
    """lxml, which writes the sheet where it is installed, has an error of its own for a full disk: IO_ENOSPC."""
    number = getattr(errno, str(error).removeprefix("IO_"), None) if str(error).startswith("IO_") else None
    return OSError(number, os.strerror(number)) if number else None


def escape(text: str) -> str:
    """Characters that XML cannot hold, as the format writes them: _x000B_. A carriage return would be lost too."""
    return _UNSAFE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescape(text: str) -> str:
    """The opposite of `escape`."""
    if "_x" not in text:
        return text
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
