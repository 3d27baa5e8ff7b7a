"""An edition as a workbook: out and in again loses nothing; what is wrong in it is told by sheet, row and heading."""

import pytest
from openpyxl import Workbook

from models.errors import UnreadableFile
from services.imports.systems import read_system
from services.systems.reading import system_of
from tests.services.systems.editions import brought, renamed, saved, seen, workbook


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_an_edition_taken_out_and_brought_in_changes_nothing(small, tmp_path, lang):
    proposal = seen(small, saved(workbook(small, lang=lang), tmp_path))

    assert (proposal.code, list(proposal.bad), proposal.errors, proposal.changes) == ("V1", [], [], ())


def test_a_copy_under_another_code_says_the_same(small, tmp_path):
    brought(small, saved(renamed(workbook(small)), tmp_path))

    old, new = (vars(system_of(small, code)) for code in ("V1", "V2"))
    own = {"code", "valid_from"}
    assert {name: old[name] for name in old.keys() - own} == {name: new[name] for name in new.keys() - own}
    assert (new["code"], str(new["valid_from"])) == ("V2", "2027-01-01")


def test_a_workbook_speaks_the_words_of_the_field(small):
    book = workbook(small)

    assert [cell.value for cell in book["负面清单"]["D"]] == ["后果", "一票否决", "扣分"]
    assert [cell.value for cell in book["测评标准"]["H"]] == ["分类", "公益宣传", "公共服务"]


def test_every_bad_cell_is_told_at_once(small, tmp_path):
    book = workbook(small)
    book["测评标准"]["G2"], book["测评标准"]["G3"] = "零点五", -1
    book["负面清单"]["D3"], book["周期"]["B2"] = "重罚", ""
    book["版本"]["G2"] = "明年"

    bad = seen(small, saved(book, tmp_path)).bad

    assert [(one.place, one.row, one.column, one.value) for one in bad] == [
        ("版本", 2, "生效日期", "明年"),
        ("周期", 2, "权重", ""),
        ("测评标准", 2, "扣分", "零点五"),
        ("测评标准", 3, "扣分", "-1"),
        ("负面清单", 3, "后果", "重罚"),
    ]
    assert bad[-1].expected == "one of: 扣分, 一票否决"


def test_a_sheet_that_is_not_there_and_headings_that_are_not_are_told(small, tmp_path):
    book = workbook(small)
    del book["前置条件"]
    book["测评项目"]["B1"] = "甲"
    book["模块"]["A1"], book["模块"]["B1"], book["模块"]["C1"] = "甲", "乙", "丙"

    bad = read_system(saved(book, tmp_path)).bad

    assert [(one.place, one.column) for one in bad] == [("模块", "-"), ("测评项目", "-"), ("前置条件", "-")]
    assert "模块编码, 模块名称" in bad[0].expected


def test_sheets_and_columns_that_nobody_reads_are_told_and_stop_nothing(small, tmp_path):
    book = workbook(small)
    book.create_sheet("说明")["A1"] = "请勿修改"
    book["周期"]["C1"] = "备注"

    proposal = seen(small, saved(book, tmp_path))

    assert (list(proposal.ignored), list(proposal.bad)) == (["说明", "周期: 备注"], [])


def test_a_spreadsheet_may_have_made_numbers_and_days_of_codes(small, tmp_path):
    book = workbook(small)
    book["测评标准"]["C2"], book["点位类别"]["A2"] = 1, 1
    book["版本"]["G2"] = book["版本"]["G2"].value

    assert seen(small, saved(book, tmp_path)).bad == ()


def test_a_formula_that_was_never_worked_out_is_refused(small, tmp_path):
    book = workbook(small)
    book["模块"]["D2"] = "=1-0.3"

    (bad,) = seen(small, saved(book, tmp_path)).bad

    assert (bad.place, bad.row, bad.column) == ("模块", 2, "权重")


def test_what_looks_like_a_formula_stays_a_text(small, tmp_path):
    book = renamed(workbook(small))
    book["测评标准"]["E2"].value, book["测评标准"]["E2"].data_type = "=HYPERLINK(1)", "s"
    brought(small, saved(book, tmp_path))

    cell = workbook(small, "V2")["测评标准"]["E2"]

    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(1)", "s", True)


def test_an_edition_has_one_row_and_a_code_that_fits_into_an_address(small, tmp_path):
    book = workbook(small)
    book["版本"]["D2"] = "V 2/../x"
    book["版本"]["D3"] = "V3"

    bad = read_system(saved(book, tmp_path)).bad

    assert [(one.row, one.column) for one in bad] == [(3, "-"), (2, "版本编码")]


def test_what_is_no_workbook_is_refused(tmp_path):
    (tmp_path / "a.xlsx").write_text("code,name\n")

    with pytest.raises(UnreadableFile):
        read_system(tmp_path / "a.xlsx")


def test_an_empty_workbook_lacks_every_sheet(tmp_path):
    bad = read_system(saved(Workbook(), tmp_path)).bad

    assert len(bad) == 11
