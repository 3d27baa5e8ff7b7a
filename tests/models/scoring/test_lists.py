"""Red and black lists, and rows of black ones."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from models.scoring.lists import Listed, Period, consequence, in_a_row, listed
from models.scoring.ranking import Entry, ranked
from models.scoring.rules import Gap, ListRule, Lists
from tests.models.scoring.rows import rules, rules_with

LISTS = rules().lists


def a_list(count: int | None = None, threshold: int | None = None, **groups: int) -> ListRule:
    return ListRule("disposal", threshold, count, groups)  # type: ignore[arg-type]


def lists(red: ListRule, black: ListRule) -> Lists:
    return replace(LISTS, red=red, black=black)


def entries(*rates: int | None, group: str = "g") -> list[Entry]:
    """A, B, C, … with these rates; the rate is the score."""
    shown = [(None if rate is None else Decimal(rate)) for rate in rates]
    return [
        Entry(f"{group}{chr(65 + n)}", group, {"score": rate, "disposal": rate}, 0 if rate is None else 5)
        for n, rate in enumerate(shown)
    ]


def on(lists: Lists, *several: Entry) -> Listed:
    return listed(ranked(several, rules=rules_with("ranking", order=rules().ranking.order[:1]).ranking), rules=lists)


def codes(lists: Lists, *rates: int | None) -> tuple[str, str]:
    found = on(lists, *entries(*rates))
    return "".join(code[-1] for code in found.red), "".join(code[-1] for code in found.black)


@pytest.mark.parametrize(
    ("rates", "red", "black"),
    [
        ((99, 95, 90, 80, 70, 60), "AB", "FED"),
        ((99, 95, 95, 80, 70, 60), "ABC", "FED"),  # ties at the end of the list are all on it
        ((99, 95, 90, 70, 70, 70, 60), "AB", "GFED"),
        ((90, 80), "A", "B"),  # half of a group at most
        ((90, 80, 70), "A", "C"),
        ((90,), "", ""),  # alone in a group is neither first nor last
        ((80, 80, 80, 80), "", ""),  # all equal
        ((90, 90, 90, 80), "", "D"),  # three firsts are more than half and behind them is one
        ((100, 100, 100, 100, 100, 90), "ABCDE", "F"),  # who closed everything cannot be black, so is first
        ((100, 100, 100), "ABC", ""),
        ((99, 80, None, None), "A", "B"),  # without cases: not listed, not counted
        ((), "", ""),
    ],
)
def test_first_two_and_last_three_of_a_group(rates: tuple[int | None, ...], red: str, black: str) -> None:
    assert (red, black) == codes(lists(a_list(2), a_list(3)), *rates)


def test_whoever_closed_everything_is_not_black() -> None:
    """Two that closed everything, one of them late: the score parts them, the list does not shame."""
    closed = [replace(one, figures={**one.figures, "disposal": Decimal(100)}) for one in entries(99, 90)]

    assert Listed(("gA",), ()) == on(lists(a_list(1), a_list(1)), *closed)


@pytest.mark.parametrize(
    ("rates", "red", "black"),
    [
        ((95, 90, 89, 85, 84), "AB", "E"),
        ((84, 80), "", "BA"),
        ((95, 92), "AB", ""),
        ((50,), "", "A"),
    ],
)
def test_red_from_90_and_black_below_85(rates: tuple[int, ...], red: str, black: str) -> None:
    """domain 4 [P42]: the middle is on neither."""
    assert (red, black) == codes(lists(a_list(None, 90), a_list(None, 85)), *rates)


def test_with_a_number_and_a_threshold_both_must_hold() -> None:
    both = lists(a_list(2, 90), a_list(3, 85))

    assert codes(both, 91, 89, 88, 87, 86, 85) == ("A", "")
    assert codes(both, 99, 98, 97, 96, 86, 84) == ("AB", "F")


def test_each_group_has_its_own_number() -> None:
    rule = lists(a_list(2, d=1), a_list(2, d=1))
    found = on(rule, *entries(90, 80, 70, 60, group="d"), *entries(90, 80, 70, 60, group="e"))

    assert Listed(("dA", "eA", "eB"), ("dD", "eD", "eC")) == found


def test_figure_that_is_missing_puts_nobody_on_a_list() -> None:
    unmeasured = ListRule("satisfaction", 90, None, {})  # type: ignore[arg-type]

    assert Listed((), ()) == on(lists(unmeasured, unmeasured), *entries(90, 80))


@pytest.mark.parametrize("rates", [*product([60, 80, 100], repeat=4)])
def test_nobody_is_on_both_lists_and_nobody_black_stands_before_anybody_red(rates: tuple[int, ...]) -> None:
    found = on(lists(a_list(3), a_list(3)), *entries(*rates))
    rate = {e.code: e.figures["score"] for e in entries(*rates)}

    assert not set(found.red) & set(found.black)
    assert all(rate[b] < rate[r] for b in found.black for r in found.red)  # type: ignore[operator]
    assert len(set(rates)) > 1 or 100 in rates or found == Listed((), ())


def periods(written: str) -> list[Period]:
    """b: black; w: ranked and not black; -: without a place."""
    return [Period(had_place=mark != "-", black=mark == "b") for mark in written]


@pytest.mark.parametrize(
    ("written", "holds", "breaks"),
    [
        ("", 0, 0),
        ("b", 1, 1),
        ("bbb", 3, 3),
        ("bbw", 0, 0),
        ("bwbb", 2, 2),
        ("b-b", 2, 1),
        ("bb-", 2, 0),
        ("-", 0, 0),
        ("b--b-b", 3, 1),
    ],
)
def test_black_lists_in_a_row(written: str, holds: int, breaks: int) -> None:
    assert holds == in_a_row(periods(written), gap=Gap.HOLDS)
    assert breaks == in_a_row(periods(written), gap=Gap.BREAKS)


@pytest.mark.parametrize(
    ("times", "code"),
    [
        (0, None),
        (1, "interview_deputy"),
        (2, "interview_organisation"),
        (3, "accountability_proposal"),
        (7, "accountability_proposal"),
    ],
)
def test_consequence_is_the_heaviest_reached(times: int, code: str | None) -> None:
    assert code == consequence(times, rules=LISTS)
