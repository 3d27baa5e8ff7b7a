"""Rows that are put into a saved workbook: what goes in comes out, and the rest of the workbook stays as it was."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from services.exports.many_rows import Forms, add_rows
from services.exports.sheet import LONGEST, unescape
from tests.cast import at

THEN = at("2026-11-13 08:30").replace(tzinfo=None)
ROW = ("R-1", "", None, 7, THEN)


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Path, Forms]:
    book = Workbook(write_only=True)
    book.create_sheet("first").append(["stays"])
    sheet = book.create_sheet("rows")
    sheet.freeze_panes = "A2"
    sheet.append(["number", "unit", "place", "count", "at"])
    forms, path = Forms(sheet), tmp_path / "book.xlsx"
    book.save(path)
    return path, forms


def put(saved: tuple[Path, Forms], *rows: tuple[Any, ...]) -> Path:
    add_rows(saved[0], iter(rows), sheet=2, forms=saved[1])
    return saved[0]


def test_what_goes_in_comes_out(saved: tuple[Path, Forms]) -> None:
    sheet = load_workbook(put(saved, ROW, ROW))["rows"]
    heading = ("number", "unit", "place", "count", "at")
    line = ("R-1", None, None, 7, THEN)
    assert list(sheet.values) == [heading, line, line]
    assert (sheet["E2"].number_format, sheet.freeze_panes) == ("yyyy-mm-dd hh:mm:ss", "A2")


def test_the_other_sheets_stay_as_they_were(saved: tuple[Path, Forms]) -> None:
    before = ZipFile(saved[0]).read("xl/worksheets/sheet1.xml")
    after = ZipFile(put(saved, ROW))
    assert after.read("xl/worksheets/sheet1.xml") == before
    assert after.testzip() is None


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-", "@x", "#N/A", "<b>&amp;</b>", " 前 后 ", "两\n行", "007", '"', "'"]
)
def test_a_text_stays_that_text(saved: tuple[Path, Forms], text: str) -> None:
    cell = load_workbook(put(saved, (text,)))["rows"]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize("text", ["=1+1", "-5", "@x"])
def test_what_looks_like_a_formula_stays_a_text_when_it_is_edited(saved: tuple[Path, Forms], text: str) -> None:
    sheet = load_workbook(put(saved, (text, "text")))["rows"]
    assert (sheet["A2"].quotePrefix, sheet["B2"].quotePrefix) == (True, False)


def test_characters_that_the_format_cannot_hold_are_written_as_it_does(saved: tuple[Path, Forms]) -> None:
    value = load_workbook(put(saved, ("a\x0bb\rc_x0041_",)))["rows"]["A2"].value
    assert unescape(str(value)) == "a\x0bb\rc_x0041_"


def test_a_text_is_cut_where_a_cell_ends(saved: tuple[Path, Forms]) -> None:
    assert len(load_workbook(put(saved, ("长" * (LONGEST + 5),)))["rows"]["A2"].value) == LONGEST


def test_rows_that_break_off_leave_the_workbook_as_it_was(saved: tuple[Path, Forms]) -> None:
    before = saved[0].read_bytes()

    def broken() -> Iterator[tuple[Any, ...]]:
        yield ROW
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        add_rows(saved[0], broken(), sheet=2, forms=saved[1])
    assert saved[0].read_bytes() == before
    assert list(saved[0].parent.iterdir()) == [saved[0]]
