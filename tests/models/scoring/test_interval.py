"""How far a share may be off."""

from decimal import Decimal
from fractions import Fraction as F

import pytest

from models.scoring.interval import effective, wilson
from models.scoring.rounding import half_up

Z = F("1.96")


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    [
        # Worked by hand from (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n), z² = 3.8416:
        # 8 of 10: (0.8 + 0.19208 ± 1.96·√(0.016 + 0.009604)) ÷ 1.38416 = (0.99208 ± 0.313625) ÷ 1.38416
        (F(8, 10), 10, "0.4902", "0.9433"),
        # 0 of 5: 0 to z²/n ÷ (1 + z²/n) = 0.76832 ÷ 1.76832
        (F(0), 5, "0.0000", "0.4345"),
        # 5 of 5: the mirror image
        (F(1), 5, "0.5655", "1.0000"),
        # 452 found, 410 fixed (domain 4, P42): (0.907080 + 0.004250 ± 1.96·√(0.00018647 + 0.00000470)) ÷ 1.008499
        (F(410, 452), 452, "0.8768", "0.9305"),
    ],
)
def test_interval_of_wilson(share: F, n: int, low: str, high: str) -> None:
    interval = wilson(share, n=n, z=Z)

    assert interval is not None
    assert (Decimal(low), Decimal(high)) == (half_up(interval.low, places=4), half_up(interval.high, places=4))


@pytest.mark.parametrize("n", [1, 3, 7, 1000])
def test_share_lies_within_its_bounds_at_both_ends_too(n: int) -> None:
    for seen in range(n + 1):
        interval = wilson(F(seen, n), n=n, z=Z)

        assert interval is not None
        assert 0 <= interval.low <= F(seen, n) <= interval.high <= 1


def test_nothing_seen_has_no_interval() -> None:
    assert wilson(None, n=0, z=Z) is None
    assert wilson(F(1), n=0, z=Z) is None


def test_case_that_counts_double_does_not_make_two() -> None:
    assert F(9, 5) == effective(3, squares=5)  # weights 1 and 2: 3² ÷ (1 + 4)
    assert F(0) == effective(0, squares=0)
