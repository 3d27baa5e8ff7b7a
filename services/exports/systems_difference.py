"""Two editions compared, as a workbook: a row for each cell that differs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from services.exports.systems import saved, write_sheet
from services.systems.comparing import Cell, Difference


def difference_workbook(
    differences: Sequence[Difference],
    *,
    title: str,
    headings: Mapping[str, int],
    rows: Callable[[Difference, Cell], Sequence[Any]],
) -> bytes:
    """The workbook. `headings`: each with its width in characters; `rows` says a cell in the reader's language."""
    book = Workbook(write_only=True)
    lines = (rows(one, cell) for one in differences for cell in one.cells)
    write_sheet(book, title, list(headings.items()), lines)
    return saved(book)
