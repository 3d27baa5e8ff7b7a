"""Scores as workbooks: a round observation by observation, a month unit by unit with both sides of every rate."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from models import terms
from models.scoring.measure import Observed, lost, worth
from models.scoring.number import Number
from models.scoring.rounding import half_up
from models.scoring.terms import NUMBERS
from services.exports.columns import Column
from services.exports.sheet import SheetWriter, Value
from services.scores.month import MonthScores
from services.scores.round import RoundFigures

C = Column
ROUND, MONTH = {"zh-CN": "测评得分", "en": "Scores"}, {"zh-CN": "单位考核得分", "en": "Scores of units"}
OF_ROUND = (
    C("round", "测评轮次", "Round", 14),
    C("category", "类别", "Category", 18),
    C("point", "点位编号", "Point", 12),
    C("point_name", "点位名称", "Point name", 24),
    C("point_score", "点位得分", "Score of the point", 10),
    C("standard", "标准编码", "Standard", 10),
    C("text", "标准", "What it says", 40),
    C("result", "结果", "Result", 10),
    C("found", "实有", "Found", 8),
    C("required", "应有", "Required", 8),
    C("faults", "问题次数", "Faults", 9),
    C("minutes", "观察分钟", "Minutes", 9),
    C("marks", "分值", "Marks", 8),
    C("lost", "扣分", "Lost", 8),
    C("formula", "计分口径", "Formula", 24),
)
RATES = ("disposal", "on_time", "rework", "overdue", "extension", "return", "relapse")
PLACES = 4


def write_round(figures: RoundFigures, path: Path, *, lang: str, words: Mapping[str, tuple[str, str]]) -> int:
    """Every observation that counts, with what it cost; how many. `words`: standard → its text in both languages."""
    with SheetWriter(path, title=ROUND[lang], columns=OF_ROUND, lang=lang) as sheet:
        for row in figures.rows:
            sheet.write(_observation(figures, row, lang, words))
    return len(figures.rows)


def _observation(figures: RoundFigures, row: Observed, lang: str, words: Mapping[str, tuple[str, str]]) -> list[Value]:
    second = lang == "en"
    measure = figures.formula.on_site.measure(row.standard)
    taken = lost(row, measure)
    score = figures.formula.rounding.score(figures.points[row.point].score.exact)
    return [
        figures.number,
        figures.names.get(f"category:{row.category}", (row.category, row.category))[second],
        row.point,
        figures.names.get(f"point:{row.point}", (row.point, row.point))[second],
        score,
        row.standard,
        words.get(row.standard, ("", ""))[second],
        terms.term(terms.RESULTS, row.result, lang),
        row.found,
        row.required,
        row.faults,
        row.minutes,
        _decimal(worth(row, measure)) if taken is not None else None,
        _decimal(taken),
        figures.formula.version,
    ]


def write_month(scores: MonthScores, path: Path, *, lang: str, units: Collection[str]) -> int:
    """These units with their scores, each rate with what stands above and below its line; how many."""
    with SheetWriter(path, title=MONTH[lang], columns=list(_columns()), lang=lang) as sheet:
        for code in sorted(units, key=lambda code: (scores.groups.get(code, ""), code)):
            sheet.write(_unit(scores, code))
    return len(units)


def _columns() -> Iterator[Column]:
    yield from (
        C("group", "分组", "Group", 20),
        C("unit", "单位编号", "Unit code", 18),
        C("name", "单位", "Unit", 28),
        C("score", "考核得分", "Score", 10),
        C("cases", "应整改起数", "Cases", 10),
        C("overdue_cases", "超期未结起数", "Overdue and open", 10),
    )
    for name in RATES:
        zh, en = NUMBERS[name]
        yield C(name, f"{zh}（%）", f"{en} (%)", 12)
        yield C(f"{name}_above", f"{zh}·分子", f"{en}: above", 10)
        yield C(f"{name}_below", f"{zh}·分母", f"{en}: below", 10)
    yield C("formula", "计分口径", "Formula", 24)


def _unit(scores: MonthScores, code: str) -> list[Value]:
    unit, rounding = scores.units[code], scores.formula.rounding
    rates = [value for name in RATES for value in _rate(unit.rates[name], scores)]
    told: list[Value] = [scores.groups.get(code, ""), code, scores.names.get(code, code)]
    return [*told, rounding.score(unit.score.exact), unit.cases, unit.overdue, *rates, scores.formula.version]


def _rate(rate: Number, scores: MonthScores) -> list[Value]:
    above, below = (_decimal(term.number.exact) for term in rate.terms)
    return [scores.formula.rounding.percent(rate.exact), above, below]


def _decimal(exact: Fraction | None) -> Decimal | None:
    return None if exact is None else half_up(exact, places=PLACES).normalize()
