"""Places within a group."""

from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from models.scoring.appraisal import unit_scores
from models.scoring.ranking import Entry, ranked, unit_entry
from models.scoring.rounding import Rounding
from models.scoring.rules import OrderBy
from tests.models.scoring.rows import CLOSED, OPEN, SUSPENDED, case, rules, rules_with

RULES = rules().ranking


def entry(code: str, score: str | None = "90", *, group: str = "g", **figures: Any) -> Entry:
    cases = figures.pop("cases", 10)
    barred = figures.pop("barred", "")
    shown = {"score": Decimal(score) if score else None, "on_time": Decimal(80), "overdue_open": 0, "cases": cases}
    return Entry(code, group, shown | figures, cases, barred)


def places(*entries: Entry) -> dict[str, int | None]:
    return {place.entry.code: place.rank for place in ranked(entries, rules=RULES)}


def test_higher_score_comes_first_and_groups_stand_apart() -> None:
    several = [entry("A", "80"), entry("B", "90"), entry("C", "70", group="h")]

    assert places(*several) == {"B": 1, "A": 2, "C": 1}


def test_equal_is_the_same_place_and_the_next_is_skipped() -> None:
    assert places(entry("A"), entry("B"), entry("C", "89")) == {"A": 1, "B": 1, "C": 3}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"on_time": Decimal("80.01")}, {"on_time": Decimal(80)}),
        ({"overdue_open": 1}, {"overdue_open": 2}),
        ({"cases": 11}, {"cases": 10}),
        ({"on_time": Decimal(0)}, {"on_time": None}),
        ({"on_time": Decimal(81), "overdue_open": 9}, {"on_time": Decimal(80), "overdue_open": 0}),
        ({"overdue_open": 1, "cases": 5}, {"overdue_open": 2, "cases": 50}),
    ],
)
def test_equal_scores_are_parted_by_on_time_then_overdue_then_volume(better: Any, worse: Any) -> None:
    assert places(entry("A", **worse), entry("B", **better)) == {"B": 1, "A": 2}


def test_scores_that_print_alike_are_alike() -> None:
    """200 of 300 and 201 of 301 are both 67 per cent to the nearest whole one."""
    plain = replace(rules_with("ranking", order=RULES.order[:2]), rounding=Rounding(0, 0))
    done = {"A": (200, 100), "B": (201, 100)}
    rows = [case(u, s, finder="street") for u, n in done.items() for s in [CLOSED] * n[0] + [OPEN] * n[1]]
    scores = unit_scores(rows, rules=plain)
    entries = [unit_entry(score, group="g", rules=plain) for score in scores.values()]

    assert scores["A"].score.exact != scores["B"].score.exact
    assert [place.rank for place in ranked(entries, rules=plain.ranking)] == [1, 1]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"cases": 0}, "no_cases"),
        ({"cases": 2}, "too_few_cases"),
        ({"score": None}, "no_score"),
        ({"barred": "vetoed"}, "vetoed"),
        ({"cases": 0, "score": None}, "no_cases"),
    ],
)
def test_without_a_place_the_reason_is_said(changed: dict[str, Any], why: str) -> None:
    least = rules_with("ranking", least_cases=3).ranking
    first, last = ranked([entry("A", **changed), entry("B", cases=3)], rules=least)

    assert (first.entry.code, first.rank, first.of, first.why) == ("B", 1, 1, "")
    assert ("A", None, why) == (last.entry.code, last.rank, last.why)


def test_unit_whose_cases_are_all_shelved_is_not_ranked() -> None:
    scores = unit_scores([case("A", SUSPENDED), case("B")], rules=rules())
    entries = [unit_entry(score, group="g", rules=rules()) for score in scores.values()]

    assert places(*entries) == {"B": 1, "A": None}


def test_order_of_the_input_changes_no_place() -> None:
    several = [entry("A"), entry("B"), entry("C", "89"), entry("D", None), entry("E", "95", group="h")]

    assert len({str(ranked(order, rules=RULES)) for order in permutations(several)}) == 1


def test_what_decides_is_data() -> None:
    by_volume = rules_with("ranking", order=(OrderBy("cases", False),)).ranking
    found = ranked([entry("A", cases=9), entry("B", "10", cases=8)], rules=by_volume)

    assert [place.entry.code for place in found] == ["B", "A"]


def test_units_are_shown_as_they_are_published() -> None:
    score = unit_scores([case("A", CLOSED), case("A", CLOSED), case("A", OPEN, late=True)], rules=rules())["A"]
    shown = unit_entry(score, group="g", rules=rules())

    assert Decimal("66.67") == shown.figures["disposal"]
    assert (shown.cases, shown.figures["overdue_open"], shown.figures["cases"]) == (3, 1, 3)
    assert shown.interval is not None
