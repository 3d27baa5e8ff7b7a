"""The negative list and the preconditions."""

from datetime import date
from fractions import Fraction as F

import pytest

from models.errors import WrongValue
from models.scoring.negative import Hit, Judged, Standing, counts, judged, last_day
from models.scoring.number import counted, unexplained
from tests.models.scoring.rows import rules

DAY = date(2026, 11, 22)
SCORE = counted("annual", F("91.4"))


def judge(*hits: Hit, minors: str | None = "90", score: str = "91.4") -> Judged:
    modules = {} if minors is None else {"minors": counted("minors", F(minors))}
    return judged(counted("annual", F(score)), modules=modules, hits=hits, on=DAY, rules=rules())


def exposed(key: int, on: date = DAY) -> Hit:
    return Hit(key, "media_exposure", on)


@pytest.mark.parametrize(
    ("on", "until"),
    [
        (date(2025, 11, 22), date(2026, 11, 22)),
        (date(2024, 2, 29), date(2025, 2, 28)),  # no such day: the month's last
        (date(2025, 12, 31), date(2026, 12, 31)),
        (date(2025, 1, 1), date(2026, 1, 1)),
    ],
)
def test_case_counts_until_the_same_day_twelve_months_later(on: date, until: date) -> None:
    assert until == last_day(Hit(1, "vice_case", on), rules=rules())


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 11, 21), False),
        (date(2025, 11, 22), True),
        (date(2026, 11, 22), True),
        (date(2026, 11, 23), False),
    ],
    ids=["a day too old", "just within", "today", "not happened yet"],
)
def test_look_back_reaches_twelve_months(on: date, expected: bool) -> None:
    assert expected == counts(Hit(1, "vice_case", on), on=DAY, rules=rules())


@pytest.mark.parametrize(
    ("cases", "score"),
    # half a point each, two points at most: 91.4 − 0.5, − 1, − 2, − 2
    [(1, "90.9"), (2, "90.4"), (4, "89.4"), (9, "89.4")],
)
def test_each_case_costs_up_to_the_most(cases: int, score: str) -> None:
    after = judge(*(exposed(key) for key in range(cases)))

    assert F(score) == after.score.exact
    assert after.standing == Standing.ELIGIBLE
    assert set(range(cases)) == after.score.all_rows()
    assert unexplained(after.score) == []


def test_old_cases_cost_nothing() -> None:
    assert F("91.4") == judge(exposed(1, date(2025, 11, 21))).score.exact


def test_score_never_falls_below_nothing() -> None:
    assert F(0) == judge(exposed(1), exposed(2), score="0.7").score.exact


@pytest.mark.parametrize("code", ["leaders_crime", "safety_accident", "state_security", "vice_case"])
def test_veto_takes_the_right_and_leaves_the_score_visible(code: str) -> None:
    after = judge(Hit(5, code, date(2025, 12, 1)))

    assert after.standing == Standing.VETOED
    assert F("91.4") == after.score.exact
    assert {5: date(2026, 12, 1)} == after.counted_until
    assert [hit.id for hit in after.vetoes] == [5]


@pytest.mark.parametrize(
    ("minors", "standing", "holds"),
    [
        ("85", Standing.ELIGIBLE, True),
        ("84.995", Standing.ELIGIBLE, True),  # printed 85.00
        ("84.994", Standing.BELOW, False),  # printed 84.99
        (None, Standing.UNKNOWN, None),
    ],
)
def test_minors_must_reach_85_as_published(minors: str | None, standing: Standing, holds: bool | None) -> None:
    after = judge(minors=minors)

    assert standing == after.standing
    assert holds == after.gates[0].holds


def test_worst_standing_wins() -> None:
    assert judge(Hit(1, "vice_case", DAY), minors="10").standing == Standing.VETOED


def test_entry_that_the_list_does_not_have_is_refused() -> None:
    with pytest.raises(WrongValue, match="vice_case, media_exposure"):
        judge(Hit(1, "jaywalking", DAY))


def test_missing_score_stays_missing() -> None:
    after = judged(counted("annual", None), modules={}, hits=[exposed(1)], on=DAY, rules=rules())

    assert after.score.exact is None
