"""The list of material as a workbook: what it asks for and how each piece stands. It imports again."""

from collections.abc import Iterable
from pathlib import Path

from models import terms
from models.terms import term
from services.exports.filing_columns import COLUMNS, SHEET
from services.exports.register import Register
from services.exports.sheet import SheetWriter, Value
from services.exports.words import NO, YES
from services.filing.looking import Line


def export_filing(lines: Iterable[Line], path: Path, *, register: Register, lang: str) -> int:
    """Write it; returns how many rows. OSError when the file cannot be written."""
    rows = 0
    with SheetWriter(path, title=SHEET[lang], columns=COLUMNS, lang=lang) as sheet:
        for line in lines:
            sheet.write(_cells(line, register, lang))
            rows += 1
    return rows


def _cells(line: Line, register: Register, lang: str) -> list[Value]:
    item = line.item
    asked: list[Value] = [item.version_code, item.year, item.code, item.standard_code, item.title, item.marks]
    whom = [register.units.written(item.unit_code), register.persons.written(item.reviewer)]
    late = item.late or line.overdue
    return [
        *asked,
        *whom,
        item.due_on.isoformat(),
        item.warn_days,
        item.severity,
        term(terms.FILING_STATES, item.state, lang),
        register.local(item.submitted_at) if item.submitted_at else None,
        (YES if late else NO) if lang == "zh-CN" else ("yes" if late else "no"),
        register.local(item.reviewed_at) if item.reviewed_at else None,
        line.issue,
    ]
