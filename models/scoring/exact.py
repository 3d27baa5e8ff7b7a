"""Sums and shares of fractions, exact: what `+`, `*` and `/` give, at a third of their price.

Python's fractions bring every step to its lowest terms; here that is done once, for the result. A city's year has half
a million such steps.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm

KEPT = 8192
"""Answers kept: most counts are small, and most shares are of few, such as 2 of 3."""


@lru_cache(maxsize=KEPT)
def whole(value: int | Decimal) -> Fraction:
    """A number as a fraction."""
    return Fraction(value)


@lru_cache(maxsize=KEPT)
def _of(above: int, below: int) -> Fraction:
    return Fraction(above, below)


def over(part: Fraction, whole: Fraction) -> Fraction:
    """Part ÷ whole, which is not 0."""
    above, one = part.as_integer_ratio()
    below, other = whole.as_integer_ratio()
    return _of(above * other, below * one)


def total(parts: Iterable[Fraction]) -> Fraction:
    """The sum; 0 of nothing."""
    above, below = 0, 1
    for part in parts:
        more, of = part.as_integer_ratio()
        if of != below:
            common = lcm(below, of)
            above, more, below = above * (common // below), more * (common // of), common
        above += more
    return _of(above, below)


def product_sum(pairs: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    """Σ weight × value. None where a value is missing that weighs anything."""
    above, below = 0, 1
    for weight, value in pairs:
        times, parts = weight.as_integer_ratio()
        if not times:
            continue
        if value is None:
            return None
        more, of = value.as_integer_ratio()
        more, of = more * times, of * parts
        if of != below:
            common = lcm(below, of)
            above, more, below = above * (common // below), more * (common // of), common
        above += more
    return _of(above, below)
