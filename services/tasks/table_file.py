"""The table of one year as a workbook in the columns that the import reads: taken out, edited, taken in again."""

from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from models.permissions import Right, must_hold
from models.rights import Actor
from services.exports.sheet import SheetWriter
from services.imports.tasks_rows import COLUMNS
from services.rulebook import the_city

TITLE = {"zh-CN": "任务分解表", "en": "Task decomposition"}


def write_table(session: Session, path: Path, *, year: int, lang: str, by: Actor) -> int:
    """Write every row of a year; returns how many. Raises ActionNotAllowed, OSError when the disk is full.

    Persons are written by their codes, as a name may be that of several.
    """
    must_hold(by, Right.EXPORT, city=the_city(session).code, area_path=the_city(session).code)
    with SheetWriter(path, title=f"{year} {TITLE[lang]}", columns=COLUMNS, lang=lang) as sheet:
        rows = session.connection().execute(_ROWS, {"year": year}).all()
        for row in rows:
            sheet.write(row)
    return len(rows)


_ROWS = text("""
SELECT t.year, t.category_code, t.point_code, p.name, p.area_code, p.address, p.lng, p.lat, t.unit_code, t.person_code,
       t.campaign
  FROM task t LEFT JOIN point p ON p.code = t.point_code
 WHERE t.year = :year AND coalesce(p.closed, false) = false
 ORDER BY t.category_code, t.point_code NULLS FIRST
""")
