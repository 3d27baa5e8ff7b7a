"""A month of units as it stands: scores, rates with both their sides, and each unit's formula down to its issues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse

from models import terms
from models.errors import NotFound
from models.scoring.appraisal import UnitScore
from models.scoring.cases import Case
from models.scoring.number import Number
from runtime.i18n import language
from services.ranking.months import Month
from services.ranking.seeing import units_seen
from services.scores.month import MonthScores, unit_month
from services.scores.standards import issue_numbers
from web.deps import Desk, Here
from web.login import Reader
from web.scores.parts import Leads, page
from web.scores.trees import plain, shown, value

router = APIRouter(prefix="/scores/months")
RATES = ("disposal", "on_time", "rework", "overdue", "extension", "return", "relapse", "satisfaction")
Code = Annotated[str, Query(max_length=60)]


@dataclass(frozen=True)
class Rate:
    """A rate with both sides, as they count; no value where there is no denominator."""

    value: str
    above: str
    below: str


@dataclass(frozen=True)
class Line:
    """A unit's row. `between`: what its disposal rate may be, seen from so few cases."""

    code: str
    name: str
    group: str
    score: str
    rates: Sequence[Rate]
    cases: int
    overdue: int
    between: str
    left_out: int


def month_of(here: Desk, reader: Reader, month: str, area: str) -> tuple[Month, MonthScores]:
    """Raises NotFound for what is no month or area, or has not begun."""
    found = Month.parse(month)
    scores = unit_month(
        here.session, period_from=found.first, period_to=found.last, area_code=area or reader.city, now=here.now
    )
    return found, scores


@router.get("/{month}", response_class=HTMLResponse)
def one_month(month: str, here: Here, reader: Leads, area: Code = "", group: Code = "") -> HTMLResponse:
    """The units of the reader's boards, the lowest score first within each group."""
    which, scores = month_of(here, reader, month, area)
    lines = lines_of(here, reader, scores)
    groups = sorted({line.group for line in lines})
    return page(
        here,
        "month",
        month=which,
        area=area,
        over=scores.period_to < date.fromisoformat(str(here.now.date())),
        formula=scores.formula,
        rates=RATES,
        lines=[line for line in lines if not group or line.group == group],
        groups=groups,
        group=group if group in groups else "",
        until=scores.until,
    )


def lines_of(here: Desk, reader: Reader, scores: MonthScores) -> list[Line]:
    """Those of the units in the reader's boards."""
    seen = units_seen(here.session, reader.actor, list(scores.units))
    units = [unit for code, unit in scores.units.items() if code in seen]
    worst = sorted(units, key=lambda unit: (scores.groups.get(unit.unit, ""), _low(unit), unit.unit))
    return [_line(unit, scores) for unit in worst]


def _low(unit: UnitScore) -> tuple[bool, Any]:
    return unit.score.exact is None, unit.score.exact or 0


def _line(unit: UnitScore, scores: MonthScores) -> Line:
    rounding = scores.formula.rounding
    between = f"{rounding.percent(unit.interval.low)}–{rounding.percent(unit.interval.high)}%" if unit.interval else ""
    return Line(
        code=unit.unit,
        name=scores.names.get(unit.unit, unit.unit),
        group=scores.groups.get(unit.unit, ""),
        score=value(unit.score, scores.formula),
        rates=[_rate(unit.rates[name], scores) for name in RATES],
        cases=unit.cases,
        overdue=unit.overdue,
        between=between,
        left_out=len(unit.left_out),
    )


def _rate(rate: Number, scores: MonthScores) -> Rate:
    if rate.name == "question" or len(rate.terms) != 2:  # the satisfaction: a mean over groups
        below = sum(len(term.number.rows) for part in rate.terms for term in part.number.terms[1:])
        return Rate(value(rate, scores.formula), "", str(below) if below else "")
    above, below_ = (plain(term.number.exact) for term in rate.terms)
    return Rate(value(rate, scores.formula), above, below_)


@router.get("/{month}/units/{code}", response_class=HTMLResponse)
def one_unit(month: str, code: str, here: Here, reader: Leads, area: Code = "") -> HTMLResponse:
    """A unit's score, its formula in words, and every case with what it counts for."""
    which, scores = month_of(here, reader, month, area)
    if code not in scores.units:
        raise NotFound(what="unit", code=code[:80])
    if code not in units_seen(here.session, reader.actor, [code]):
        raise HTTPException(404)
    cases = [case for case in scores.cases if case.unit == code]
    numbers = issue_numbers(here.session, reader.actor, [case.id for case in cases])
    links = {("issue", key): (number, f"/issues/{number}") for key, number in numbers.items()}
    names = {f"finder:{level}": pair for level, pair in _levels().items()}
    names |= {f"unit:{code}": (name, name) for code, name in scores.names.items()}
    unit = scores.units[code]
    return page(
        here,
        "unit",
        month=which,
        area=area,
        line=_line(unit, scores),
        formula=scores.formula,
        tree=shown(unit.score, scores.formula, names=names, links=links),
        cases=[_case(case, numbers) for case in cases],
        until=scores.until,
        rates=RATES,
    )


def _levels() -> Mapping[str, tuple[str, str]]:
    known = terms.FOUND_LEVELS
    return {code: (terms.term(known, code, "zh-CN"), terms.term(known, code, "en")) for code in known}


def _case(case: Case, numbers: Mapping[int, str]) -> dict[str, Any]:
    marks = ("late", "extended", "leader_assigned", "repeated", "again")
    return {
        "number": numbers.get(case.id, ""),
        "state": case.state.value,
        "due": case.due,
        "finder": terms.term(terms.FOUND_LEVELS, case.finder, language()),
        "source": terms.term(terms.SOURCES, case.source, language()),
        "marks": [name for name in marks if getattr(case, name)],
        "checks": case.checks,
        "failed": case.failed_checks,
        "left_out": case.left_out,
    }
