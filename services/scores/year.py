"""The score of a year and of a cycle: three modules by weight, preconditions and the negative list, counties beside it.

Only rounds that are finished count for a year. What was published of a round stays what it counts with: nobody's year
changes because a formula did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from sqlmodel import Session, col, select

from models.area import Area
from models.errors import NotFound
from models.publication import PublicationKind
from models.score import NegativeHit
from models.scoring.negative import Hit, Judged, judged
from models.scoring.number import Number
from models.scoring.rules import Scoring
from models.scoring.yearly import co_created, composed, so_far, still_needed
from models.scoring.yearly import cycle as cycle_score
from models.standard import EvaluationSystem
from notifications.collector import collector_rests
from services.rulebook import the_city
from services.scores.documents import leaf
from services.scores.formula import in_force
from services.scores.frozen import published_number
from services.scores.making import ANNUAL, Making, RoundOfYear
from services.scores.modules import edition_of

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class YearFigures:
    """A year of one system in one area. `score`: the composition; `preliminary`: over the modules that there are.

    `judged`: after the negative list and the preconditions; `counties`: their own years, `together`: with them.
    `needed`: what the missing modules must reach on average for `target`. `edition`: of the system, in force then.
    """

    year: int
    system: str
    area_code: str
    formula: Scoring
    modules: Mapping[str, Number]
    score: Number
    preliminary: Number
    judged: Judged
    rounds: Sequence[RoundOfYear]
    counties: Mapping[str, Number]
    together: Number
    hits: Sequence[NegativeHit]
    edition: str | None

    def needed(self, target: Fraction) -> Fraction | None:
        """None where nothing is missing."""
        return still_needed(self.score, target=target)


@dataclass(frozen=True)
class CycleFigures:
    """Three years of one system, first year first."""

    system: str
    area_code: str
    formula: Scoring
    years: Mapping[int, Number | None]
    score: Number
    preliminary: Number


@collector_rests()
def annual(
    session: Session,
    *,
    year: int,
    system: str,
    area_code: str | None = None,
    now: datetime | None = None,
    rules: Scoring | None = None,
) -> YearFigures:
    """The figures of a year as the record stands.

    `now`: for a year that is not over: the negative list counts as of that day, and material that is not due yet is not
    missed. `rules`: the city's, other than in force. Raises NotFound for a system, an area or a year that cannot be.
    """
    area = _area(session, area_code)
    _check(session, year, system)
    made = Making(session, year, rules or in_force(session), now)
    rounds, modules = made.modules(system, area.code)
    formula = made.rules(system)
    score = composed(ANNUAL, modules=modules, of=area.code, rules=formula)
    hits = hits_on_record(session, area.code)
    whole = score if score.exact is not None else so_far(score)
    counted = [Hit(hit.id or 0, hit.code, hit.on_date) for hit in hits if hit.code in formula.negative]
    counties = made.counties(system, area)
    gated = modules | made.gating(formula, area.code, known=modules)
    return YearFigures(
        year=year,
        system=system,
        area_code=area.code,
        formula=formula,
        modules=modules,
        score=score,
        preliminary=so_far(score),
        judged=judged(whole, modules=gated, hits=counted, on=made.day, rules=formula),
        rounds=rounds,
        counties=counties,
        together=co_created(whole, counties=counties, rules=formula),
        hits=hits,
        edition=edition_of(session, year=year, system=system),
    )


def cycle(
    session: Session, *, first_year: int, system: str, area_code: str | None = None, rules: Scoring | None = None
) -> CycleFigures:
    """The figures of a cycle: published years count as they were published, others as they stand. Raises NotFound."""
    area, base = _area(session, area_code), rules or in_force(session)
    _check(session, first_year, system)
    formula = Making(session, first_year, base, None).rules(system)
    years: dict[int, Number | None] = {}
    for year in range(first_year, first_year + len(formula.cycle)):
        years[year] = _year_of_cycle(session, year, system, area.code, base)
    score = cycle_score(list(years.values()), of=area.code, rules=formula)
    return CycleFigures(system, area.code, formula, years, score, so_far(score))


def _year_of_cycle(session: Session, year: int, system: str, area: str, base: Scoring) -> Number | None:
    first = date(year, 1, 1)
    kind = PublicationKind.ANNUAL
    score = published_number(session, kind, "score", area_code=area, subject=system, period_from=first)
    if score is None:
        score = annual(session, year=year, system=system, area_code=area, rules=base).score
    return replace(leaf(score), name="year", of=str(year)) if score.exact is not None else None


def hits_on_record(session: Session, area_code: str) -> list[NegativeHit]:
    """The negative list's cases of an area that were not withdrawn, oldest first."""
    withdrawn = select(NegativeHit.withdraws).where(col(NegativeHit.withdraws).is_not(None))
    query = select(NegativeHit).where(
        NegativeHit.area_code == area_code,
        col(NegativeHit.withdraws).is_(None),
        col(NegativeHit.id).not_in(withdrawn),
    )
    return list(session.exec(query.order_by(col(NegativeHit.on_date), col(NegativeHit.id))))


def _area(session: Session, code: str | None) -> Area:
    known = code or the_city(session).code
    area = session.get(Area, known) if "\0" not in known else None
    if area is None:
        raise NotFound(what="area", code=known[:80])
    return area


def _check(session: Session, year: int, system: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound(what="year", code=year)
    if "\0" in system or session.get(EvaluationSystem, system) is None:
        raise NotFound(what="evaluation system", code=system[:80])
