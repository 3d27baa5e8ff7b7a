"""Files that are not what their name says, and tables in odd places."""

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from models.errors import UnreadableFile
from services.exports.columns import LEDGER
from services.imports import container, workbook
from services.imports.workbook import read_table
from tests.services.imports.lives import a_workbook

HEADINGS = ("编号", "问题描述", "状态")


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)
    return path


def why(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_table(path, LEDGER)
    assert refused.value.params["file"] == path.name
    return str(refused.value.params["why"])


def test_a_text_file_named_xlsx_is_not_a_workbook(tmp_path: Path):
    assert "not a workbook" in why(written(tmp_path, "编号,问题描述\n1,井盖".encode()))


def test_an_empty_file_is_told_so(tmp_path: Path):
    assert "empty" in why(written(tmp_path, b""))


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path):
    assert "No such file" in why(tmp_path / "没有.xlsx")


def test_a_folder_is_not_a_workbook(tmp_path: Path):
    assert why(tmp_path)


def test_a_protected_or_old_file_is_told_so(tmp_path: Path):
    assert "password" in why(written(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)))


def test_another_zip_file_is_not_a_workbook(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "台账.xlsx", "w") as archive:
        archive.writestr("readme.txt", "hello")

    assert "not a workbook" in why(tmp_path / "台账.xlsx")


def test_a_damaged_workbook_is_told_so(tmp_path: Path):
    whole = a_workbook(tmp_path / "whole.xlsx", HEADINGS, [("1", "井盖", "待交办")])
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(tmp_path / "台账.xlsx", "w") as target:
        for part in source.namelist():
            data = source.read(part)
            target.writestr(part, data[: len(data) // 2] if "sheet1" in part else data)

    assert "damaged" in why(tmp_path / "台账.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with zipfile.ZipFile(tmp_path / "台账.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", " " * 3_000_000)
    monkeypatch.setattr(container, "MOST_BYTES", 2**20)

    assert "unpacks" in why(tmp_path / "台账.xlsx")


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 10)

    assert "rows" in why(a_workbook(tmp_path / "台账.xlsx", HEADINGS, [("1", "井盖", "待交办")] * 11))


def test_a_workbook_without_the_table_names_what_it_looked_for(tmp_path: Path):
    assert "编号" in why(a_workbook(tmp_path / "台账.xlsx", ("姓名", "电话"), [("某", "1")]))


def test_a_needed_column_that_is_missing_is_told(tmp_path: Path):
    path = a_workbook(tmp_path / "台账.xlsx", ("编号", "来源", "状态"), [])

    (bad,) = read_table(path, LEDGER, needed=("description",)).bad

    assert (bad.row, bad.column, bad.expected) == (1, "问题描述", "this column")


def test_a_heading_that_comes_twice_is_told(tmp_path: Path):
    path = a_workbook(tmp_path / "台账.xlsx", (*HEADINGS, "状态"), [])

    assert [bad.column for bad in read_table(path, LEDGER).bad] == ["状态"]


def test_headings_are_known_with_brackets_spaces_and_full_width(tmp_path: Path):
    path = a_workbook(
        tmp_path / "台账.xlsx", (" 编 号 ", "时限（数值+钟型）", "问题描述(必填)"), [("1", "3工作日", "井盖")]
    )

    assert set(read_table(path, LEDGER).headings) == {"number", "limit", "description"}


def test_the_table_is_found_on_the_second_sheet(tmp_path: Path):
    book = Workbook()
    book.active.append(["说明"])
    sheet = book.create_sheet("台账")
    sheet.append(list(HEADINGS))
    sheet.append(["1", "井盖", "待交办"])
    book.save(tmp_path / "台账.xlsx")

    table = read_table(tmp_path / "台账.xlsx", LEDGER)

    assert (table.sheet, [line.row for line in table.lines]) == ("台账", [2])


def test_empty_rows_in_between_keep_the_row_numbers_right(tmp_path: Path):
    path = a_workbook(tmp_path / "台账.xlsx", HEADINGS, [(None,) * 3, ("1", "井盖", "待交办")], above=2)

    assert [line.row for line in read_table(path, LEDGER).lines] == [5]
