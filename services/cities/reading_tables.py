"""Reading one CSV file of a pack: its header, then each row with the types of its columns."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from functools import cache
from typing import Any, TypeVar, get_type_hints

from models.errors import BadRow, UnreadableFile
from services.cities.cells import reader_of

Row = TypeVar("Row")


def read_rows(file: str, text: str, kind: type[Row], problems: list[BadRow]) -> Iterator[Row]:
    """The rows of a file; what is wrong with it goes to `problems`. Raises UnreadableFile for what is no CSV."""
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = next(lines, [])
        wrong = wrong_columns(file, columns, kind)
        problems += wrong
        if wrong:
            return
        for cells in lines:
            if cells:  # no empty line
                yield from read_row(file, lines.line_num, columns, cells, kind, problems)
    except csv.Error as error:
        raise UnreadableFile(file=file, expected="CSV", why=f"line {lines.line_num}: {error}") from error


def wrong_columns(file: str, columns: Sequence[str], kind: Any) -> list[BadRow]:
    """What is wrong with a header: columns that nobody knows, that stand there twice, that are missing."""
    known = columns_of(kind)
    expected = ", ".join(known)
    wrong = [BadRow(file, 1, name, name, f"one of the columns {expected}") for name in columns if name not in known]
    wrong += [BadRow(file, 1, name, name, "each column once") for name in set(columns) if columns.count(name) > 1]
    missing = [name for name in known if name not in columns and name in required(kind)]
    return [*wrong, *(BadRow(file, 1, name, "", f"a column “{name}”") for name in missing)]


def read_row(
    file: str, line: int, columns: Sequence[str], cells: Sequence[str], kind: Any, problems: list[BadRow]
) -> Iterator[Any]:
    """One row, or nothing and its problems."""
    if len(cells) != len(columns):
        problems.append(BadRow(file, line, "-", ",".join(cells)[:80], f"{len(columns)} cells, not {len(cells)}"))
        return
    values: dict[str, Any] = {"row": line}
    before = len(problems)
    for name, cell in zip(columns, cells, strict=True):
        if cell.strip():
            _read_cell(file, line, name, cell.strip(), kind, values, problems)
        elif name in required(kind):
            problems.append(BadRow(file, line, name, "", reader_of(types(kind)[name])[1]))
    if len(problems) == before:
        yield kind(**values)


def _read_cell(
    file: str, line: int, name: str, cell: str, kind: Any, values: dict[str, Any], problems: list[BadRow]
) -> None:
    read, expected = reader_of(types(kind)[name])
    try:
        values[name] = read(cell)
    except (ValueError, KeyError):
        problems.append(BadRow(file, line, name, cell, expected))


@cache
def columns_of(kind: Any) -> Mapping[str, Field[Any]]:
    """The columns of a file in their order: the fields of its row but for the line number."""
    return {field.name: field for field in fields(kind) if field.name != "row"}


@cache
def required(kind: Any) -> frozenset[str]:
    """The columns that must be filled in."""
    return frozenset(name for name, field in columns_of(kind).items() if field.default is MISSING)


@cache
def types(kind: Any) -> Mapping[str, Any]:
    """The types of the columns."""
    return get_type_hints(kind)
