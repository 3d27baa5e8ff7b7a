"""Which open issues would move a unit.

A: 8 of 10 closed, 2 overdue and open      B: 9 of 10 closed, 1 overdue and open      C: all closed
Each case was found by the community, in a source that is neither doubled nor its own.
    A: 30 × 0.8 + 20 × 0.8 + 20 × 1 + 20 × 0.8 + 10 = 86 − (8 × 0.1 + 2 × 0.3) = 84.6
    B: 27 + 18 + 20 + 18 + 10 = 93 − (0.9 + 0.3) = 91.8
    C: 100 − 1 = 99
    A with one closed (late): 27 + 16 + 20 + 18 + 10 = 91 − 1.4 = 89.6, still third
    A with both: 30 + 16 + 20 + 20 + 10 = 96 − 1.4 = 94.6, second
"""

from collections.abc import Iterable
from decimal import Decimal

import pytest

from models.errors import NotFound
from models.scoring.cases import Case, CaseState
from models.scoring.what_if import Standings, few_enough, moves, put_right, standings
from tests.models.scoring.rows import CLOSED, HANDED_IN, OPEN, SUSPENDED, VERIFIED, case, rules

GROUPS = dict.fromkeys("ABC", "g")


def cases(unit: str, closed: int, overdue: int) -> list[Case]:
    done = [case(unit, finder="community", checks=1) for _ in range(closed)]
    return done + [case(unit, OPEN, finder="community", late=True) for _ in range(overdue)]


CITY = [*cases("A", 8, 2), *cases("B", 9, 1), *cases("C", 10, 0)]
LATE_A = [one.id for one in CITY if one.unit == "A" and one.state is OPEN]
LATE_B = [one.id for one in CITY if one.unit == "B" and one.state is OPEN]


def field(rows: Iterable[Case] = CITY, **more: object) -> Standings:
    return standings(rows, groups=GROUPS, rules=rules(), **more)  # type: ignore[arg-type]


def test_standings_as_worked_by_hand() -> None:
    shown = {unit: (place.rank, str(place.entry.figures["score"])) for unit, place in field().places.items()}

    assert shown == {"A": (3, "84.60"), "B": (2, "91.80"), "C": (1, "99.00")}


def test_one_of_two_does_not_lift_and_both_do() -> None:
    assert moves(field(), units=["A"]) == []
    assert tuple(LATE_A) == few_enough(field(), "A", rank=2)


def test_issue_that_lifts_its_unit_is_named_with_both_scores() -> None:
    """C: 21 + 14 + 20 + 14 + 10 = 79 − (0.7 + 0.9) = 77.4; one closed late: 24 + 14 + 20 + 16 + 10 = 84 − 1.6 = 82.4

    A and B, one of whose eight checks failed: 24 + 16 + 17.5 + 16 + 10 = 83.5 − (0.8 + 0.6) = 82.1
    """
    failed = [case(unit, finder="community", checks=1, failed_checks=1) for unit in "AB"]
    rows = [*failed, *cases("A", 7, 2), *cases("B", 7, 2), *cases("C", 7, 3)]
    found = moves(field(rows), units=["C"])

    assert {3} == {move.rank for move in found}
    assert {1} == {move.rank_after for move in found}
    assert len(found) == 3
    assert {(Decimal("77.40"), Decimal("82.40"))} == {(move.score, move.score_after) for move in found}


def test_place_that_is_reached_needs_nothing_and_one_out_of_reach_gets_none() -> None:
    assert few_enough(field(), "B", rank=2) == ()
    assert few_enough(field(), "A", rank=1) is None
    assert few_enough(field(), "B", rank=1) is None


def test_unit_without_a_place_is_not_moved() -> None:
    shelved = field([*CITY, case("D", SUSPENDED), case("D", OPEN, due=False)])

    assert moves(shelved, units=["D"]) == []
    assert few_enough(shelved, "D", rank=1) is None


def test_barred_unit_stays_without_a_place() -> None:
    barred = field(barred={"B": "vetoed"})

    assert moves(barred, units=["B"]) == []
    assert {unit: place.rank for unit, place in barred.places.items()} == {"A": 2, "B": None, "C": 1}
    assert barred.places["B"].why == "vetoed"


def test_unknown_unit_is_refused() -> None:
    with pytest.raises(NotFound):
        moves(field(), units=["Z"])
    with pytest.raises(NotFound):
        few_enough(field(), "Z", rank=1)


@pytest.mark.parametrize(("state", "checks"), [(OPEN, 1), (HANDED_IN, 1), (VERIFIED, 0)])
def test_case_put_right_has_passed_its_check(state: CaseState, checks: int) -> None:
    after = put_right(case(state=state, late=True))

    assert (CLOSED, checks, True) == (after.state, after.checks, after.late)


def test_what_lies_with_others_or_is_out_of_the_count_is_no_suggestion() -> None:
    rows = [*cases("A", 8, 0), *cases("B", 9, 1), case("A", OPEN, late=True, left_out="force majeure")]
    rows += [case("A", SUSPENDED), case("A", CLOSED, late=True)]

    assert moves(field(rows), units=["A"]) == []
