"""The problem ledger as CSV, in the columns of the workbook, page by page. No cell is a formula when Excel opens it."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlmodel import Session

from services.exports.columns import LEDGER
from services.exports.ledger import PAGE, Filter, ledger_rows
from services.exports.sheet import LOOKS_LIKE_FORMULA, Value

MARK = "\ufeff"
"""Tells Excel that it is UTF-8."""


def ledger_csv(session: Session, *, now: datetime, which: Filter, lang: str = "zh-CN") -> Iterator[str]:
    """Pieces of the file, some hundred rows each. Raises as `export_ledger`."""
    yield MARK + lines([[column.heading(lang) for column in LEDGER]])
    rows: list[list[Value]] = []
    for row in ledger_rows(session, now=now, which=which, lang=lang):
        rows.append(row)
        if len(rows) == PAGE:
            yield lines(rows)
            rows = []
    yield lines(rows)


def lines(rows: Iterable[Iterable[Value]]) -> str:
    """Rows as CSV."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue()


def _cell(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(" \n").startswith(LOOKS_LIKE_FORMULA) else value
    return "" if value is None else str(value)
