"""What if says what would come out if everything were computed anew."""

from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from models.scoring.cases import Case
from models.scoring.what_if import OPEN as STILL_OPEN
from models.scoring.what_if import Standings, few_enough, moves, put_right, standings
from tests.models.scoring.rows import rules
from tests.models.scoring.test_properties import FEW, cases

GROUPS = {"A": "g", "B": "g", "C": "g", "D": "h"}


def field(rows: list[Case]) -> Standings:
    return standings(rows, groups=GROUPS, rules=rules())


def with_closed(rows: list[Case], *ids: int) -> Standings:
    return field([put_right(one) if one.id in ids else one for one in rows])


def still_open(rows: list[Case], unit: str | None = None) -> list[int]:
    return [one.id for one in rows if one.state in STILL_OPEN and unit in (None, one.unit)]


@FEW
@given(cases(units="ABCD", most=16))
def test_moves_are_those_that_a_recomputation_finds(rows: list[Case]) -> None:
    now, units = field(rows), {one.id: one.unit for one in rows}
    told = {move.case: (move.rank, move.rank_after, move.score_after) for move in moves(now)}

    found = {}
    for key in still_open(rows):
        before, after = now.places[units[key]], with_closed(rows, key).places[units[key]]
        if before.rank is not None and after.rank is not None and after.rank < before.rank:
            found[key] = (before.rank, after.rank, after.entry.figures["score"])
    assert found == told


@FEW
@given(cases(units="AAABC", most=14), st.integers(1, 2))
def test_few_issues_bring_the_unit_there_and_none_of_them_can_be_left_out(rows: list[Case], rank: int) -> None:
    now = field(rows)
    chosen = few_enough(now, "A", rank=rank) if "A" in now.places else None

    def reached(*ids: int) -> bool:
        after = with_closed(rows, *ids).places["A"].rank
        return after is not None and after <= rank

    if chosen is None:
        mine = still_open(rows, "A")
        assert "A" not in now.places or now.places["A"].rank is None or not reached(*mine)
        return
    assert reached(*chosen)
    assert not any(reached(*(one for one in chosen if one != left)) for left in chosen)


@FEW
@given(cases(units="AAABC", most=10))
def test_no_smaller_choice_would_do_where_all_count_alike(rows: list[Case]) -> None:
    """Where cases weigh differently a choice may be one or two larger than the smallest there is."""
    plain = [replace(one, leader_assigned=False, source="covert", due=True, checks=0, failed_checks=0) for one in rows]
    now = field(plain)
    chosen = few_enough(now, "A", rank=1) if "A" in now.places else None
    smaller = combinations(still_open(plain, "A"), len(chosen) - 1) if chosen else ()

    assert not any(with_closed(plain, *ids).places["A"].rank == 1 for ids in smaller)
