"""A workbook of sheets that comes back filled: its rows as services/audit_files.py takes them in.

Rows without a result and without counts are points that nobody has reached yet: they are passed over.
"""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.errors import BadRow, BadRows
from services.audit_files import ResultRow, repeated, result_row
from services.exports.audit_sheets import COLUMNS
from services.imports.workbook import FormulaError, Table, read_table

READ = tuple(column for column in COLUMNS if not column.derived)
KEY = ("round", "point", "inspector", "standard")
FILLED = ("result", "found", "required", "faults", "minutes")


def read_sheets(path: Path) -> list[ResultRow]:
    """Every row with a result. Raises UnreadableFile, BadRows."""
    table = read_table(path, COLUMNS, needed=(*KEY, "result"))
    bad: list[BadRow] = list(table.bad)
    rows = [] if bad else _rows(table, bad)
    if not rows and not bad:
        bad.append(BadRow(table.sheet, table.header_row + 1, "result", "", "at least one row with a result"))
    if bad:
        raise BadRows(file=path.name, rows=sorted(bad, key=lambda one: one.row))
    return rows


def _rows(table: Table, bad: list[BadRow]) -> list[ResultRow]:
    found = []
    for line in table.lines:
        cells = {name: _text(value) for name, value in line.cells.items()}
        broken = [name for name, value in line.cells.items() if name in FILLED and _is_broken(value)]
        for name in broken:
            expected = "a value; not a date, and no formula that fails"
            bad.append(BadRow(table.sheet, line.row, name, cells[name], expected))
        if not broken and any(cells.get(name) for name in FILLED):
            row = result_row(line.row, cells, place=table.sheet, bad=bad)
            found += [row] if row else []
    bad += repeated(found, table.sheet)
    return found


def _is_broken(value: Any) -> bool:
    return isinstance(value, FormulaError | datetime | date | time)


def _text(value: Any) -> str:
    """As it was written: a spreadsheet makes 5.0 of a 5."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value).strip()
