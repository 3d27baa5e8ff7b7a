"""The one rounding rule: half up, away from zero, once, where a number is published.

Source: none in the field's papers; half up is what 四舍五入 means and what an office checks with a calculator. How many
places is the city's: cities are separated by tenths of a point (domain 0, seed 003), so 2 or more.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

KEPT = 8192
"""Answers kept: the rates of a month are few, such as 2 of 3."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """Decimal places of scores (points of 100) and of rates (per cent)."""

    score_places: int = 2
    rate_places: int = 2

    def score(self, value: Fraction | None) -> Decimal | None:
        """A score as it is published."""
        return None if value is None else half_up(value, places=self.score_places)

    def percent(self, value: Fraction | None) -> Decimal | None:
        """A share of 1 as it is published, in per cent."""
        return None if value is None else half_up(value, places=self.rate_places + 2).scaleb(2)


def half_up(value: Fraction, *, places: int) -> Decimal:
    """The nearest decimal of so many places; halves go away from zero, so a loss rounds as a gain does."""
    return _half_up(*value.as_integer_ratio(), places)


@lru_cache(maxsize=KEPT)
def _half_up(above: int, whole: int, places: int) -> Decimal:
    part = abs(above) * 10**places
    steps = (2 * part + whole) // (2 * whole)
    return Decimal(-steps if above < 0 else steps).scaleb(-places)
