"""The decomposition table: new and known points, the task rows of a year, and everything that can be wrong."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from models.errors import ActionNotAllowed, BadRows
from models.point import Point, Task
from services.imports import tasks
from tests.cast import HANDLER, OFFICE, who
from tests.services.imports.lives import NOW, a_workbook

KNOWN: dict[str, Any] = {
    "年度": 2026,
    "类别编码": "01",
    "点位编号": "P-0001",
    "主责单位": "D-CGJ",
    "攻坚行动": "环境卫生",
}
NEW: dict[str, Any] = {
    "年度": "2026年",
    "类别编码": "农贸市场",
    "点位编号": "P-0100",
    "点位名称": "新市场",
    "行政区划代码": "510302001002",
    "详细位置": "@1号",
    "主责单位": "自贡市市场监督管理局",
    "责任人": "唐以沫",
    "攻坚行动": "硬件设施",
}


def the_file(tmp_path: Path, *rows: dict[str, Any]) -> Path:
    headings = list(dict.fromkeys(name for row in rows for name in row))
    return a_workbook(tmp_path / "任务分解表.xlsx", headings, [[row.get(h) for h in headings] for row in rows])


def test_a_new_point_comes_with_its_task(city: Session, tmp_path: Path):
    tasks.apply(city, tasks.plan(city, the_file(tmp_path, NEW), now=NOW), by=who(city, OFFICE), now=NOW)

    point = city.get(Point, "P-0100")
    assert (point.name, point.category_code, point.lead_unit, point.address) == ("新市场", "12", "D-SCJGJ", "@1号")
    task = city.exec(select(Task).where(Task.point_code == "P-0100")).one()
    assert (task.year, task.unit_code, task.person_code, task.campaign) == (2026, "D-SCJGJ", "R00023", "硬件设施")


def test_what_would_change_is_shown_with_old_and_new(city: Session, tmp_path: Path):
    row = {**KNOWN, "主责单位": "T510302001", "点位名称": "新名", "行政区划代码": "510302001002001"}

    planned = tasks.plan(city, the_file(tmp_path, row), now=NOW)

    assert {(c.what, c.key, c.column, c.old, c.new) for c in planned.changes} == {
        ("point", "P-0001", "name", "高山井社区大道", "新名"),
        ("task", "2026 01 P-0001", "unit_code", "D-CGJ", "T510302001"),
    }


def test_a_dry_run_writes_nothing(city: Session, tmp_path: Path):
    tasks.plan(city, the_file(tmp_path, NEW, {**KNOWN, "点位名称": "新名"}), now=NOW)

    assert city.get(Point, "P-0100") is None
    assert city.get(Point, "P-0001").name == "高山井社区大道"


def test_changes_are_applied(city: Session, tmp_path: Path):
    row = {**KNOWN, "主责单位": "T510302001", "点位名称": "新名", "责任人": "R00015"}

    tasks.apply(city, tasks.plan(city, the_file(tmp_path, row), now=NOW), by=who(city, OFFICE), now=NOW)

    task = city.exec(select(Task).where(Task.point_code == "P-0001")).one()
    assert (task.unit_code, task.person_code, task.campaign) == ("T510302001", "R00015", "环境卫生")
    assert (city.get(Point, "P-0001").name, city.get(Point, "P-0001").lead_unit) == ("新名", "D-CGJ")


def test_loading_again_changes_nothing(city: Session, tmp_path: Path):
    path = the_file(tmp_path, NEW, KNOWN, {"年度": 2026, "类别编码": 1, "主责单位": "D-CGJ"})
    tasks.apply(city, tasks.plan(city, path, now=NOW), by=who(city, OFFICE), now=NOW)

    planned = tasks.plan(city, path, now=NOW)

    assert (planned.is_empty, planned.unchanged, planned.bad) == (True, 3, ())


def test_a_row_without_a_point_holds_for_the_category(city: Session, tmp_path: Path):
    tasks.apply(
        city, tasks.plan(city, the_file(tmp_path, {**KNOWN, "点位编号": None}), now=NOW), by=who(city, OFFICE), now=NOW
    )

    assert city.exec(select(Task.category_code).where(col(Task.point_code).is_(None))).all() == ["01"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({**KNOWN, "年度": "去年"}, "年度"),
        ({**KNOWN, "年度": 20260}, "年度"),
        ({**KNOWN, "年度": None}, "年度"),
        ({**KNOWN, "类别编码": "77"}, "类别编码"),
        ({**KNOWN, "主责单位": "不存在局"}, "主责单位"),
        ({**KNOWN, "主责单位": None}, "主责单位"),
        ({**KNOWN, "责任人": "没有这个人"}, "责任人"),
        ({**NEW, "行政区划代码": "999999"}, "行政区划代码"),
        ({**NEW, "行政区划代码": None}, "行政区划代码"),
        ({**NEW, "点位名称": None}, "点位名称"),
        ({**NEW, "点位编号": None}, "点位名称"),
        ({**NEW, "点位编号": "P/01:x"}, "点位编号"),
        ({**NEW, "点位编号": "D-CGJ"}, "点位编号"),
        ({**NEW, "经度": "东边"}, "经度"),
        ({**NEW, "纬度": 91}, "纬度"),
    ],
)
def test_a_bad_cell_is_told_and_nothing_is_loaded(city: Session, tmp_path: Path, row: dict[str, Any], column: str):
    planned = tasks.plan(city, the_file(tmp_path, {**NEW, "点位编号": "P-0200"}, row), now=NOW)

    assert (3, column) in {(bad.row, bad.column) for bad in planned.bad}
    with pytest.raises(BadRows):
        tasks.apply(city, planned, by=who(city, OFFICE), now=NOW)
    assert city.get(Point, "P-0200") is None


def test_the_same_task_twice_is_told(city: Session, tmp_path: Path):
    planned = tasks.plan(city, the_file(tmp_path, KNOWN, {**KNOWN, "主责单位": "T510302001"}), now=NOW)

    assert [(bad.row, bad.column, bad.value) for bad in planned.bad] == [(3, "点位编号", "P-0001")]


def test_two_rows_that_say_different_things_of_a_point_are_told(city: Session, tmp_path: Path):
    planned = tasks.plan(city, the_file(tmp_path, NEW, {**NEW, "年度": 2027, "点位名称": "别名"}), now=NOW)

    assert [(bad.row, bad.column, bad.value) for bad in planned.bad] == [(3, "点位名称", "别名")]


def test_a_missing_column_is_told_before_anything_else(city: Session, tmp_path: Path):
    row = {name: value for name, value in KNOWN.items() if name != "主责单位"}

    assert [bad.column for bad in tasks.plan(city, the_file(tmp_path, row), now=NOW).bad] == ["主责单位"]


@pytest.mark.slow
def test_three_thousand_points_come_in_without_waiting(city: Session, tmp_path: Path):
    rows = [{**NEW, "点位编号": f"Q-{n:04d}"} for n in range(3379)]

    tasks.apply(city, tasks.plan(city, the_file(tmp_path, *rows), now=NOW), by=who(city, OFFICE), now=NOW)

    assert city.exec(select(func.count()).select_from(Point)).one() == 3379 + 3


def test_a_unit_does_not_decide_who_answers(city: Session, tmp_path: Path) -> None:
    planned = tasks.plan(city, the_file(tmp_path, NEW), now=NOW)

    with pytest.raises(ActionNotAllowed):
        tasks.apply(city, planned, by=who(city, HANDLER), now=NOW)
