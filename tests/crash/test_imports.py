"""Imports from Excel, struck anywhere: everything is there or nothing is; a second time brings in what is missing."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from tests.cast import OFFICE
from tests.crash.wholeness import WHOLE, check
from tests.services.imports.lives import NOW, a_workbook

TASKS: tuple[dict[str, Any], ...] = (
    {"点位编号": "P-0001", "点位名称": "新名", "主责单位": "T510302001", "攻坚行动": "环境卫生"},
    {"点位编号": "P-0100", "点位名称": "一号路", "主责单位": "D-CGJ", "攻坚行动": "硬件设施"},
    {"点位编号": "P-0101", "点位名称": "二号路", "主责单位": "D-CGJ", "攻坚行动": "硬件设施"},
)
ENTRY: dict[str, Any] = {
    "来源": "暗访",
    "发现时间": datetime.fromisoformat("2026-11-17 09:30"),
    "标准编码": "01-01",
    "点位编号": "P-0001",
    "主责单位": "自贡市城市管理局",
}
RUNNING = {"交办时间": "2026年11月17日 10:00", "状态": "整改中"}
LEDGER: tuple[dict[str, Any], ...] = (
    *({**ENTRY, **RUNNING, "编号": f"创建-{n:03}", "问题描述": f"第{n}处", "备注": "请尽快"} for n in range(5)),
    {**ENTRY, **RUNNING, "编号": "ZG-2026-000012", "问题描述": "原有编号", "测评轮次": "2026-暗访-07"},
    {**ENTRY, "问题描述": "新发现"},
)


def nothing(_: Session) -> None: ...


def the_file(path: Path, rows: tuple[dict[str, Any], ...]) -> Path:
    headings = list(dict.fromkeys(name for row in rows for name in row))
    return a_workbook(path, headings, [[row.get(name) for name in headings] for row in rows])


@pytest.mark.parametrize(
    ("point", "nth"),
    [("a table written", 1), ("a table changed", 1), ("a table written", 2), ("before a commit", 1), (WHOLE, 1)],
)
def test_points_and_tasks_come_in_all_or_none(place, finished, tmp_path: Path, point: str, nth: int) -> None:
    rows = tuple({"年度": 2026, "类别编码": "01", "行政区划代码": "510302001002001", **row} for row in TASKS)
    file = the_file(tmp_path / "任务分解表.xlsx", rows)
    check(
        place,
        finished,
        ("import", "tasks", str(file), "--as", OFFICE),
        tmp_path,
        point=point,
        nth=nth,
        now=NOW,
        fill=nothing,
    )


@pytest.mark.parametrize(
    ("point", "nth"),
    [
        ("numbers taken", 2),
        ("events written", 3),
        ("a batch imported", 1),
        ("a batch imported", 3),
        ("before a commit", 1),
        (WHOLE, 1),
    ],
)
def test_a_ledger_comes_in_all_or_none(place, finished, tmp_path: Path, point: str, nth: int) -> None:
    file = the_file(tmp_path / "台账.xlsx", LEDGER)
    check(
        place,
        finished,
        ("import", "ledger", str(file), "--as", OFFICE),
        tmp_path,
        point=point,
        nth=nth,
        now=NOW,
        fill=nothing,
    )
