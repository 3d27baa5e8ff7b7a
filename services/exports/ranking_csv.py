"""A month's places as CSV, in the columns of the workbook. No cell is a formula when Excel opens it."""

from pathlib import Path

from services.exports import ranking_book
from services.exports.ledger_csv import MARK, lines
from services.ranking.table import Table


def write(table: Table, path: Path, *, lang: str) -> None:
    """Write the lines of a table, in their order. Raises OSError where the disk does not take it."""
    every = ranking_book.columns(table, lang=lang)
    headings = [column.heading(lang) for column, _ in every]
    rows = ([cell(row) for _, cell in every] for row in table.rows)
    path.write_text(MARK + lines([headings, *rows]), encoding="utf-8", newline="")
