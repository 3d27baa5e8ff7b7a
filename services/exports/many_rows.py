"""Thousands of rows into the last sheet of a workbook whose other sheets are saved already, as the format has them.

Cell by cell, as the library writes them, the rows of a year take four seconds; like this they take one. Nothing is
kept: a hundred thousand rows take no more memory than ten.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from html import escape as marked_up
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from services.exports.sheet import LONGEST, LOOKS_LIKE_FORMULA, TIME_FORMAT, escape

Value = str | int | datetime | None
END = b"</sheetData>"
KEPT = 4096
"""Texts kept: units, places and states come again and again."""


class Forms:
    """How the cells of a workbook look, by the number that it gives each look. To be asked for before it is saved."""

    def __init__(self, sheet: Any) -> None:
        time, quoted = WriteOnlyCell(sheet), WriteOnlyCell(sheet)
        time.number_format, quoted.quotePrefix = TIME_FORMAT, True
        self.time, self.quoted = time.style_id, quoted.style_id


def add_rows(path: Path, rows: Iterable[Sequence[Value]], *, sheet: int, forms: Forms) -> None:
    """Put rows below the heading of a sheet, counted from 1. Times must be city-local and without a zone.

    Raises OSError where the file cannot be written; the one that was saved is then as it was.
    """
    name, half = f"xl/worksheets/sheet{sheet}.xml", path.with_name(f"{path.name}.half")
    try:
        with ZipFile(path) as saved, ZipFile(half, "w", ZIP_DEFLATED) as whole:
            for part in saved.namelist():
                if part != name:
                    whole.writestr(part, saved.read(part))
                    continue
                head, tail = saved.read(part).split(END)
                with whole.open(part, "w") as into:
                    into.write(head)
                    for number, row in enumerate(rows, start=2):
                        into.write(_row(number, row, forms).encode())
                    into.write(END + tail)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _row(number: int, row: Sequence[Value], forms: Forms) -> str:
    cells = (
        _cell(f"{_letter(at)}{number}", value, forms)
        for at, value in enumerate(row, start=1)
        if value not in (None, "")
    )
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(where: str, value: Value, forms: Forms) -> str:
    if isinstance(value, str):
        form = f' s="{forms.quoted}"' if value.startswith(LOOKS_LIKE_FORMULA) else ""
        return f'<c r="{where}"{form} t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'
    if isinstance(value, datetime):
        return f'<c r="{where}" s="{forms.time}"><v>{to_excel(value)}</v></c>'  # type: ignore[no-untyped-call]
    return f'<c r="{where}"><v>{value}</v></c>'


@lru_cache(maxsize=KEPT)
def _text(value: str) -> str:
    return marked_up(escape(value)[:LONGEST], quote=False)


_letter = lru_cache(get_column_letter)
