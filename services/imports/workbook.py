"""Opening somebody's workbook: carefully, and finding the table in it."""

import re
import unicodedata
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from models.errors import BadRow, UnreadableFile
from services.exports.columns import Column
from services.exports.sheet import unescape

MOST_BYTES = 200 * 1024 * 1024
"""Of the parts of a workbook, unpacked: a larger one is a mistake or an attack."""
MOST_ROWS = 100_000
MOST_COLUMNS = 200
HEADER_WITHIN = 20
HEADINGS_NEEDED = 3
OLE = b"\xd0\xcf\x11\xe0"
EXPECTED = "an Excel workbook (.xlsx)"
BROKEN = (
    InvalidFileException,
    BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
)
_BRACKETS = re.compile(r"[(（].*?[)）]")


class FormulaError(str):
    """What stands in a cell whose formula failed, such as #REF!."""


@dataclass(frozen=True)
class Line:
    """One row that is not empty: its number in the sheet and its cells by field."""

    row: int
    cells: dict[str, Any]


@dataclass(frozen=True)
class Table:
    """The table of a sheet. `headings` are as they stand in the file; `ignored` ones nobody asked for."""

    file: str
    sheet: str
    header_row: int
    headings: dict[str, str]
    ignored: tuple[str, ...] = ()
    lines: list[Line] = field(default_factory=list)
    bad: tuple[BadRow, ...] = ()

    def heading(self, column: Column) -> str:
        """The heading to name a column by."""
        return self.headings.get(column.field, column.zh)


def read_table(path: Path, columns: Sequence[Column], *, needed: Sequence[str] = ()) -> Table:
    """The first sheet that has these headings, Chinese or English, with all its rows.

    `needed` columns that are missing and headings that come twice are in `bad`. Raises UnreadableFile for what is
    not a workbook, is protected, unpacks to more than 200 MB, has over 100,000 rows, or holds no such table.
    """
    _check_file(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            table = _find_table(book, path, columns, needed)
        finally:
            book.close()
    except BROKEN as error:
        raise _unreadable(path, f"it is damaged ({type(error).__name__})") from error
    if table is None:
        raise _unreadable(path, f"no sheet has these headings in its first {HEADER_WITHIN} rows: {_some(columns)}")
    return table


def _some(columns: Sequence[Column]) -> str:
    return ", ".join(column.zh for column in columns[:4]) + " …"


def _unreadable(path: Path, why: str) -> UnreadableFile:
    return UnreadableFile(file=path.name, expected=EXPECTED, why=why)


def _check_file(path: Path) -> None:
    """Look at the container before anything unpacks it."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
        if start == OLE:
            raise _unreadable(path, "it is protected by a password, or an old .xls file; save it as .xlsx without one")
        if not start:
            raise _unreadable(path, "it is empty")
        with ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
            names = set(archive.namelist())
    except BadZipFile as error:
        raise _unreadable(path, "it is not a workbook, whatever its name says") from error
    except OSError as error:
        raise _unreadable(path, error.strerror or "it cannot be opened") from error
    if size > MOST_BYTES:
        raise _unreadable(path, f"it unpacks to {size // 2**20} MB; at most {MOST_BYTES // 2**20} MB are read")
    if "[Content_Types].xml" not in names:
        raise _unreadable(path, "it is not a workbook, whatever its name says")


def _find_table(book: Any, path: Path, columns: Sequence[Column], needed: Sequence[str]) -> Table | None:
    for sheet in book.worksheets:
        with closing(_rows(sheet)) as rows:  # else the file stays open where we stop half-way
            for number, cells in islice(rows, HEADER_WITHIN):
                headings = [str(cell or "") for cell in cells]
                if len(_matched(headings, columns)) >= min(HEADINGS_NEEDED, len(columns)):
                    table = _with_header(path, sheet.title, number, headings, columns, needed)
                    _read_lines(table, rows, _positions(headings, columns))
                    return table
    return None


def _rows(sheet: Any) -> Generator[tuple[int, list[Any]], None, None]:
    """Rows that are not empty. The size that a sheet states is not believed: it is often wrong."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = [_value(cell) for cell in cells[:MOST_COLUMNS]]
        if any(value is not None for value in values):
            yield number, values


def _value(cell: Any) -> Any:
    value = cell.value
    if isinstance(value, str):
        if cell.data_type == "e":
            return FormulaError(value)
        return unescape(value) if value.strip() else None
    return value


def plain_heading(text: str) -> str:
    """A heading for comparison: without brackets, spaces and case."""
    return "".join(_BRACKETS.sub("", unicodedata.normalize("NFKC", text)).casefold().split())


def _names(column: Column) -> set[str]:
    return {plain_heading(name) for name in (column.zh, column.en, column.field, *column.aliases)}


def _matched(headings: Sequence[str], columns: Sequence[Column]) -> dict[str, list[int]]:
    fields = {name: column.field for column in reversed(columns) for name in _names(column)}
    found: dict[str, list[int]] = {}
    for position, heading in enumerate(headings):
        name = fields.get(plain_heading(heading))
        if name:
            found.setdefault(name, []).append(position)
    return found


def _positions(headings: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    return {name: positions[0] for name, positions in _matched(headings, columns).items()}


def _with_header(
    path: Path, sheet: str, row: int, headings: Sequence[str], columns: Sequence[Column], needed: Sequence[str]
) -> Table:
    matched = _matched(headings, columns)
    by_field = {column.field: column for column in columns}
    used = {position for positions in matched.values() for position in positions}
    missing = [BadRow(sheet, row, by_field[name].zh, "", "this column") for name in needed if name not in matched]
    twice = [
        BadRow(sheet, row, headings[positions[1]], headings[positions[1]], "each column once")
        for positions in matched.values()
        if len(positions) > 1
    ]
    return Table(
        file=path.name,
        sheet=sheet,
        header_row=row,
        headings={name: headings[positions[0]].strip() for name, positions in matched.items()},
        ignored=tuple(text for position, text in enumerate(headings) if text.strip() and position not in used),
        bad=(*missing, *twice),
    )


def _read_lines(table: Table, rows: Iterator[tuple[int, list[Any]]], positions: dict[str, int]) -> None:
    for number, values in rows:
        cells = {name: values[at] for name, at in positions.items() if at < len(values) and values[at] is not None}
        if cells:
            table.lines.append(Line(number, cells))
        if len(table.lines) > MOST_ROWS:
            why = f"it has more than {MOST_ROWS} rows"
            raise UnreadableFile(file=table.file, expected=EXPECTED, why=why)
