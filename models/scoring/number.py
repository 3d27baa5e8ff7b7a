"""Numbers that explain themselves: each holds what it was made from, down to the rows it counts.

All arithmetic is exact (fractions of whole numbers, see exact.py), so neither the order of the rows nor a step on the
way changes a result. A number is rounded once, where it is published: see rounding.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from models.scoring.exact import over, product_sum, total, whole

Rows = tuple[int, ...]
ZERO, ONE, HUNDRED = Fraction(0), Fraction(1), Fraction(100)


class How(StrEnum):
    """What is done with the terms of a number."""

    COUNTED = "counted"
    """Read from its rows, or from the rules: it has no terms."""
    SUM = "sum"
    """Weight × value, added up. One without a value leaves the whole without one, unless it weighs 0."""
    MEAN = "mean"
    """Weight × value, added up, ÷ the weights. Terms without a value are left out, as what is not applicable is."""
    RATIO = "ratio"
    """The first term ÷ the second; none where that is 0."""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a number, and how it weighs there: less than 0 where it is taken away."""

    number: "Number"
    weight: Fraction = ONE

    @property
    def adds(self) -> Fraction | None:
        """Weight × value."""
        exact = self.number.exact
        return exact if exact is None or self.weight is ONE else self.weight * exact


@dataclass(frozen=True, slots=True)
class Number:
    """One figure. `name`: what it is (see terms.py); `of`: of which category, point, unit, …

    `exact` is None where there is nothing to measure. `rows`: the ids of the rows that it counts. `low` and `high` are
    the bounds it was cut at. `notes`: codes of what one must know to read it, such as `sample_too_small`.
    """

    name: str
    exact: Fraction | None
    how: How = How.COUNTED
    of: str = ""
    terms: tuple[Term, ...] = ()
    rows: Rows = ()
    low: Fraction | None = None
    high: Fraction | None = None
    notes: tuple[str, ...] = ()

    def all_rows(self) -> frozenset[int]:
        """Every row that stands behind this number, however far down."""
        return frozenset(row for number in walk(self) for row in number.rows)

    def term(self, name: str, of: str = "") -> "Number":
        """The part of this name. Raises KeyError."""
        for term in self.terms:
            if term.number.name == name and of in ("", term.number.of):
                return term.number
        raise KeyError(name)


FULL = Number("full", ONE)
"""The whole from which something is taken away."""


def counted(name: str, value: Fraction | Decimal | int | None, rows: Iterable[int] = (), *, of: str = "") -> Number:
    """A figure that comes from rows."""
    exact = value if value is None or type(value) is Fraction else whole(value)
    return Number(name, exact, of=of, rows=tuple(sorted(rows)))


def summed(
    name: str,
    terms: Iterable[Term],
    *,
    of: str = "",
    low: Fraction | None = None,
    high: Fraction | None = None,
    notes: tuple[str, ...] = (),
) -> Number:
    """The sum of the terms, cut at the bounds."""
    parts = tuple(terms)
    return Number(name, bounded(_sum(parts), low, high), How.SUM, of, parts, (), low, high, notes)


def mean(name: str, terms: Iterable[Term], *, of: str = "") -> Number:
    """The mean of the terms that have a value, by weight."""
    parts = tuple(terms)
    return Number(name, _mean(parts), How.MEAN, of, parts)


def ratio(name: str, part: Number, whole: Number, *, of: str = "") -> Number:
    """Part ÷ whole."""
    parts = (Term(part), Term(whole))
    return Number(name, _ratio(parts), How.RATIO, of, parts)


def bounded(value: Fraction | None, low: Fraction | None, high: Fraction | None) -> Fraction | None:
    """The value, cut at the bounds that there are."""
    if value is None:
        return None
    value = value if low is None else max(low, value)
    return value if high is None else min(high, value)


def walk(number: Number) -> Iterator[Number]:
    """A number and all that it is made from, itself first."""
    yield number
    for term in number.terms:
        yield from walk(term.number)


def recomputed(number: Number) -> Fraction | None:
    """What the terms give, whatever the number says of itself."""
    if number.how is How.COUNTED:
        return number.exact
    made = {How.SUM: _sum, How.MEAN: _mean, How.RATIO: _ratio}[number.how](number.terms)
    return bounded(made, number.low, number.high)


def unexplained(number: Number) -> list[Number]:
    """The figures, this one or below, that are not what their terms give. An auditor expects none.

    A number that a note keeps back (too small a sample) says less than its terms, never something else.
    """
    return [one for one in walk(number) if one.exact != recomputed(one) and not (one.exact is None and one.notes)]


def _sum(terms: tuple[Term, ...]) -> Fraction | None:
    return product_sum((term.weight, term.number.exact) for term in terms)


def _mean(terms: tuple[Term, ...]) -> Fraction | None:
    there = [(term.weight, term.number.exact) for term in terms if term.number.exact is not None]
    weights = total(weight for weight, _ in there)
    added = product_sum(there)
    return None if added is None or not weights else over(added, weights)


def _ratio(terms: tuple[Term, ...]) -> Fraction | None:
    part, whole = terms[0].adds, terms[1].adds
    return None if part is None or not whole else over(part, whole)
