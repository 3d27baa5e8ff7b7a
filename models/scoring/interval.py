"""How far a share may be off, seen from so few cases: the interval of Wilson.

Source: domain names none (9f asks for n and for “sample too small”); Wilson (1927) stays inside 0 to 1 and is right for
small n, where the plain one is not. Where answers count in part (fairly satisfied: 0.6) it is on the safe side, since
no figure between 0 and 1 scatters more than a yes or no of the same mean. Where rows weigh differently, n is what
Kish (1965) calls the effective size: (Σ w)² ÷ Σ w².
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

KEPT = 4096
"""Answers kept: most units of a month have one of few figures, such as 3 of 3."""
PRECISION = 40
"""Digits of the square root: more than any published place, so every machine gives the same bounds."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of a share of 1."""

    low: Fraction
    high: Fraction


@lru_cache(maxsize=KEPT)
def wilson(share: Fraction | None, *, n: Fraction | int, z: Fraction) -> Interval | None:
    """The interval of a share seen in n rows. `z`: 1.96 for 95 of 100. None without rows."""
    if share is None or n <= 0:
        return None
    spread = share * (1 - share) / n + z**2 / (4 * n**2)
    middle, half, whole = share + z**2 / (2 * n), z * _root(spread), 1 + z**2 / Fraction(n)
    # At 0 and at 1 a bound is the share itself; the root, cut at its last digit, must not push it past.
    low, high = min(share, (middle - half) / whole), max(share, (middle + half) / whole)
    return Interval(max(Fraction(0), low), min(Fraction(1), high))


def effective(weights: Fraction | int, *, squares: Fraction | int) -> Fraction:
    """How many rows of equal weight tell as much: (Σ w)² ÷ Σ w². 0 without rows."""
    return Fraction(weights * weights, squares) if squares else Fraction(0)


def _root(value: Fraction) -> Fraction:
    with localcontext() as context:
        context.prec = PRECISION
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())
