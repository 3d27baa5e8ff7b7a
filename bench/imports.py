"""Importing points and a ledger from Excel, against reading the workbook alone plus a COPY of the same rows.

The least that an import can cost: read every row once as plain values (openpyxl, read-only, the usual way), and copy
the rows that come of it into plain tables of the same shape, with the same indexes, but without references.
"""

import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from openpyxl import Workbook, load_workbook
from psycopg.sql import SQL, Identifier
from sqlalchemy import Engine
from sqlmodel import Session

from bench.bed import a_database, seconds
from services.imports import ledger, tasks
from tests.cast import HANDLER, OFFICE, VERIFIER, at, who

POINTS, ROWS, TIMES = 3_379, 30_000, 3
NOW = at("2026-11-20 10:00")
FIRST = datetime.fromisoformat("2026-09-01 08:30")
PLACES = ("510302001002001", "510302001002", "510303001001")
TASK_HEADINGS = (
    *("年度", "类别编码", "点位编号", "点位名称", "行政区划代码"),
    *("详细位置", "经度", "纬度", "主责单位", "责任人"),
)
HEADINGS = (
    *("编号", "来源", "发现级别", "发现人", "发现时间", "类别", "标准编码", "点位编号", "点位名称", "行政区划代码"),
    *("区县", "街镇", "详细位置", "经度", "纬度", "问题描述", "严重等级", "扣分", "主责单位", "交办时间", "签收时间"),
    *("时限", "截止时间", "整改措施", "整改情况", "完成时间", "复核人", "复核时间", "复核结论", "返工次数", "退回次数"),
    *("退回理由", "督办级别", "督办单号", "群众满意度", "销号时间", "销号人", "状态", "备注"),
)
PROBLEMS = (
    "垃圾桶满溢未及时清运",
    "公益广告破损",
    "非机动车乱停放占用盲道",
    "墙面小广告未清理",
    "路面积水",
    "井盖松动",
)
STATES = ("已销号",) * 12 + ("整改中",) * 3 + ("待签收", "待复核", "待销号", "待交办", "挂账")
REACHED = {"待交办": 0, "待签收": 1, "整改中": 2, "挂账": 2, "待复核": 3, "待销号": 4, "已销号": 5}


def main(*, points: int = POINTS, rows: int = ROWS, times: int = TIMES) -> Iterator[tuple[str, str]]:
    """Lines of the table: what, and the figure."""
    with a_database() as fresh, tempfile.TemporaryDirectory(prefix="duban-bench-") as folder:
        table = _book(Path(folder) / "任务分解表.xlsx", TASK_HEADINGS, map(_task, range(points)))
        book = _book(Path(folder) / "问题台账.xlsx", HEADINGS, _problems(rows, points))
        turns = [_turn(fresh(f"imports_{n}"), table, book) for n in range(times)]
    for name, side in (("points", 0), ("ledger rows", 1)):
        count = (points, rows)[side]
        took, reading, copying = (median(turn[side][part] for turn in turns) for part in range(3))
        yield f"import {count:,} {name} from Excel", f"{took:.2f} s, {count / took:,.0f} rows/s"
        yield "the workbook read alone, and a COPY of the same rows", f"{reading:.2f} s and {copying:.2f} s"
        yield "import against both", f"{median(t[side][0] / (t[side][1] + t[side][2]) for t in turns):.2f} ×"


Turn = tuple[float, float, float]


def _turn(engine: Engine, table: Path, book: Path) -> tuple[Turn, Turn]:
    """Seconds to import, to read and to copy, for the points and for the ledger."""
    points = seconds(lambda: _import_tasks(engine, table))
    lines = seconds(lambda: _import_ledger(engine, book))
    return (
        (points, seconds(lambda: _read(table)), _copy(engine, ("point", "task"))),
        (lines, seconds(lambda: _read(book)), _copy(engine, ("issue", "issue_event", "supervision_order"))),
    )


def _import_tasks(engine: Engine, path: Path) -> None:
    with Session(engine) as session:
        by = who(session, OFFICE, now=NOW)
        tasks.apply(session, tasks.plan(session, path, now=NOW), by=by, now=NOW)
        session.commit()


