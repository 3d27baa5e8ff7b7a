"""A year, the three-year cycle, and counties that compete beside their city.

    annual = 0.40 online filing + 0.40 on-site + 0.20 questionnaire         (a composition; others stand beside it)
    cycle  = 0.15 first year + 0.25 second + 0.60 third
    city   = (1 − share) × its own + share × mean(its counties)             two-level co-creation

Source: domain 9f, 1 [P1], 0 (seed 001: two counties compete for the provincial title). A composition or cycle that
lacks a part has no value: 80 points out of two modules are not 80 out of three. `so_far` says what there is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from models.errors import WrongValue
from models.scoring.number import ONE, ZERO, How, Number, Term, counted, mean, recomputed, summed
from models.scoring.rules import Scoring

INCOMPLETE = "incomplete"


def composed(name: str, *, modules: Mapping[str, Number], of: str, rules: Scoring) -> Number:
    """The score of a composition, such as `annual`. Modules that it does not weigh are not looked at.

    Raises WrongValue for a composition that the rules do not have.
    """
    if name not in rules.compositions:
        raise WrongValue(field="composition", value=name, expected=f"one of: {', '.join(rules.compositions)}")
    weights = rules.compositions[name]
    terms = [Term(modules.get(code, counted(code, None)), weights[code]) for code in sorted(weights)]
    return _noted(summed(name, terms, of=of))


def cycle(years: Sequence[Number | None], *, of: str, rules: Scoring) -> Number:
    """The score of a cycle, first year first; None: not measured yet. Raises WrongValue for too many years."""
    if len(years) > len(rules.cycle):
        raise WrongValue(field="years", value=len(years), expected=f"at most {len(rules.cycle)}")
    known = [*years, *[None] * (len(rules.cycle) - len(years))]
    terms = [
        Term(counted("year", None, of=str(position)) if year is None else year, weight)
        for position, (year, weight) in enumerate(zip(known, rules.cycle, strict=True), start=1)
    ]
    return _noted(summed("cycle", terms, of=of))


def so_far(number: Number) -> Number:
    """The same over the parts that there are, by weight: shown as preliminary, never ranked."""
    parts = replace(number, how=How.MEAN, notes=(INCOMPLETE,) if number.exact is None else ())
    return replace(parts, exact=recomputed(parts))


def still_needed(number: Number, *, target: Fraction) -> Fraction | None:
    """What the missing parts must reach on average for the whole to reach a target; None where nothing is missing.

    More than 100: out of reach. Less than 0: reached already.
    """
    there = sum((term.adds for term in number.terms if term.adds is not None), Fraction(0))
    missing = sum((term.weight for term in number.terms if term.number.exact is None), Fraction(0))
    return (target - there) / missing if missing else None


def co_created(own: Number, *, counties: Mapping[str, Number], rules: Scoring) -> Number:
    """The city's score with its counties' projects in it. Counties without a score are left out."""
    below = mean("counties", (Term(counties[code]) for code in sorted(counties)))
    share = rules.counties_share if below.exact is not None else ZERO
    return summed("co_creation", (Term(own, ONE - share), Term(below, share)), of=own.of)


def _noted(number: Number) -> Number:
    return number if number.exact is not None else replace(number, notes=(INCOMPLETE,))
