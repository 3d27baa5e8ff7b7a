"""The monthly score of a unit (目标考核).

    100 × difficulty × (30·disposal + 20·on time + 20·(1 − rework) + 20·(1 − overdue open) + 10·(1 − extension)) ÷ 100
    − deductions by finder + bonus for what it found itself ± incidents, from `lowest` to `highest`

    disposal = closed ÷ (due − validly shelved)     on time = closed in time ÷ the same      rework = failed ÷ checks
    overdue open = overdue and open ÷ due           extension = extended ÷ due

Source: domain 9f, 2 [R6][P29], 4 [P46][P54][P65]. A rate without a denominator (no check in the month) leaves the
weights, as what is not applicable does: it neither helps nor hurts. A unit without any has no score.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from models.errors import WrongValue
from models.scoring.cases import Case, Tally, none_of, tallies
from models.scoring.interval import Interval, effective, wilson
from models.scoring.number import FULL, HUNDRED, ONE, Number, Term, counted, mean, ratio, summed
from models.scoring.rules import Scoring

DEDUCTIONS = ("deduction_found", "deduction_late", "deduction_repeated")
RATES: Mapping[str, tuple[str, str]] = {
    "disposal": ("closed", "to_close"),
    "on_time": ("closed_on_time", "to_close"),
    "rework": ("failed_checks", "checks"),
    "overdue": ("overdue_open", "due"),
    "extension": ("extended", "due"),
    "return": ("returned", "received"),
    "relapse": ("relapsed", "looked_back"),
}
"""Each rate: of what, which part."""
WITHOUT = ("rework", "overdue", "extension")
WHOLE, MINUS = Term(FULL), -ONE


@dataclass(frozen=True, slots=True)
class Incident:
    """Something beside the cases that the rules price: faking, refusal, a major event."""

    id: int
    unit: str
    code: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What counts for a unit beside its cases: incidents, and the satisfaction of the public, a share of 1."""

    incidents: tuple[Incident, ...] = ()
    satisfaction: Number | None = None


NOTHING = Beside()


@dataclass(frozen=True, slots=True)
class UnitScore:
    """A unit's month. `rates` are shares of 1, each with its denominator; `interval` is about disposal.

    `cases`: to be closed in the period; `overdue`: of these, overdue and open; both unweighted. `left_out`: by appeal.
    """

    unit: str
    score: Number
    rates: Mapping[str, Number]
    cases: int
    overdue: int
    interval: Interval | None
    left_out: tuple[int, ...]


def unit_scores(
    cases: Iterable[Case], *, beside: Mapping[str, Beside] | None = None, rules: Scoring
) -> dict[str, UnitScore]:
    """Every unit that has cases or incidents, by code. Raises WrongValue for an incident without a price."""
    by_unit: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_unit[case.unit].append(case)
    others = beside or {}
    units = sorted({*by_unit, *others})
    counts = tallies({unit: by_unit.get(unit, ()) for unit in units}, rules=rules.appraisal)
    return {unit: scored(unit, counts=counts[unit], beside=others.get(unit, NOTHING), rules=rules) for unit in units}


def scored(unit: str, *, counts: Tally, beside: Beside, rules: Scoring) -> UnitScore:
    """A unit's score from its figures."""
    rates = _rates(counts, beside)
    score = _score(unit, rates, counts, beside, rules)
    cases, overdue = (int(counts.sums.get((name, ""), 0)) for name in ("cases", "overdue_cases"))
    n = effective(counts.sums.get(("to_close", ""), 0), squares=counts.sums.get(("squares", ""), 0))
    interval = wilson(rates["disposal"].exact, n=n, z=rules.ranking.z)
    return UnitScore(unit, score, rates, cases, overdue, interval, counts.left_out)


def _rates(counts: Tally, beside: Beside) -> dict[str, Number]:
    rates = {name: _rate(name, counts) for name in RATES}
    rates["satisfaction"] = beside.satisfaction or none_asked()
    return rates | {f"without_{name}": _without(rates[name]) for name in WITHOUT}


def _rate(name: str, counts: Tally) -> Number:
    part, whole = RATES[name]
    if (part, "") in counts.sums or (whole, "") in counts.sums:
        return ratio(name, counts.number(part), counts.number(whole))
    return _nothing_to_rate(name)


@cache
def _nothing_to_rate(name: str) -> Number:
    """The rate of a unit that had nothing of the kind."""
    part, whole = RATES[name]
    return ratio(name, none_of(part), none_of(whole))


@cache
def none_asked() -> Number:
    """The satisfaction with a unit about which nobody was asked."""
    return counted("satisfaction", None)


def _without(rate: Number) -> Number:
    return summed(f"without_{rate.name}", (WHOLE, Term(rate, MINUS)))


def _score(unit: str, rates: Mapping[str, Number], counts: Tally, beside: Beside, rules: Scoring) -> Number:
    appraisal = rules.appraisal
    base = mean("rates", (Term(rates[name], weight) for name, weight in sorted(appraisal.weights.items())))
    terms = (
        Term(base, HUNDRED * appraisal.difficulty[unit] if unit in appraisal.difficulty else HUNDRED),
        Term(_deductions(counts, rules), MINUS),
        Term(_bonus(counts, rules)),
        Term(_incidents(beside.incidents, rules)),
    )
    return summed("unit_score", terms, of=unit, low=appraisal.lowest, high=appraisal.highest)


def _deductions(counts: Tally, rules: Scoring) -> Number:
    """By finder and reason; for so many cases where the rules say so, at most what they say."""
    cases, per = counts.sums.get(("cases", ""), 0), rules.appraisal.per_cases
    scale = per / cases if per and cases else ONE
    keys = sorted(key for key in counts.sums if key[0] in DEDUCTIONS)
    terms = (Term(counts.number(*key), scale) for key in keys)
    return summed("deductions", terms, high=rules.appraisal.most_deducted)


def _bonus(counts: Tally, rules: Scoring) -> Number:
    terms = (Term(counts.number("self_found"), rules.appraisal.self_found),)
    return summed("bonus", terms, high=rules.appraisal.most_bonus)


def _incidents(incidents: Iterable[Incident], rules: Scoring) -> Number:
    prices: Mapping[str, Fraction] = rules.appraisal.incidents
    rows = sorted(incidents, key=lambda one: one.id)
    if unknown := [one for one in rows if one.code not in prices]:
        raise WrongValue(field="incident", value=unknown[0].code, expected=f"one of: {', '.join(prices)}")
    times = Counter(one.code for one in rows)
    ids = {code: [one.id for one in rows if one.code == code] for code in times}
    return summed(
        "incidents",
        (Term(counted("incident", times[code], ids[code], of=code), prices[code]) for code in sorted(times)),
    )
