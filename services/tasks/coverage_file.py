"""The holes of a year's table as a workbook: one row for each point or standard of which something is missing."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sqlmodel import Session

from services.exports.columns import Column
from services.exports.sheet import SheetWriter
from services.filters import Scope
from services.tasks.coverage import Gap, holes

C = Column
COLUMNS = (
    C("gap", "缺什么", "Missing", 18),
    C("code", "编号", "Code", 12),
    C("name", "点位或标准", "Point or standard", 40),
    C("category", "类别", "Class", 20),
    C("place", "所在地", "Place", 20),
    C("unit", "单位", "Unit", 26),
    C("person", "责任人", "Person", 12),
)
TITLE = {"zh-CN": "分解缺口", "en": "Holes"}


def write_coverage(
    session: Session,
    path: Path,
    *,
    year: int,
    today: date,
    lang: str,
    words: Mapping[Gap, str],
    area: str = "",
    scope: Scope | None = None,
) -> int:
    """Write every hole; returns how many. Raises NotFound for an unknown area, OSError when the disk is full."""
    written = 0
    with SheetWriter(path, title=f"{year} {TITLE[lang]}", columns=COLUMNS, lang=lang) as sheet:
        for gap in Gap:
            found = holes(session, gap, year=year, today=today, lang=lang, area=area, limit=None, scope=scope)
            for one in found:
                sheet.write((words[gap], one.code, one.name, one.category, one.place, one.unit, one.person))
            written += len(found)
    return written
