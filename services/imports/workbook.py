"""Opening somebody's workbook: carefully, and finding the table in it."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from models.errors import BadRow, UnreadableFile
from services.exports.columns import Column
from services.imports import container
from services.imports.container import open_archive, unreadable
from services.imports.xlsx import BROKEN, Book, Sheet
from services.imports.xlsx_cells import MOST_COLUMNS, FormulaError, Row, column_of

MOST_ROWS = 100_000
TELL_EVERY = 1000
HEADER_WITHIN = 20
HEADINGS_NEEDED = 3
Progress = Callable[[int, int], None]
"""Told how many are done, and of how many: 0 while nobody knows."""
_BRACKETS = re.compile(r"[(（].*?[)）]")
_DOWNWARDS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6}):[A-Z]{1,3}([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True)
class Wanted:
    """A sheet that is asked for by its name, in any of the languages."""

    names: tuple[str, ...]
    columns: Sequence[Column]
    needed: Sequence[str] = ()

    def columns_said(self) -> list[str]:
        """The headings to ask for."""
        return [column.zh for column in self.columns if not column.derived]


@dataclass(frozen=True)
class Sheets:
    """The tables that were asked for, in that order; None for one that is not there. `ignored`: other sheets."""

    tables: Sequence[Table | None]
    bad: tuple[BadRow, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """The row of headings in a sheet, and which of them are ours: field → places."""

    sheet: Sheet
    row: int
    headings: Mapping[int, str]
    matched: Mapping[str, Sequence[int]]


def read_table(
    path: Path, columns: Sequence[Column], *, needed: Sequence[str] = (), progress: Progress | None = None
) -> Table:
    """The one visible sheet that has these headings, Chinese or English, with all its rows.

    Merged cells that go down say the same in each row. `needed` columns that are missing, headings that come twice and
    a second sheet with such a table are in `bad`. Raises UnreadableFile for what is not a workbook, is protected,
    unpacks to more than 200 MB, has over 100,000 rows or 200 columns, or shows no such table.
    """
    with open_archive(path) as archive:
        try:
            book = Book(archive, most_bytes=container.MOST_BYTES)
            found = [header for sheet in book.sheets if (header := _find_header(book, sheet, columns))]
            shown = [header for header in found if not header.sheet.hidden]
            if not shown:
                raise unreadable(path, _why_none(found, columns))
            table = _with_header(path, shown, columns, needed)
            if not table.bad:
                _read_lines(book, table, shown[0], progress)
        except BROKEN as error:
            raise unreadable(path, f"it is damaged ({type(error).__name__})") from error
    return table


def read_sheets(path: Path, wanted: Sequence[Wanted]) -> Sheets:
    """Several sheets of one workbook, each known by its name. One that is missing, or shows no such table, is in `bad`.

    Hidden sheets are not there. Raises UnreadableFile as `read_table` does.
    """
    with open_archive(path) as archive:
        try:
            return _read_sheets(path, Book(archive, most_bytes=container.MOST_BYTES), wanted)
        except BROKEN as error:
            raise unreadable(path, f"it is damaged ({type(error).__name__})") from error


def _read_sheets(path: Path, book: Book, wanted: Sequence[Wanted]) -> Sheets:
    tables: list[Table | None] = []
    bad: list[BadRow] = []
    left = [sheet for sheet in book.sheets if not sheet.hidden]
    for one in wanted:
        names = {plain_heading(name) for name in one.names}
        sheet = next((sheet for sheet in left if plain_heading(sheet.name) in names), None)
        header = _find_header(book, sheet, one.columns) if sheet else None
        table = _with_header(path, [header], one.columns, one.needed) if header else None
        if sheet is None:
            bad.append(BadRow(one.names[0], 0, "-", "", "a sheet of this name; it may be empty below its headings"))
        elif header is None or table is None:
            bad.append(BadRow(sheet.name, 1, "-", "", f"the headings {', '.join(one.columns_said())}"))
        elif table.bad:
            bad += table.bad
        else:
            _read_lines(book, table, header, None)
        tables.append(table)
        left = [other for other in left if other is not sheet]
    return Sheets(tables, tuple(bad), tuple(sheet.name for sheet in left))


def _why_none(hidden: Sequence[Header], columns: Sequence[Column]) -> str:
    if hidden:
        return f"the table is on the hidden sheet “{hidden[0].sheet.name}”; show that sheet first"
    wanted = ", ".join(column.zh for column in columns[:4]) + " …"
    return f"no sheet has these headings in its first {HEADER_WITHIN} rows: {wanted}"


def _find_header(book: Book, sheet: Sheet, columns: Sequence[Column]) -> Header | None:
    with closing(book.rows(sheet)) as rows:
        for row in islice(rows, HEADER_WITHIN):
            headings = {place: str(value) for place, value in row.values.items()}
            matched = _matched(headings, columns)
            if len(matched) >= min(HEADINGS_NEEDED, len(columns)):
                return Header(sheet, row.number, headings, matched)
    return None


def plain_heading(text: str) -> str:
    """A heading for comparison: without brackets, spaces and case."""
    return "".join(_BRACKETS.sub("", unicodedata.normalize("NFKC", text)).casefold().split())


def _names(column: Column) -> set[str]:
    return {plain_heading(name) for name in (column.zh, column.en, column.field, *column.aliases)}


def _matched(headings: Mapping[int, str], columns: Sequence[Column]) -> dict[str, list[int]]:
    fields = {name: column.field for column in reversed(columns) for name in _names(column)}
    found: dict[str, list[int]] = {}
    for place, heading in headings.items():
        name = fields.get(plain_heading(heading))
        if name:
            found.setdefault(name, []).append(place)
    return found


def _with_header(path: Path, shown: Sequence[Header], columns: Sequence[Column], needed: Sequence[str]) -> Table:
    header, *others = shown
    if MOST_COLUMNS in header.headings:
        raise unreadable(path, f"it has more than {MOST_COLUMNS} columns")
    used = {place for places in header.matched.values() for place in places}
    return Table(
        file=path.name,
        sheet=header.sheet.name,
        header_row=header.row,
        headings={name: header.headings[places[0]].strip() for name, places in header.matched.items()},
        ignored=tuple(text for place, text in header.headings.items() if text.strip() and place not in used),
        bad=(*_missing(header, columns, needed), *_twice(header), *map(_another, others)),
    )


def _missing(header: Header, columns: Sequence[Column], needed: Sequence[str]) -> Iterator[BadRow]:
    by_field = {column.field: column for column in columns}
    for name in needed:
        if name not in header.matched:
            yield BadRow(header.sheet.name, header.row, by_field[name].zh, "", "this column")


def _twice(header: Header) -> Iterator[BadRow]:
    for places in header.matched.values():
        if len(places) > 1:
            heading = header.headings[places[1]]
            yield BadRow(header.sheet.name, header.row, heading, heading, "each column once")


def _another(header: Header) -> BadRow:
    """A second table would be left out without a word: a clerk must say which one is meant."""
    name = header.sheet.name
    return BadRow(name, header.row, "-", name, "one sheet with such a table; move the others to files of their own")


def _read_lines(book: Book, table: Table, header: Header, progress: Progress | None) -> None:
    places = {name: several[0] for name, several in header.matched.items()}
    merged: list[str] = []
    for row in book.rows(header.sheet, merged=merged):
        if row.number > header.row and (cells := _cells(row, places)):
            table.lines.append(Line(row.number, cells))
        if len(table.lines) > MOST_ROWS:
            raise UnreadableFile(file=table.file, expected=container.EXPECTED, why=f"it has more than {MOST_ROWS} rows")
        if progress and row.number % TELL_EVERY == 0:
            progress(len(table.lines), 0)
    _fill_down(table, merged, {place: name for name, place in places.items()})


def _cells(row: Row, places: Mapping[str, int]) -> dict[str, Any]:
    values = row.values
    return {name: values[place] for name, place in places.items() if place in values}


def _fill_down(table: Table, merged: Iterable[str], names: Mapping[int, str]) -> None:
    """Let each row of a range merged downwards say what its first row says, as it looks on paper."""
    rows = [line.row for line in table.lines]
    filled: dict[str, int] = {}
    for name, first, last in sorted(_downwards(merged, names)):
        if first <= filled.get(name, table.header_row):
            continue  # ranges never overlap in a sound file
        filled[name] = last
        here = table.lines[bisect_left(rows, first) : bisect_right(rows, last)]
        if here and here[0].row == first and name in here[0].cells:
            for line in here[1:]:
                line.cells.setdefault(name, here[0].cells[name])


def _downwards(merged: Iterable[str], names: Mapping[int, str]) -> Iterator[tuple[str, int, int]]:
    for reference in merged:
        found = _DOWNWARDS.fullmatch(reference)
        name = names.get(column_of(found[1])) if found else None
        if found and name:
            yield name, int(found[2]), int(found[3])


__all__ = ["FormulaError", "Line", "Sheets", "Table", "Wanted", "plain_heading", "read_sheets", "read_table"]
