"""On-site inspection: from observations to points, categories, places and rounds.

    point     = max(0, 100 × (1 − Σ deduction ÷ Σ full marks of applicable standards))
    place     = Σ weight(category) × mean(its points) ÷ Σ weight, over the categories that were seen there
    compliance = met ÷ (met + not met)
    year      = Σ weight(kind of round) × round ÷ Σ weight

Source: domain 9f and 1. What nobody saw leaves the denominator everywhere, as what is not applicable does: a point
without an applicable standard has no score, a category without a scored point no weight. A standard that was counted
is met when nothing was deducted for it, and in part is not met.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from models.errors import WrongValue
from models.scoring.exact import total
from models.scoring.measure import Observed, lost, worth
from models.scoring.number import FULL, HUNDRED, ZERO, Number, Term, counted, mean, ratio, summed
from models.scoring.rules import Scoring

ALL, LOST = Term(FULL, HUNDRED), -HUNDRED


@dataclass(frozen=True, slots=True)
class PointScore:
    """A point in one round: its score, and the rows that were met and not met."""

    point: str
    category: str
    score: Number
    met: tuple[int, ...]
    not_met: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RoundScore:
    """What a round came to; `kind` as in models.audit.RoundKind."""

    id: int
    kind: str
    score: Number


def point_scores(observed: Iterable[Observed], *, rules: Scoring) -> dict[str, PointScore]:
    """Every point of one round. Raises WrongValue for counts below 0, a row twice, a point in two categories."""
    rows: dict[str, list[Observed]] = defaultdict(list)
    for seen in observed:
        rows[seen.point].append(seen)
    return {point: _point(point, rows[point], rules) for point in sorted(rows)}


def _point(point: str, rows: list[Observed], rules: Scoring) -> PointScore:
    rows.sort(key=lambda seen: seen.id)
    if len({seen.id for seen in rows}) < len(rows):
        raise WrongValue(field=point, value=len(rows), expected="each row once")
    category = _one_category(rows)
    applicable, faults, marks = [], [], []
    for seen in rows:
        measure = rules.on_site.measure(seen.standard)
        points = lost(seen, measure)
        if points is None:
            continue
        applicable.append(seen.id)
        marks.append(worth(seen, measure))
        if points:
            faults.append(Term(counted("deduction", points, (seen.id,), of=seen.standard)))
    missed = {row for term in faults for row in term.number.rows}
    met = tuple(row for row in applicable if row not in missed)
    score = _score(point, faults, counted("full_marks", total(marks), applicable))
    return PointScore(point, category, score, met, tuple(sorted(missed)))


def _one_category(rows: list[Observed]) -> str:
    categories = {seen.category for seen in rows}
    if len(categories) > 1:
        shown = ", ".join(sorted(categories))
        raise WrongValue(field=rows[0].point, value=shown, expected="one category for each point")
    return rows[0].category


def _score(point: str, faults: list[Term], marks: Number) -> Number:
    share = ratio("lost_share", summed("deducted", faults), marks)
    return summed("point", (ALL, Term(share, LOST)), of=point, low=ZERO)


def place_score(points: Iterable[PointScore], *, of: str, rules: Scoring) -> Number:
    """The on-site score of whatever these points belong to: the city, a district, a unit; 0 to 100."""
    by_category: dict[str, list[PointScore]] = defaultdict(list)
    for one in points:
        by_category[one.category].append(one)
    terms = [
        Term(category_score(by_category[category], of=category), rules.on_site.weight(category))
        for category in sorted(by_category)
    ]
    return mean("on_site", terms, of=of)


def category_score(points: Iterable[PointScore], *, of: str) -> Number:
    """The mean of the points of one category."""
    return mean("category", (Term(one.score) for one in sorted(points, key=lambda one: one.point)), of=of)


def compliance(points: Iterable[PointScore], *, of: str) -> Number:
    """Standards met ÷ standards judged, a share of 1."""
    several = list(points)
    met = [row for one in several for row in one.met]
    judged = [*met, *(row for one in several for row in one.not_met)]
    return ratio("compliance", counted("met", len(met), met), counted("judged", len(judged), judged), of=of)


def place_scores(
    points: Mapping[str, PointScore], *, places: Mapping[str, Iterable[str]], rules: Scoring
) -> dict[str, Number]:
    """The score of each place. `places`: point → the codes of all that it counts for (district, street, lead unit)."""
    there: dict[str, list[PointScore]] = defaultdict(list)
    for point, codes in places.items():
        for code in set(codes) if point in points else ():
            there[code].append(points[point])
    return {code: place_score(there[code], of=code, rules=rules) for code in sorted(there)}


def year_score(rounds: Iterable[RoundScore], *, of: str, rules: Scoring) -> Number:
    """The module's score of a year: the rounds by the weight of their kind. Kinds that weigh nothing are shown."""
    several = sorted(rounds, key=lambda one: one.id)
    terms = (Term(one.score, rules.on_site.rounds.get(one.kind, Fraction(0))) for one in several)
    return mean("on_site_year", terms, of=of)
