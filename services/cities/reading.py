"""Reading a city pack: every cell typed, every bad cell told at once, nothing used of a pack that has one."""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_type_hints
from zoneinfo import ZoneInfo

from models.calendar import Calendar, Span
from models.errors import BadRow, BadRows, UnreadableFile, WrongValue
from services.cities import rows
from services.cities.cells import reader_of
from services.cities.pack import Pack
from services.cities.rows import CityFacts

Row = TypeVar("Row")
FILES: Mapping[str, tuple[str, type[Any]]] = {
    "areas": ("areas.csv", rows.AreaRow),
    "units": ("units.csv", rows.UnitRow),
    "persons": ("persons.csv", rows.PersonRow),
    "posts": ("posts.csv", rows.PostRow),
    "tenures": ("tenures.csv", rows.TenureRow),
    "deputies": ("deputies.csv", rows.DeputyRow),
    "contacts": ("contacts.csv", rows.ContactRow),
    "systems": ("checklist/systems.csv", rows.SystemRow),
    "versions": ("checklist/versions.csv", rows.VersionRow),
    "categories": ("checklist/categories.csv", rows.CategoryRow),
    "standards": ("checklist/standards.csv", rows.StandardRow),
    "points": ("points.csv", rows.PointRow),
    "tasks": ("tasks.csv", rows.TaskRow),
    "days": ("calendar/calendar_days.csv", rows.DayRow),
    "stories": ("issues.csv", rows.StoryRow),
}
OPTIONAL = frozenset({"deputies", "contacts", "tasks", "stories"})
RULES = ("severities", "ladder", "closeout", "policy")
EXPECTED_SPANS = 'working hours in order, such as [["09:00", "12:00"], ["13:00", "17:00"]]'


def read_pack(folder: Path) -> Pack:
    """A pack as typed rows. Raises UnreadableFile for a file that is missing or not CSV, TOML or UTF-8; BadRows."""
    problems: list[BadRow] = []
    tables = {
        name: tuple(_read_table(folder, file, kind, problems, optional=name in OPTIONAL))
        for name, (file, kind) in FILES.items()
    }
    rules = {name: _read_toml(folder, f"rules/{name}.toml") for name in RULES}
    city = _read_city(_read_toml(folder, "city.toml"), problems)
    templates = {
        path.relative_to(folder).as_posix(): _read_text(folder, path.relative_to(folder).as_posix())
        for path in sorted((folder / "templates").rglob("*.txt"))
    }
    if problems or city is None:
        raise BadRows(file=folder.name, rows=problems)
    return Pack(folder=folder, city=city, rules=rules, templates=templates, **tables)


def _read_text(folder: Path, file: str) -> str:
    try:
        return (folder / file).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(file=file, expected="UTF-8", why=str(error)) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise UnreadableFile(file=folder / file, expected="a file of the pack", why=why) from error


def _read_toml(folder: Path, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(_read_text(folder, file))
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFile(file=file, expected="TOML", why=str(error)) from error


def _read_table(folder: Path, file: str, kind: type[Row], problems: list[BadRow], *, optional: bool) -> Iterator[Row]:
    if optional and not (folder / file).exists():
        return
    lines = csv.reader(io.StringIO(_read_text(folder, file), newline=""), strict=True)
    try:
        columns = next(lines, [])
        wrong = _wrong_columns(file, columns, kind)
        problems += wrong
        if wrong:
            return
        for cells in lines:
            yield from _read_row(file, lines.line_num, columns, cells, kind, problems)
    except csv.Error as error:
        raise UnreadableFile(file=file, expected="CSV", why=f"line {lines.line_num}: {error}") from error


def _wrong_columns(file: str, columns: list[str], kind: type[Any]) -> list[BadRow]:
    known = {field.name: field for field in fields(kind) if field.name != "row"}
    expected = ", ".join(known)
    wrong = [BadRow(file, 1, name, name, f"one of the columns {expected}") for name in columns if name not in known]
    wrong += [BadRow(file, 1, name, name, "each column once") for name in set(columns) if columns.count(name) > 1]
    missing = [name for name, field in known.items() if name not in columns and _is_required(field)]
    return [*wrong, *(BadRow(file, 1, name, "", f"a column “{name}”") for name in missing)]


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING


def _read_row(
    file: str, line: int, columns: list[str], cells: list[str], kind: Any, problems: list[BadRow]
) -> Iterator[Any]:
    if not cells:
        return  # an empty line
    if len(cells) != len(columns):
        problems.append(BadRow(file, line, "-", ",".join(cells)[:80], f"{len(columns)} cells, not {len(cells)}"))
        return
    values: dict[str, Any] = {"row": line}
    before = len(problems)
    for name, cell in zip(columns, cells, strict=True):
        if cell.strip():
            _read_cell(file, line, name, cell.strip(), kind, values, problems)
        elif name in _required(kind):
            problems.append(BadRow(file, line, name, "", reader_of(_types(kind)[name])[1]))
    if len(problems) == before:
        yield kind(**values)


@cache
def _required(kind: Any) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind) if _is_required(field))


def _read_cell(
    file: str, line: int, name: str, cell: str, kind: Any, values: dict[str, Any], problems: list[BadRow]
) -> None:
    read, expected = reader_of(_types(kind)[name])
    try:
        values[name] = read(cell)
    except (ValueError, KeyError):
        problems.append(BadRow(file, line, name, cell, expected))


@cache
def _types(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _read_city(written: Mapping[str, Any], problems: list[BadRow]) -> CityFacts | None:
    known = {field.name: field for field in fields(CityFacts)}
    wrong = [BadRow("city.toml", 0, key, str(written[key]), "no such setting") for key in written if key not in known]
    wrong += [
        BadRow("city.toml", 0, name, "", "a value")
        for name, f in known.items()
        if _is_required(f) and name not in written
    ]
    hints = get_type_hints(CityFacts)
    for name in (name for name in written if hints.get(name) in (str, bool)):
        if not isinstance(written[name], hints[name]) or written[name] == "":
            wrong.append(BadRow("city.toml", 0, name, str(written[name]), hints[name].__name__))
    spans = _read_spans(written.get("spans"), wrong)
    _check_city(written, wrong)
    problems += wrong
    return None if wrong else CityFacts(**{**written, "spans": spans})


def _read_spans(written: Any, wrong: list[BadRow]) -> tuple[Span, ...]:
    try:
        spans = tuple(Span(time.fromisoformat(start), time.fromisoformat(end)) for start, end in written)
        Calendar(version=0, timezone="UTC", spans=spans, days={})
    except (TypeError, ValueError, WrongValue):
        wrong.append(BadRow("city.toml", 0, "spans", str(written), EXPECTED_SPANS))
        return ()
    return spans


def _check_city(written: Mapping[str, Any], wrong: list[BadRow]) -> None:
    try:
        ZoneInfo(str(written.get("timezone", "UTC")))
    except (ValueError, OSError, KeyError):  # KeyError is what zoneinfo raises for an unknown zone
        wrong.append(BadRow("city.toml", 0, "timezone", str(written["timezone"]), "such as Asia/Shanghai"))
    try:
        str(written.get("order_number", "")).format(year=2026, n=1)
    except (KeyError, IndexError, ValueError):
        wrong.append(BadRow("city.toml", 0, "order_number", str(written["order_number"]), "{year} and {n} only"))
