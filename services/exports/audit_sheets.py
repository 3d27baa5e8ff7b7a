"""The sheets of a round as a workbook (检查表), to be filled where there is no network, and read back in."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models import terms
from models.audit import Round
from models.rights import Actor
from models.scoring.rules import OnSite
from services.audit_acts import may_steer
from services.audit_view import unseen_sheets
from services.exports.columns import Column
from services.exports.sheet import SheetWriter, Value
from services.scores import formula

C = Column
COLUMNS: tuple[Column, ...] = (
    C("round", "测评轮次", "Round", 17, ("轮次",)),
    C("position", "路线序号", "No. on the route", 9, derived=True),
    C("inspector", "检查员", "Inspector", 10),
    C("inspector_name", "检查员姓名", "Inspector's name", 12, derived=True),
    C("point", "点位编号", "Point", 11, ("点位",)),
    C("point_name", "点位名称", "Point name", 22, derived=True),
    C("area", "所在区域", "Area", 16, derived=True),
    C("address", "详细位置", "Address", 26, derived=True),
    C("standard", "标准编码", "Standard", 10, ("标准",)),
    C("text", "标准内容", "What is asked", 44, derived=True),
    C("method", "检查方法", "How it is looked at", 20, derived=True),
    C("measure", "计量方式", "How it is counted", 16, derived=True),
    C("result", "结果", "Result", 12),
    C("found", "实有数", "Found", 8),
    C("required", "应有数", "Required", 8),
    C("faults", "问题次数", "Faults", 9),
    C("minutes", "观察分钟", "Minutes watched", 9),
    C("note", "情况说明", "What was seen", 40, ("备注",)),
    C("photo", "照片", "Photo", 14),
)
GIVEN = frozenset({"round", "inspector", "point", "standard", "result", "note", "photo"})
TITLE = {"zh-CN": "检查表", "en": "Sheets"}
MEASURES = {
    "yes_no": ("", ""),
    "share": ("实有数 ÷ 应有数", "found ÷ required"),
    "per_fault": ("逐项计数", "items missing"),
    "timed": ("限时观察", "timed"),
}
RESULTS = tuple(terms.RESULTS)
_ROWS = text(
    "SELECT r.number AS round, s.position, s.inspector, w.name AS inspector_name, p.code AS point,"
    " p.name AS point_name, a.name AS area, p.address, t.code AS standard, t.text, t.text_en, t.check_method AS method,"
    " o.result, o.facts, o.note, o.photo"
    " FROM sheet s JOIN round r ON r.id = s.round_id JOIN point p ON p.code = s.point_code"
    " JOIN area a ON a.code = p.area_code JOIN person w ON w.code = s.inspector"
    " JOIN standard t ON t.version_code = r.version_code AND t.category_code = p.category_code"
    " AND t.code = coalesce(r.standard_code, t.code)"
    " LEFT JOIN observation o ON o.sheet_id = s.id AND o.standard_code = t.code"
    " WHERE s.round_id = :id AND (:everybody OR s.inspector = :who) AND s.id <> ALL(:unseen)"
    " ORDER BY s.inspector, s.position, s.id, t.code"
)


def export_sheets(session: Session, path: Path, round_: Round, *, by: Actor, lang: str) -> int:
    """Write the sheets of a round: all of them for whoever steers it, else the reader's own; how many rows.

    What was recorded stands there; what is empty is to be filled. What may not be seen yet is left out.
    Raises OSError when the file cannot be written.
    """
    on_site = formula.in_force(session).on_site
    rows = 0
    with SheetWriter(path, title=TITLE[lang], columns=COLUMNS, lang=lang) as sheet:
        place = next(n for n, column in enumerate(COLUMNS, start=1) if column.field == "result")
        sheet.offer(place, [terms.term(terms.RESULTS, result, lang) for result in RESULTS])
        for row in _rows(session, round_, by):
            sheet.write(_cells(row, on_site, lang))
            rows += 1
    return rows


def _rows(session: Session, round_: Round, by: Actor) -> Iterator[Mapping[str, Any]]:
    values = {
        "id": round_.id,
        "who": by.code,
        "everybody": may_steer(session, round_, by=by),
        "unseen": [key for key in unseen_sheets(session, round_, by) if key is not None],
    }
    yield from (dict(row) for row in session.connection().execute(_ROWS, values).mappings())


def _cells(row: Mapping[str, Any], on_site: OnSite, lang: str) -> list[Value]:
    facts = row["facts"] or {}
    english = lang == "en"
    shown = {
        **row,
        **{name: facts.get(name) for name in ("found", "required", "faults", "minutes")},
        "text": row["text_en"] if english and row["text_en"] else row["text"],
        "measure": MEASURES[on_site.measure(row["standard"]).kind][english],
        "result": terms.term(terms.RESULTS, row["result"], lang),
    }
    return [shown[column.field] for column in COLUMNS]
