"""The task decomposition table (任务分解表): points, and who answers for them in a year.

A point that is new is made; one that is known takes name, place and address from the table and keeps its lead unit,
since the row of the year goes before it. An empty cell says nothing about a point; it clears person and campaign of a
task where the column is there.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from models.errors import ActionNotAllowed, BadRow, BadRows
from models.point import Point, Task
from models.rights import Actor, manages_city
from services import bulk, rulebook
from services.exports.columns import Column
from services.exports.register import Register, read_register
from services.imports import cells
from services.imports.cells import Complaints, Reader
from services.imports.workbook import Line, Table, read_table

Progress = Callable[[int, int], None]
C = Column
COLUMNS = (
    C("year", "年度", "Year", aliases=("年份",)),
    C("category_code", "类别编码", "Category", aliases=("类别", "点位类别")),
    C("point_code", "点位编号", "Point", aliases=("点位编码",)),
    C("name", "点位名称", "Point name", aliases=("点位",)),
    C("area_code", "行政区划代码", "Area code"),
    C("address", "详细位置", "Address", aliases=("详细地址", "位置")),
    C("lng", "经度", "Longitude"),
    C("lat", "纬度", "Latitude"),
    C("unit_code", "主责单位", "Lead unit", aliases=("责任单位", "牵头单位", "主责单位编码")),
    C("person_code", "责任人", "Responsible person"),
    C("campaign", "攻坚行动", "Campaign", aliases=("攻坚",)),
)
BY_FIELD = {column.field: column for column in COLUMNS}
NEEDED = ("year", "category_code", "unit_code")
OF_POINT = ("name", "area_code", "address", "lng", "lat")
OF_TASK = ("unit_code", "person_code", "campaign")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")

TaskKey = tuple[int, str, str | None]


@dataclass(frozen=True)
class Change:
    """One column of one point or task that the table would change."""

    what: str
    key: str
    column: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Plan:
    """What loading the file would do. With anything in `bad`, nothing is loaded."""

    file: str
    new_points: tuple[Mapping[str, Any], ...] = ()
    new_tasks: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    bad: tuple[BadRow, ...] = ()
    ignored: tuple[str, ...] = ()
    point_updates: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    task_updates: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether everything is as the file says already."""
        return not (self.new_points or self.new_tasks or self.changes)


def plan(session: Session, path: Path, *, now: datetime, progress: Progress | None = None) -> Plan:
    """Read the table and compare; writes nothing. Raises UnreadableFile; bad rows are in the plan."""
    table = read_table(path, COLUMNS, needed=NEEDED)
    register = read_register(session, now=now)
    complaints = Complaints(table, BY_FIELD, list(table.bad))
    rows = [] if table.bad else _read(table, register, complaints, progress)
    if complaints.found:
        return Plan(file=table.file, bad=tuple(complaints.found), ignored=table.ignored)
    return _compare(session, table, rows, register)


def apply(session: Session, planned: Plan, *, by: Actor) -> None:
    """Load what was planned, in the caller's transaction: it decides who answers, so it is the city office's to do.

    Raises ActionNotAllowed for anybody else; BadRows, and loads nothing, when a row is bad.
    """
    if not manages_city(by, rulebook.the_city(session).code):
        raise ActionNotAllowed(action="import_tasks", who="dispatcher, administrator")
    if planned.bad:
        raise BadRows(file=planned.file, rows=planned.bad)
    bulk.insert(session, Point, planned.new_points)
    bulk.update(session, Point, planned.point_updates, key=("code",))
    bulk.insert(session, Task, planned.new_tasks)
    bulk.update(session, Task, planned.task_updates, key=("id",))
    session.expire_all()


def _readers(register: Register) -> dict[str, Reader]:
    return {
        "year": cells.year,
        "category_code": cells.known(register.categories, "a category"),
        "point_code": cells.code_text,
        "name": cells.text,
        "area_code": cells.known_code(register.areas, "an area"),
        "address": cells.text,
        "lng": cells.between(-180, 180),
        "lat": cells.between(-90, 90),
        "unit_code": cells.known(register.units, "a unit"),
        "person_code": cells.known(register.persons, "a person"),
        "campaign": cells.text,
    }


def _read(table: Table, register: Register, complaints: Complaints, progress: Progress | None) -> list[dict[str, Any]]:
    readers, rows = _readers(register), []
    keys: dict[TaskKey, int] = {}
    points: dict[str, tuple[int, dict[str, Any]]] = {}
    for done, line in enumerate(table.lines, start=1):
        values = cells.read_cells(line, readers, complaints)
        _check_needed(line, complaints)
        _check_point(line, values, register, complaints)
        _check_once(line, values, keys, complaints)
        _check_agrees(line, values, points, complaints)
        rows.append(values)
        if progress:
            progress(done, len(table.lines))
    return rows


