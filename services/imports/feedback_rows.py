"""The table of a superior's feedback: its columns by the headings that offices use, and its rows as findings.

A row names a point, by code or by its whole name; where we have no such point, its area must say where it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from models.errors import BadRow, UnreadableFile
from models.rules import Rules
from services.exports.columns import Column
from services.exports.register import Edition, Names, Register
from services.imports import cells
from services.imports.cells import Complaints, NotThat, Reader
from services.imports.docx_tables import EXPECTED, read_tables
from services.imports.workbook import HEADER_WITHIN, Line, Table, plain_heading, read_table

C = Column
COLUMNS: tuple[Column, ...] = (
    C("position", "序号", "No.", aliases=("编号",)),
    C(
        "point",
        "点位",
        "Point",
        aliases=("点位名称", "点位编号", "检查点位", "测评点位", "实地点位", "检查地点", "地点"),
    ),
    C("area", "区域", "Area", aliases=("区县", "所在区域", "所属区域", "行政区划", "行政区划代码", "所属区县")),
    C("address", "详细位置", "Address", aliases=("具体位置", "位置", "详细地址")),
    C("category", "类别", "Category", aliases=("点位类别", "点位类型")),
    C("standard", "标准编码", "Standard", aliases=("指标编码", "标准编号")),
    C(
        "description",
        "存在问题",
        "Problem",
        aliases=("问题描述", "问题", "具体问题", "主要问题", "反馈问题", "问题清单"),
    ),
    C("severity", "严重等级", "Severity", aliases=("等级", "问题等级")),
    C("deduction", "扣分", "Deduction", aliases=("扣分值", "失分")),
)
BY_FIELD = {column.field: column for column in COLUMNS}
NEEDED = ("description",)
LONGEST = 2000
IN_WORD = 2
"""So many headings make a table of a Word file ours: a document has others too, such as who signed."""
_NUMBERED = re.compile(r"\s*(?:\d{1,4}[、.．)）]|[（(]\d{1,4}[)）])\s*")


@dataclass(frozen=True)
class Entry:
    """A row that can be used. `known`: the number of an open issue of the same standard at the same point."""

    place: str
    row: int
    description: str
    area: str
    address: str
    point: str | None = None
    category: str | None = None
    edition: Edition | None = None
    severity: str | None = None
    deduction: Decimal | None = None
    known: str | None = None


def read_feedback(path: Path) -> list[Table]:
    """The tables of a workbook or of a Word file that look like feedback. Raises UnreadableFile."""
    if _is_word(path):
        return _word_tables(path)
    return [read_table(path, COLUMNS, needed=NEEDED)]


def _is_word(path: Path) -> bool:
    """By what is in it; the name counts for what is no archive, which is then refused with what to do about it."""
    try:
        with ZipFile(path) as archive:
            return any(name.startswith("word/") for name in archive.namelist())
    except (BadZipFile, OSError, ValueError, RuntimeError):
        return path.suffix.lower() in (".docx", ".doc")


def _word_tables(path: Path) -> list[Table]:
    found = [table for n, rows in enumerate(read_tables(path), start=1) if (table := _as_table(path, n, rows))]
    if not found:
        wanted = f"{BY_FIELD['point'].zh}, {BY_FIELD['description'].zh}"
        raise UnreadableFile(file=path.name, expected=EXPECTED, why=f"no table in it has these headings: {wanted}")
    return found


def _as_table(path: Path, n: int, rows: Sequence[Sequence[str]]) -> Table | None:
    """A table of the document, where one of its first rows has our headings."""
    names = {plain_heading(name): c.field for c in COLUMNS for name in (c.zh, c.en, c.field, *c.aliases)}
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        places = {names[said]: place for place, said in enumerate(map(plain_heading, row)) if said in names}
        if len(places) >= IN_WORD and "description" in places:
            return _filled(path, n, at, row, places, rows[at + 1 :])
    return None


def _filled(
    path: Path, n: int, at: int, header: Sequence[str], places: Mapping[str, int], rows: Sequence[Sequence[str]]
) -> Table:
    ours = set(places.values())
    table = Table(
        file=path.name,
        sheet=f"表{n}",
        header_row=at + 1,
        headings={name: header[place] for name, place in places.items()},
        ignored=tuple(text for place, text in enumerate(header) if text and place not in ours),
    )
    for number, row in enumerate(rows, start=at + 2):
        found = {name: row[place] for name, place in places.items() if place < len(row) and row[place]}
        if set(found) - {"position"}:
            table.lines.append(Line(number, dict(found)))
    return table


def entries(table: Table, register: Register, rules: Rules, *, on: date, bad: list[BadRow]) -> Iterator[Entry]:
    """The rows that can be used; what is wrong with the others goes into `bad`."""
    complaints = Complaints(table, BY_FIELD, list(table.bad))
    readers = _readers(register, rules)
    for line in table.lines:
        before = len(complaints.found)
        values = cells.read_cells(line, readers, complaints)
        if "description" not in line.cells:
            complaints.add(line, "description", "what is wrong, in every row")
        entry = _entry(line, values, register, complaints, on=on)
        if entry and len(complaints.found) == before:
            yield entry
    bad += complaints.found


def _readers(register: Register, rules: Rules) -> dict[str, Reader]:
    points = Names([(code, row.name) for code, row in register.points.items()])
    areas = Names([(code, place.name) for code, place in register.areas.items()])
    return {
        "point": lambda cell: points.find(cells.code_text(cell)) or cells.code_text(cell),
        "area": cells.known(areas, "an area"),
        "address": cells.text,
        "category": cells.known(register.categories, "a category"),
        "standard": cells.known_code(register.standards, "a standard"),
        "description": _description,
        "severity": cells.word_of({code: rule.name for code, rule in rules.severities.items()}),
        "deduction": cells.points_off,
    }


def _description(cell: Any) -> str:
    written = _NUMBERED.sub("", cells.text(cell).strip(), count=1) if _NUMBERED.match(cells.text(cell)) else ""
    written = written or cells.text(cell).strip()
    if len(written) > LONGEST:
        raise NotThat(f"at most {LONGEST} characters")
    return written


def _entry(
    line: Line, values: Mapping[str, Any], register: Register, complaints: Complaints, *, on: date
) -> Entry | None:
    said = values.get("point")
    point = register.points.get(said) if said else None
    if point is None and "area" not in values:
        expected = "the code or the whole name of a point that exists, once; or an area, where it is no point of ours"
        complaints.add(line, "point", expected)
        return None
    edition = register.edition(values["standard"], on=on) if "standard" in values else None
    if edition and point and edition.category != point.category_code:
        complaints.add(line, "standard", f"a standard of category {point.category_code}, that of this point")
    return Entry(
        place=complaints.table.sheet,
        row=line.row,
        description=values.get("description", ""),
        area=point.area_code if point else values["area"],
        address=values.get("address", "") or (said if said and point is None else ""),
        point=point.code if point else None,
        category=values.get("category"),
        edition=edition,
        severity=values.get("severity"),
        deduction=values.get("deduction"),
    )
