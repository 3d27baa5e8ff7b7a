"""The ledger and the leaders' table as they come out."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlmodel import Session

from models.errors import NotFound
from models.lifecycle import State
from services.exports import ledger
from services.exports.columns import LEADERS, LEDGER
from services.exports.ledger import Filter, export_leaders_table, export_ledger
from services.exports.sheet import escape, unescape
from tests.cast import an_issue, at
from tests.services.imports.lives import FORMULA, NOW, some_lives, table_of


def rows(city: Session, tmp_path: Path, which: Filter = ledger.EVERYTHING) -> list[str]:
    count = export_ledger(city, tmp_path / "台账.xlsx", now=NOW, which=which)
    table = table_of(tmp_path / "台账.xlsx")
    assert count == len(table)
    return [row["编号"] for row in table]


def test_the_columns_stand_in_the_order_of_the_field(city: Session, tmp_path: Path):
    export_ledger(city, tmp_path / "台账.xlsx", now=NOW)

    sheet = load_workbook(tmp_path / "台账.xlsx").worksheets[0]

    assert [cell.value for cell in sheet[1]] == [column.zh for column in LEDGER]
    assert (sheet.title, sheet.freeze_panes, sheet["A1"].font.bold) == ("问题台账", "A2", True)
    assert sheet.column_dimensions["A"].width == 17


def test_no_text_is_ever_a_formula(city: Session, tmp_path: Path):
    for description in (FORMULA, "+1", "-1", "@A1", "\t=1", "#N/A"):
        an_issue(city, description=description, address=description)
    export_ledger(city, tmp_path / "台账.xlsx", now=NOW)

    sheet = load_workbook(tmp_path / "台账.xlsx").worksheets[0]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]

    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    risky = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@"))]
    assert len(risky) == 9
    assert all(cell.quotePrefix for cell in risky)


@given(st.text())
def test_escaped_text_reads_back_unchanged(text: str):
    assert unescape(escape(text)) == text


def test_times_are_city_time_and_real_dates(city: Session, tmp_path: Path):
    an_issue(city, state="assigned", now=at("2026-11-02 10:00"))
    export_ledger(city, tmp_path / "台账.xlsx", now=NOW)

    (row,) = table_of(tmp_path / "台账.xlsx")

    assert row["交办时间"] == datetime.fromisoformat("2026-11-02 10:00")
    assert row["截止时间"] == datetime.fromisoformat("2026-11-05 17:00")


def test_leaders_and_chiefs_stand_beside_the_issue(city: Session, tmp_path: Path):
    an_issue(city, state="assigned")
    export_ledger(city, tmp_path / "台账.xlsx", now=NOW)

    (row,) = table_of(tmp_path / "台账.xlsx")

    assert (row["直接领导"], row["街长"], row["网格长"], row["包点领导"]) == ("胡思齐", "刘既明", "潘子衿", "钱怀瑾")
    assert (row["区县"], row["社区村"], row["楼栋长"]) == ("自流井区", "高山井社区", None)


def test_overdue_is_computed_for_the_moment_of_the_export(city: Session, tmp_path: Path):
    an_issue(city, state="rectifying", now=at("2026-11-02 10:00"))
    export_ledger(city, tmp_path / "台账.xlsx", now=at("2026-11-05 20:00"))

    (row,) = table_of(tmp_path / "台账.xlsx")

    assert (row["是否逾期"], row["逾期时长(小时)"]) == ("是", 3)


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (Filter(area="510302"), 2),
        (Filter(area="510303"), 1),
        (Filter(area="5103"), 3),
        (Filter(unit="D-CGJ"), 1),
        (Filter(states=(State.FOUND,)), 2),
        (Filter(found_from=date(2026, 11, 3)), 1),
        (Filter(found_to=date(2026, 11, 2)), 2),
        (Filter(area="510302", states=(State.VOID,)), 0),
    ],
)
def test_a_filter_narrows_the_ledger(city: Session, tmp_path: Path, which: Filter, expected: int):
    an_issue(city, state="assigned")
    an_issue(city, point="P-0003", description="别区")
    an_issue(city, now=at("2026-11-03 00:00"), description="次日")

    assert len(rows(city, tmp_path, which)) == expected


@pytest.mark.parametrize("which", [Filter(area="99"), Filter(unit="D-NO")])
def test_an_unknown_area_or_unit_is_refused_and_no_file_is_left(city: Session, tmp_path: Path, which: Filter):
    with pytest.raises(NotFound):
        export_ledger(city, tmp_path / "台账.xlsx", now=NOW, which=which)

    assert not (tmp_path / "台账.xlsx").exists()


def test_pages_miss_nothing_and_progress_is_told(city: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ledger, "PAGE", 2)
    for _ in range(5):
        an_issue(city)
    said: list[tuple[int, int]] = []

    export_ledger(city, tmp_path / "台账.xlsx", now=NOW, progress=lambda done, total: said.append((done, total)))

    assert len(table_of(tmp_path / "台账.xlsx")) == 5
    assert said == [(2, 5), (4, 5), (5, 5)]


def test_the_leaders_table_is_plain(city: Session, tmp_path: Path):
    an_issue(city, state="closed", description="灯坏", now=at("2026-11-02 10:00"))
    export_leaders_table(city, tmp_path / "清单.xlsx", now=NOW)

    (row,) = table_of(tmp_path / "清单.xlsx")

    assert list(row) == [column.zh for column in LEADERS]
    assert list(row.values()) == [
        1,
        "高山井社区大道",
        "灯坏",
        "自贡市城市管理局",
        "何景行",
        datetime.fromisoformat("2026-11-05 17:00"),
        "已销号",
        "是",
    ]


def test_the_leaders_table_speaks_english(city: Session, tmp_path: Path):
    some_lives(city)
    export_leaders_table(city, tmp_path / "list.xlsx", now=NOW, lang="en")

    table = table_of(tmp_path / "list.xlsx")

    assert list(table[0]) == [column.en for column in LEADERS]
    assert "rectifying (overdue)" in {row["Progress"] for row in table}
