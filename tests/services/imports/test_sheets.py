"""Sheets as clerks leave them: merged, hidden, computed, written by other programs, in other formats."""

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from models.errors import UnreadableFile
from services.exports.columns import LEDGER
from services.imports.workbook import FormulaError, read_table
from tests.services.imports.lives import a_workbook
from tests.services.imports.parts import HEADER, HEADINGS, MAIN, START, packed, texts

ROW = ("1", "井盖", "待交办")


def why(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_table(path, LEDGER)
    return str(refused.value.params["why"])


def cell(tmp_path: Path, written: str, **parts: str) -> Any:
    """The value of a cell as it stands in the file."""
    given = {name.replace("__", "/") + ".xml": content for name, content in parts.items()}
    row = f'<row r="2"><c r="A2" t="str"><v>1</v></c>{written}</row>'
    (line,) = read_table(packed(tmp_path / "x.xlsx", HEADER + row, parts=given), LEDGER).lines
    return line.cells.get("description")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("台账.csv", "编号,问题描述\n1,井盖".encode("utf-8-sig"), "CSV"),
        ("台账.csv", "编号,问题描述\n1,井盖".encode("gb18030"), "CSV"),
        ("台账.csv", "编号\t问题描述".encode("utf-16"), "CSV"),
        ("台账.xls", b"\xd0\xcf\x11\xe0" + bytes(600) + "Workbook".encode("utf-16-le"), "old .xls"),
        ("台账.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("台账.xlsx", b"%PDF-1.7\x00\x01\x02\xff\xff\xff", "not a workbook"),
    ],
)
def test_another_kind_of_file_is_told_what_to_do(tmp_path: Path, name: str, content: bytes, told: str):
    (tmp_path / name).write_bytes(content)

    assert told in why(tmp_path / name)


@pytest.mark.parametrize(("part", "told"), [("xl/workbook.bin", ".xlsb"), ("mimetype", ".ods")])
def test_other_kinds_of_workbooks_are_told_what_to_do(tmp_path: Path, part: str, told: str):
    path = packed(tmp_path / "x.xlsx", HEADER, parts={part: "application/vnd.oasis.opendocument.spreadsheet"})
    if part == "mimetype":
        path = _without(path, "[Content_Types].xml")

    assert told in why(path)


def _without(path: Path, part: str) -> Path:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(path.with_suffix(".ods"), "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
    return path.with_suffix(".ods")


def test_cells_merged_downwards_count_for_each_row(tmp_path: Path):
    path = a_workbook(tmp_path / "x.xlsx", HEADINGS, [("1", "井盖", "待交办"), ("2", None, None), ("3", None, "作废")])
    book = load_workbook(path)
    book.active.merge_cells("B2:B4")
    book.active.merge_cells("C2:C3")
    book.save(path)

    lines = read_table(path, LEDGER).lines

    assert [line.cells["description"] for line in lines] == ["井盖"] * 3
    assert [line.cells["state"] for line in lines] == ["待交办", "待交办", "作废"]


def test_a_merged_title_does_not_run_into_the_table(tmp_path: Path):
    path = a_workbook(tmp_path / "x.xlsx", HEADINGS, [ROW, ("2", None, "待交办")], above=1)
    book = load_workbook(path)
    book.active.merge_cells("A1:C1")
    book.save(path)

    table = read_table(path, LEDGER)

    assert (table.header_row, "description" in table.lines[1].cells) == (2, False)


def test_a_table_on_a_hidden_sheet_is_not_taken_in_unseen(tmp_path: Path):
    book = Workbook()
    sheet = book.create_sheet("旧台账")
    sheet.append(list(HEADINGS))
    sheet.sheet_state = "hidden"
    book.save(tmp_path / "x.xlsx")

    assert "hidden sheet “旧台账”" in why(tmp_path / "x.xlsx")


def test_the_sheet_that_shows_goes_before_the_hidden_one(tmp_path: Path):
    book = Workbook()
    for name, state in (("旧", "hidden"), ("新", "visible")):
        sheet = book.create_sheet(name)
        sheet.append(list(HEADINGS))
        sheet.append(["1", name, "待交办"])
        sheet.sheet_state = state
    book.save(tmp_path / "x.xlsx")

    table = read_table(tmp_path / "x.xlsx", LEDGER)

    assert (table.sheet, len(table.lines), table.bad) == ("新", 1, ())


def test_a_second_sheet_with_such_a_table_is_told_and_nothing_is_read(tmp_path: Path):
    book = Workbook()
    for name in ("九月", "十月"):
        sheet = book.create_sheet(name)
        sheet.append(list(HEADINGS))
        sheet.append(["1", name, "待交办"])
    book.save(tmp_path / "x.xlsx")

    table = read_table(tmp_path / "x.xlsx", LEDGER)

    assert ([(bad.place, bad.value) for bad in table.bad], table.lines) == ([("十月", "十月")], [])


def test_columns_may_stand_in_any_order(tmp_path: Path):
    path = a_workbook(tmp_path / "x.xlsx", ("状态", "来源", "问题描述", "编号"), [("待交办", "暗访", "井盖", "1")])

    (line,) = read_table(path, LEDGER).lines

    assert line.cells == {"number": "1", "source": "暗访", "description": "井盖", "state": "待交办"}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('<c r="B2"><f>1+1</f><v>2</v></c>', 2),
        ('<c r="B2" t="str"><f>A1</f><v>井盖</v></c>', "井盖"),
        ('<c r="B2" t="str"><f>A1</f><v></v></c>', None),
        ('<c r="B2" t="b"><v>1</v></c>', True),
        ('<c r="B2"><v>1.50</v></c>', 1.5),
        ('<c r="B2"><v>1E3</v></c>', 1000.0),
        ('<c r="B2" t="d"><v>2026-11-20T09:30:00</v></c>', datetime.fromisoformat("2026-11-20 09:30")),
        ('<c r="B2" t="inlineStr"><is><r><t>井</t></r><r><t>盖</t></r><rPh><t>jǐng</t></rPh></is></c>', "井盖"),
        ('<c t="str"><v>没有坐标</v></c>', "没有坐标"),
        ('<c r="B2" t="str"><v>  </v></c>', None),
    ],
)
def test_a_cell_is_what_it_shows(tmp_path: Path, written: str, value: Any):
    assert cell(tmp_path, written) == value