def _import_ledger(engine: Engine, path: Path) -> None:
    with Session(engine) as session:
        by = who(session, OFFICE, now=NOW)
        ledger.apply(session, ledger.plan(session, path, now=NOW), by=by, now=NOW)
        session.commit()


def _read(path: Path) -> int:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))
    finally:
        book.close()


def _copy(engine: Engine, tables: Sequence[str]) -> float:
    """Seconds to COPY what these tables hold into plain ones of the same shape, and to commit: nothing but bytes."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor:
            rows = {name: _taken_out(cursor, name) for name in tables}
            for name in tables:
                shape = SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)")
                cursor.execute(shape.format(Identifier(f"plain_{name}"), Identifier(name)))
            cursor.execute("CHECKPOINT")  # neither side pays for what was written before it
            driver.commit()
            return seconds(lambda: _fill(driver, cursor, rows))


def _taken_out(cursor: Any, table: str) -> bytes:
    with cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as copy:
        return b"".join(copy)


def _fill(driver: Any, cursor: Any, rows: dict[str, bytes]) -> None:
    for name, written in rows.items():
        with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(f"plain_{name}"))) as copy:
            copy.write(written)
    driver.commit()


def _book(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("表")
    sheet.append(list(headings))
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def _point(n: int) -> str:
    return f"ZG-{n:05d}"


def _task(n: int) -> list[Any]:
    place = PLACES[n % len(PLACES)]
    return [2026, "01", _point(n), f"点位{n}号", place, f"五星街{n}号", 104.78, 29.35, "自贡市城市管理局", HANDLER]


def _problems(rows: int, points: int) -> Iterator[list[Any]]:
    chance = random.Random(0)  # the same file every time
    for n in range(rows):
        row = _problem(n, chance.randrange(points), STATES[n % len(STATES)], chance)
        yield [row.get(name) for name in HEADINGS]


def _problem(n: int, point: int, state: str, chance: random.Random) -> dict[str, Any]:
    """One row as an office keeps it: the further on it is, the more it says."""
    found = FIRST + timedelta(hours=chance.randrange(1_500))
    stages = (_found(n, point, state, found), _assigned(found), _signed_in(found), _submitted(found), _verified(found))
    row = {name: value for stage in stages[: 1 + REACHED[state]] for name, value in stage.items()}
    if state == "已销号":
        row |= {"销号时间": found + timedelta(hours=30), "销号人": OFFICE, "群众满意度": "满意"}
    if n % 10 == 0:
        row |= {"备注": "由原台账转入"}
    if n % 40 == 1 and state != "待交办":
        row |= {"退回次数": 1, "退回理由": "不属本单位职责", "督办级别": "E5", "督办单号": f"督〔2026〕{n + 1}号"}
    return row


def _found(n: int, point: int, state: str, at: datetime) -> dict[str, Any]:
    return {
        "编号": f"创建-{n:06d}",
        "来源": "暗访",
        "发现级别": "市",
        "发现人": "R00002",
        "发现时间": at,
        "类别": "01",
        "标准编码": "01-01",
        "点位编号": _point(point),
        "点位名称": f"点位{point}号",
        "行政区划代码": PLACES[point % len(PLACES)],
        "区县": "自流井区",
        "街镇": "五星街街道",
        "详细位置": f"五星街{point}号门前",
        "经度": 104.78583,
        "纬度": 29.35137,
        "问题描述": f"{PROBLEMS[n % len(PROBLEMS)]}，位置{n}",
        "严重等级": "S3",
        "扣分": 0.5,
        "主责单位": "自贡市城市管理局",
        "状态": state,
    }


def _assigned(found: datetime) -> dict[str, Any]:
    due = (found + timedelta(days=3)).replace(hour=17, minute=0)
    return {"交办时间": found + timedelta(hours=2), "时限": "3工作日", "截止时间": due}


def _signed_in(found: datetime) -> dict[str, Any]:
    return {"签收时间": found + timedelta(hours=4), "整改措施": "安排专人清理并加密巡查"}


def _submitted(found: datetime) -> dict[str, Any]:
    return {"完成时间": found + timedelta(hours=20), "整改情况": "已清理完毕"}


def _verified(found: datetime) -> dict[str, Any]:
    return {"复核时间": found + timedelta(hours=26), "复核人": VERIFIER, "复核结论": "合格", "返工次数": 0}
