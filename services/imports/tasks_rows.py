"""The rows of a task decomposition table, read and checked against each other and against what is known."""

import re
from collections.abc import Mapping
from typing import Any

from services.exports.columns import Column
from services.exports.register import Register
from services.imports import cells
from services.imports.cells import Complaints, Reader
from services.imports.workbook import Line, Progress, Table

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


def read_rows(
    table: Table, register: Register, complaints: Complaints, progress: Progress | None
) -> list[dict[str, Any]]:
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
    key = task_key(values)
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


def task_key(values: Mapping[str, Any]) -> TaskKey:
    return values["year"], values["category_code"], values.get("point_code")
