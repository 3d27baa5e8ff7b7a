"""What one observation takes away."""

from decimal import Decimal
from fractions import Fraction as F
from typing import Any

import pytest

from models.errors import WrongValue
from models.scoring.measure import lost
from models.scoring.rules import Measure, MeasureKind
from tests.models.scoring.rows import MET, NOT_APPLICABLE, NOT_MET, seen

YES_NO = Measure()
SHARE = Measure(MeasureKind.SHARE)
LAMPS = Measure(MeasureKind.SHARE, enough=F("0.95"))
ADS = Measure(MeasureKind.PER_FAULT, full_marks=F(4), per_fault=F(2))
CROSSING = Measure(MeasureKind.TIMED, full_marks=F(2), per_fault=F("0.5"), window=F(10), least=F(5))
EACH = [YES_NO, SHARE, LAMPS, ADS, CROSSING]


def points_lost(measure: Measure, result: Any = NOT_MET, marks: str = "1", **counts: Any) -> F | None:
    return lost(seen("P", "01-01", marks, result, **counts), measure)


@pytest.mark.parametrize(
    ("measure", "counts", "points"),
    [
        # found ÷ required × points; of 1 point
        (SHARE, {"found": 5, "required": 5}, "0"),
        (SHARE, {"found": 3, "required": 5}, "0.4"),  # 1 − 3/5
        (SHARE, {"found": 0, "required": 5}, "1"),
        (SHARE, {"found": 9, "required": 5}, "0"),  # more than required is not worth more
        # 95 of 100 lamps lit is met; below, the share of those 95
        (LAMPS, {"found": 95, "required": 100}, "0"),
        (LAMPS, {"found": 76, "required": 100}, "0.2"),  # 1 − 76/95
        # 2 points for each missing of 4
        (ADS, {"found": 3, "required": 3}, "0"),
        (ADS, {"found": 2, "required": 3}, "2"),
        (ADS, {"found": 0, "required": 3}, "4"),  # 6, but it is worth 4
        (ADS, {"faults": 1}, "2"),
        (ADS, {"faults": 1, "found": 3, "required": 3}, "2"),  # faults were counted: they decide
        # half a point for each fault in ten minutes, of 2
        (CROSSING, {"faults": 2, "minutes": Decimal(10)}, "1"),
        (CROSSING, {"faults": 3, "minutes": Decimal(15)}, "1"),  # 3 in 15 are 2 in 10
        (CROSSING, {"faults": 1, "minutes": Decimal(5)}, "1"),  # 1 in 5 is 2 in 10
        (CROSSING, {"faults": 1}, "0.5"),  # the window is meant
        (CROSSING, {"faults": 9, "minutes": Decimal(10)}, "2"),
        (CROSSING, {"faults": 0, "minutes": Decimal(30)}, "0"),
    ],
)
def test_counted_standards_cost_what_the_count_says(measure: Measure, counts: dict[str, Any], points: str) -> None:
    assert F(points) == points_lost(measure, **counts)


@pytest.mark.parametrize("measure", EACH)
def test_without_counts_the_tick_decides(measure: Measure) -> None:
    full = measure.full_marks or F(1)

    assert F(0) == points_lost(measure, MET)
    assert full == points_lost(measure, NOT_MET)


@pytest.mark.parametrize("measure", EACH)
def test_not_applicable_is_not_applicable_whatever_was_counted(measure: Measure) -> None:
    counted = {"found": 1, "required": 5, "faults": 3, "minutes": Decimal(10)}

    assert points_lost(measure, NOT_APPLICABLE, **counted) is None


@pytest.mark.parametrize(
    ("measure", "counts"),
    [
        (SHARE, {"found": 0, "required": 0}),
        (ADS, {"found": 0, "required": 0}),
        (CROSSING, {"faults": 4, "minutes": Decimal("4.9")}),
        (Measure(MeasureKind.TIMED, per_fault=F(1)), {"faults": 1, "minutes": Decimal(0)}),
    ],
    ids=["nothing required", "nothing required of a count", "watched too short", "not watched at all"],
)
def test_what_could_not_be_judged_is_not_applicable(measure: Measure, counts: dict[str, Any]) -> None:
    assert points_lost(measure, **counts) is None


def test_counts_go_before_the_tick() -> None:
    assert F("0.4") == points_lost(SHARE, MET, found=3, required=5)


@pytest.mark.parametrize(
    ("measure", "field", "counts"),
    [
        (SHARE, "found", {"found": -1, "required": 5}),
        (SHARE, "required", {"found": 1, "required": -5}),
        (ADS, "faults", {"faults": -1}),
        (CROSSING, "minutes", {"faults": 1, "minutes": Decimal("-1")}),
        (CROSSING, "minutes", {"faults": 1, "minutes": Decimal("NaN")}),
        (YES_NO, "marks", {"marks": "-1"}),
    ],
)
def test_counts_below_nothing_are_refused_by_name(measure: Measure, field: str, counts: dict[str, Any]) -> None:
    with pytest.raises(WrongValue) as refused:
        points_lost(measure, **counts)

    assert field == refused.value.params["field"]


def test_standard_worth_nothing_costs_nothing() -> None:
    assert F(0) == points_lost(Measure(MeasureKind.PER_FAULT, per_fault=F(2)), faults=2, marks="0")
