"""The draw by category and area."""

from collections import Counter
from math import ceil, floor
from random import Random

import pytest

from models.errors import WrongValue
from models.scoring.strata import allocated, drawn

AREAS = ("D1", "D2", "D3", "D4", "D5", "D6")
THERE = {
    (f"{c:02}", area): [f"P-{c:02}-{area}-{n}" for n in range(3 + c % 4 + 3 * i)]
    for c in range(1, 41)
    for i, area in enumerate(AREAS)
}
SIZES = {stratum: len(points) for stratum, points in THERE.items()}
TOTAL = sum(SIZES.values())

FROZEN = ["P-09-D5-13", "P-12-D3-5", "P-13-D1-0", "P-17-D6-0", "P-24-D4-2", "P-27-D6-9", "P-39-D5-11"]


def shares(wanted: int) -> Counter[object]:
    """What each category, area and stratum has a right to."""
    found: Counter[object] = Counter()
    for (category, area), size in SIZES.items():
        for key in (category, area, (category, area)):
            found[key] += size * wanted / TOTAL  # type: ignore[assignment]
    return found


@pytest.mark.parametrize("wanted", [1, 60, 120, 160, 316])
@pytest.mark.parametrize("seed", [0, 7, 2**31 - 1])
def test_every_category_area_and_pair_gets_its_share(wanted: int, seed: int) -> None:
    """At 60, 120 and 160 points the row of strata, every n-th taken, is off by up to 23."""
    points = drawn(THERE, wanted=wanted, seed=seed)
    got: Counter[object] = Counter()
    for _, category, area, _ in (point.split("-") for point in points):
        got.update([category, area, (category, area)])

    assert wanted == len(set(points))
    off = {
        key: got[key]
        for key, share in shares(wanted).items()
        if not floor(share - 1e-9) <= got[key] <= ceil(share + 1e-9)
    }
    assert off == {}


def test_seed_gives_the_same_points_whatever_the_order_they_are_told_in() -> None:
    mixed = {key: Random(1).sample(THERE[key], len(THERE[key])) for key in Random(2).sample(list(THERE), len(THERE))}

    assert drawn(THERE, wanted=78, seed=5) == drawn(mixed, wanted=78, seed=5)
    assert drawn(THERE, wanted=78, seed=5) != drawn(THERE, wanted=78, seed=6)


def test_every_point_is_as_likely_as_any_other() -> None:
    """4 of 11 points, 2,000 draws: each about 727 times; 90 is four times the spread of such a count."""
    few = {("01", "a"): ["A"], ("01", "b"): ["B", "C", "D"], ("02", "a"): list("EFGHI"), ("02", "b"): ["J", "K"]}
    times = Counter(point for seed in range(2000) for point in drawn(few, wanted=4, seed=seed))

    assert len(times) == 11
    assert all(abs(count - 2000 * 4 / 11) < 90 for count in times.values())


@pytest.mark.parametrize(("wanted", "drawn_points"), [(0, 0), (-3, 0), (11, 11), (99, 11)])
def test_no_more_than_there_are_and_no_fewer_than_none(wanted: int, drawn_points: int) -> None:
    few = {("01", "a"): list("ABCDE"), ("02", "b"): list("FGHIJK"), ("03", "c"): []}

    assert drawn_points == len(drawn(few, wanted=wanted, seed=1))


def test_draw_from_nothing_is_nothing() -> None:
    assert drawn({}, wanted=5, seed=1) == []


def test_draw_stays_what_it_was() -> None:
    """An auditor repeats it years on: these points were written down when the method was."""
    assert sum(allocated(SIZES, wanted=7, chance=Random(3)).values()) == 7
    assert drawn(THERE, wanted=7, seed=3) == FROZEN


def test_stratum_without_a_code_is_refused() -> None:
    with pytest.raises(WrongValue, match="stratum"):
        drawn({("", "a"): ["A"], ("01", "a"): ["B"]}, wanted=1, seed=1)