def _check_needed(line: Line, complaints: Complaints) -> None:
    for name in NEEDED:
        if name not in line.cells:
            complaints.add(line, name, "a value in every row")


def _check_point(line: Line, values: Mapping[str, Any], register: Register, complaints: Complaints) -> None:
    """A new point needs a usable code, a name and a place."""
    code = values.get("point_code")
    if code is None:
        for name in set(OF_POINT) & set(line.cells):
            complaints.add(line, name, "nothing, or a point's code in the same row")
    elif code not in register.points:
        if not _CODE.fullmatch(code) or code in register.areas or code in register.units:
            complaints.add(line, "point_code", "a code of letters, digits, . _ and -, not that of an area or a unit")
        for name in ("name", "area_code"):
            if name not in line.cells:
                complaints.add(line, name, "a value, since this point is new")


def _check_once(line: Line, values: Mapping[str, Any], keys: dict[TaskKey, int], complaints: Complaints) -> None:
    if "year" not in values or "category_code" not in values:
        return
    key = _task_key(values)
    first = keys.setdefault(key, line.row)
    if first != line.row:
        complaints.add(line, "point_code", f"each point once per year and category; it stands in row {first} already")


def _check_agrees(
    line: Line, values: Mapping[str, Any], points: dict[str, tuple[int, dict[str, Any]]], complaints: Complaints
) -> None:
    """Several rows of one point must say the same about it."""
    if "point_code" not in values:
        return
    row, said = points.setdefault(values["point_code"], (line.row, {}))
    for name in OF_POINT:
        if name in values and said.setdefault(name, values[name]) != values[name]:
            complaints.add(line, name, f"the same as in row {row}: {said[name]}")


def _task_key(values: Mapping[str, Any]) -> TaskKey:
    return values["year"], values["category_code"], values.get("point_code")


def _compare(session: Session, table: Table, rows: list[dict[str, Any]], register: Register) -> Plan:
    years = {values["year"] for values in rows}
    kept = {
        (task.year, task.category_code, task.point_code): task
        for task in session.exec(select(Task))
        if task.year in years
    }
    new_points: dict[str, dict[str, Any]] = {}
    point_changes: dict[tuple[str, str], Change] = {}
    task_changes: list[Change] = []
    new_tasks, task_updates, unchanged = [], [], 0
    for values in rows:
        changed = _point(values, register, new_points, point_changes)
        task = kept.get(_task_key(values))
        if task is None:
            new_tasks.append({"year": values["year"], "category_code": values["category_code"], **_task(values)})
            continue
        differs = _task_changes(task, values, table)
        task_changes += differs
        if differs:
            task_updates.append({"id": task.id, **{change.column: change.new for change in differs}})
        unchanged += not differs and not changed
    return Plan(
        file=table.file,
        new_points=tuple(new_points.values()),
        new_tasks=tuple(new_tasks),
        changes=(*point_changes.values(), *task_changes),
        unchanged=unchanged,
        ignored=table.ignored,
        point_updates=_updates(point_changes.values()),
        task_updates=tuple(task_updates),
    )


def _task(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "point_code": values.get("point_code"),
        "unit_code": values["unit_code"],
        "person_code": values.get("person_code"),
        "campaign": values.get("campaign", ""),
    }


def _point(
    values: Mapping[str, Any],
    register: Register,
    new: dict[str, dict[str, Any]],
    changes: dict[tuple[str, str], Change],
) -> bool:
    """Note what the row says of its point; whether that changes anything."""
    code = values.get("point_code")
    if code is None:
        return False
    point = register.points.get(code)
    if point is None:
        given = {name: values[name] for name in OF_POINT if name in values}
        new.setdefault(code, _new_point(code, values)).update(given)
        return True
    before = len(changes)
    for name in OF_POINT:
        if name in values and getattr(point, name) != values[name]:
            changes[code, name] = Change("point", code, name, getattr(point, name), values[name])
    return len(changes) > before


def _new_point(code: str, values: Mapping[str, Any]) -> dict[str, Any]:
    fixed = {"code": code, "category_code": values["category_code"], "lead_unit": values["unit_code"]}
    return {**fixed, "address": "", "lat": None, "lng": None, "closed": False, "sample": False}


def _task_changes(task: Task, values: Mapping[str, Any], table: Table) -> list[Change]:
    wanted = {name: value for name, value in _task(values).items() if name in OF_TASK and name in table.headings}
    key = f"{task.year} {task.category_code} {task.point_code or ''}".strip()
    return [
        Change("task", key, name, getattr(task, name), value)
        for name, value in wanted.items()
        if getattr(task, name) != value
    ]


def _updates(changes: Any) -> tuple[Mapping[str, Any], ...]:
    by_code: dict[str, dict[str, Any]] = {}
    for change in changes:
        by_code.setdefault(change.key, {"code": change.key})[change.column] = change.new
    return tuple(by_code.values())
