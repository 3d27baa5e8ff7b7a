"""The results of a survey as a workbook: one row for each place and question, with n and interval."""

from pathlib import Path

from models.survey import SurveyRound
from services.exports.columns import Column
from services.exports.sheet import SheetWriter, Value
from services.surveys.forms import Question
from services.surveys.results import Figure, Results, Row

C = Column
SHEET = {"zh-CN": "问卷结果", "en": "Survey results"}
COLUMNS = (
    C("survey", "调查", "Survey", 17),
    C("who", "作答人群", "Who answered", 18),
    C("area_code", "行政区划代码", "Area code", 15),
    C("area", "区划", "Area", 20),
    C("question", "题目", "Question", 44),
    C("n", "样本数", "n", 9),
    C("rate", "比例（%）", "Rate (%)", 10),
    C("low", "下限（%）", "Lower bound (%)", 10),
    C("high", "上限（%）", "Upper bound (%)", 10),
    C("before", "上次（%）", "Last survey (%)", 10),
    C("note", "说明", "Note", 16),
)
SAMPLED = {"zh-CN": "抽样（入户、评价员）", "en": "sampled"}
PUBLIC = {"zh-CN": "公众扫码（不计分）", "en": "the public (not counted)"}
TOO_SMALL = {"zh-CN": "样本不足", "en": "sample too small"}


def export_results(found: Results, round_: SurveyRound, path: Path, *, lang: str) -> int:
    """Write it; returns how many rows. OSError when the file cannot be written."""
    rows = 0
    before = found.before[1] if found.before else None
    with SheetWriter(path, title=SHEET[lang], columns=COLUMNS, lang=lang) as sheet:
        for who, row, last in (
            (SAMPLED, found.whole, before),
            *((SAMPLED, part, None) for part in found.parts),
            (PUBLIC, found.public, None),
        ):
            for question in found.counted:
                old = last.figures.get(question.code) if last else None
                sheet.write([round_.code, who[lang], *_cells(row, question, old, lang)])
                rows += 1
    return rows


def _cells(row: Row, question: Question, before: Figure | None, lang: str) -> list[Value]:
    one = row.figures[question.code]
    note = TOO_SMALL[lang] if one.too_small else None
    shares = [one.rate, one.low, one.high, before.rate if before else None]
    return [row.code, row.name, question.words(lang), one.n, *shares, note]