@pytest.mark.parametrize("written", ['<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', '<c r="B2"><f>A1</f><v></v></c>'])
def test_a_formula_that_failed_or_was_never_worked_out_is_no_value(tmp_path: Path, written: str):
    assert isinstance(cell(tmp_path, written), FormulaError)


FORMATS = (
    f'<styleSheet xmlns="{MAIN}"><numFmts>'
    '<numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="176"/><xf numFmtId="22"/></cellXfs></styleSheet>'
)


@pytest.mark.parametrize(
    ("style", "value"),
    [(0, 46346.5), (1, datetime.fromisoformat("2026-11-20 12:00")), (2, datetime.fromisoformat("2026-11-20 12:00"))],
)
def test_a_number_is_a_date_where_its_format_says_so(tmp_path: Path, style: int, value: Any):
    assert cell(tmp_path, f'<c r="B2" s="{style}"><v>46346.5</v></c>', xl__styles=FORMATS) == value


def test_a_workbook_may_count_its_days_from_1904(tmp_path: Path):
    book = START["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')

    at = cell(tmp_path, '<c r="B2" s="1"><v>44884.5</v></c>', xl__styles=FORMATS, xl__workbook=book)

    assert at == datetime.fromisoformat("2026-11-20 12:00")


def test_a_date_beyond_all_dates_is_a_failed_cell(tmp_path: Path):
    assert isinstance(cell(tmp_path, '<c r="B2" s="1"><v>99999999</v></c>', xl__styles=FORMATS), FormulaError)


def test_elements_may_carry_a_prefix(tmp_path: Path):
    plain = HEADER + texts(2, *ROW)
    marked = plain.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{marked}</x:sheetData></x:worksheet>'

    assert (
        len(read_table(packed(tmp_path / "x.xlsx", "", parts={"xl/worksheets/sheet1.xml": sheet}), LEDGER).lines) == 1
    )


def test_progress_is_told_while_a_long_sheet_is_read(tmp_path: Path):
    rows = HEADER + "".join(texts(n, *ROW) for n in range(2, 2_500))
    said: list[tuple[int, int]] = []

    read_table(packed(tmp_path / "x.xlsx", rows), LEDGER, progress=lambda done, of: said.append((done, of)))

    assert said == [(999, 0), (1999, 0)]
