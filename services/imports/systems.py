"""A workbook with one edition of an evaluation system, as rows of a city pack; every bad cell is told at once.

Cells are read as those of the pack's own files, after the words that a clerk writes (是, 一票否决) have become codes
again. What the rows mean together is for the lint (services/cities/lint_systems.py) to say.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from models.errors import BadRow
from services.cities import rows
from services.cities.cells import cell_of
from services.cities.reading import FILES
from services.cities.reading_tables import columns_of, read_row
from services.exports.systems_columns import BY_PART, CELL_WORDS, EDITION, SHEETS, SheetForm
from services.imports.cells import folded
from services.imports.workbook import FormulaError, Line, Table, Wanted, read_sheets

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
EXPECTED_CODE = "a code of letters, digits, . _ and -, at most 40"
EXPECTED_FORMULA = "a value; the formula in this cell fails or was never worked out"
EXPECTED_ROW = "one row with what the edition is called"
OF_SYSTEM: Mapping[str, str] = {"system_code": "code", "system_name": "name", "system_name_en": "name_en"}
PADDED = {("standards", "category_code"), ("weights", "category_code"), ("categories", "code")}
STRICT = {
    (part, column): f"one of: {', '.join(chinese for chinese, _ in CELL_WORDS[part, column].values())}"
    for part, column in (("negative", "effect"), ("standards", "negative_list"))
}
"""Columns where nothing but these words will do."""
LONGEST_SHOWN = 80


@dataclass(frozen=True)
class Draft:
    """What a workbook says. `row` of every row is that of its sheet. `parts`: part → rows, `standards` among them.

    `tables`: part → the sheet as it was found, with its name and headings.
    """

    file: str
    system: rows.SystemRow | None
    version: rows.VersionRow | None
    categories: Sequence[rows.CategoryRow]
    parts: Mapping[str, Sequence[Any]]
    bad: Sequence[BadRow]
    ignored: Sequence[str]
    tables: Mapping[str, Table]


def read_system(path: Path, *, file: str = "") -> Draft:
    """Read it; nothing is compared with the database. `file`: what its owner calls it. Raises UnreadableFile."""
    found = read_sheets(path, [_wanted(form) for form in SHEETS])
    bad = list(found.bad)
    tables = {form.part: table for form, table in zip(SHEETS, found.tables, strict=True) if table and not table.bad}
    first = _first(tables.get(EDITION), bad)
    version = _version(tables, first, bad)
    code, system = (version.code, version.system_code) if version else ("-", "-")
    read = {
        form.part: list(_rows(form, tables[form.part], {"version_code": code, "system_code": system}, bad))
        for form in SHEETS
        if form.part != EDITION and form.part in tables
    }
    return Draft(
        file=file or path.name,
        system=_system(tables, first),
        version=version,
        categories=read.pop("categories", []),
        parts=read,
        bad=bad,
        tables=tables,
        ignored=(*found.ignored, *(name for table in tables.values() for name in _strange(table))),
    )


def _wanted(form: SheetForm) -> Wanted:
    return Wanted((form.zh, form.en, form.part), form.columns, form.needed)


def _strange(table: Table) -> Iterator[str]:
    return (f"{table.sheet}: {name}" for name in table.ignored)


def _first(table: Table | None, bad: list[BadRow]) -> Line | None:
    if table is None:
        return None
    for line in table.lines[1:]:
        bad.append(BadRow(table.sheet, line.row, "-", "", EXPECTED_ROW))
    if not table.lines:
        bad.append(BadRow(table.sheet, table.header_row + 1, "-", "", EXPECTED_ROW))
        return None
    return table.lines[0]


def _version(tables: Mapping[str, Table], line: Line | None, bad: list[BadRow]) -> rows.VersionRow | None:
    if line is None:
        return None
    table = tables[EDITION]
    for name in ("system_code", "code"):
        written = folded(str(line.cells.get(name, "")))
        if written and not CODE.fullmatch(written):
            bad.append(BadRow(table.sheet, line.row, _heading(table, BY_PART[EDITION], name), written, EXPECTED_CODE))
    return next(_typed(table, BY_PART[EDITION], line, rows.VersionRow, {}, bad), None)


def _system(tables: Mapping[str, Table], line: Line | None) -> rows.SystemRow | None:
    """Its name may be left out where the system is known."""
    if line is None:
        return None
    cells = {column: line.cells[name] for name, column in OF_SYSTEM.items() if name in line.cells}
    named = Line(line.row, {"name": cells.get("code", ""), **cells})
    return next(_typed(tables[EDITION], BY_PART[EDITION], named, rows.SystemRow, {}, []), None)


def _rows(form: SheetForm, table: Table, known: Mapping[str, str], bad: list[BadRow]) -> Iterator[Any]:
    kind: Any = FILES[form.part][1]
    for line in table.lines:
        yield from _typed(table, form, line, kind, known, bad)


def _typed(
    table: Table, form: SheetForm, line: Line, kind: Any, known: Mapping[str, str], bad: list[BadRow]
) -> Iterator[Any]:
    """The row as the reader of packs makes it; its complaints name the heading that the clerk sees."""
    columns = tuple(columns_of(kind))
    cells = {name: _text(form, name, line.cells[name]) for name in columns if name in line.cells}
    failed = [name for name in columns if isinstance(line.cells.get(name), FormulaError)]
    for name in failed:
        bad.append(BadRow(table.sheet, line.row, _heading(table, form, name), str(line.cells[name]), EXPECTED_FORMULA))
    problems: list[BadRow] = []
    written = [{**cells, **known}.get(name, "") for name in columns]
    read = list(read_row(table.sheet, line.row, columns, written, kind, problems)) if not failed else []
    for one in problems:
        value = str(one.value)[:LONGEST_SHOWN]
        expected = STRICT.get((form.part, one.column), one.expected)
        bad.append(BadRow(table.sheet, line.row, _heading(table, form, one.column), value, expected))
    yield from read


def _heading(table: Table, form: SheetForm, name: str) -> str:
    column = next((column for column in form.columns if column.field == name), None)
    return table.heading(column) if column else name


def _text(form: SheetForm, name: str, value: Any) -> str:
    """A cell as the CSV would have it: days without a time, whole numbers without a point, codes for words."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date().isoformat()
    written = value.isoformat() if isinstance(value, date) else cell_of(value)
    if (form.part, name) in PADDED and not isinstance(value, str):
        written = written.zfill(2)  # a spreadsheet has made 1 of 01
    words = CELL_WORDS.get((form.part, name), {})
    said = folded(written).casefold()
    return next((code for code, pair in words.items() if said in (code, pair[0], pair[1])), written)
