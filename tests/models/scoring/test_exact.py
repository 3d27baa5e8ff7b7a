"""Sums and shares made in one go are what fractions give step by step."""

from fractions import Fraction as F
from functools import reduce
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.scoring.cases import Amount, Case, CaseState, Key, contributions, tallies, tally
from models.scoring.exact import over, product_sum, total
from tests.models.scoring.rows import case, rules

FEW = settings(max_examples=150, deadline=None, derandomize=True)
FRACTION = st.fractions(min_value=-50, max_value=50, max_denominator=97)


@FEW
@given(st.lists(FRACTION, max_size=12))
def test_a_total_is_the_sum_step_by_step(parts: list[F]) -> None:
    assert total(parts) == reduce(F.__add__, parts, F(0))


@FEW
@given(st.lists(st.tuples(FRACTION, FRACTION), max_size=12))
def test_weights_times_values_are_the_sum_step_by_step(pairs: list[tuple[F, F]]) -> None:
    assert product_sum(pairs) == reduce(F.__add__, (weight * value for weight, value in pairs), F(0))


@FEW
@given(FRACTION, FRACTION.filter(bool))
def test_a_share_is_one_divided_by_the_other(part: F, whole: F) -> None:
    assert over(part, whole) == part / whole


def test_a_value_that_is_missing_leaves_no_sum() -> None:
    assert product_sum([(F(1), F(2)), (F(1, 2), None)]) is None


def test_a_missing_value_that_weighs_nothing_is_no_matter() -> None:
    assert product_sum([(F(1), F(2)), (F(0), None)]) == 2


CHANGES: list[dict[str, Any]] = [
    *({"state": state} for state in CaseState),
    *({"finder": finder} for finder in ("district", "street")),
    *({"source": source} for source in ("media", "self_check")),
    *({name: True} for name in ("late", "extended", "leader_assigned", "repeated", "again")),
    *({name: 2} for name in ("checks", "received", "returned", "looked_back", "relapsed")),
    {"checks": 2, "failed_checks": 1},
    {"late": True, "finder": "street"},
    {"due": False},
    {"left_out": "out_of_scope"},
]


def test_every_fact_of_a_case_is_looked_at_here() -> None:
    assert {name for change in CHANGES for name in change} == set(Case.__slots__) - {"id", "unit"}


def added(rows: list[Case]) -> dict[Key, Amount]:
    """One by one."""
    expected: dict[Key, Amount] = {}
    for one in rows:
        for key, amount in contributions(one, rules().appraisal):
            expected[key] = expected.get(key, 0) + amount
    return expected


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_case_that_differs_in_one_fact_is_another_kind(change: dict[str, Any]) -> None:
    for rows in ([case(), case(**change), case()], [case(**change), case()]):
        assert tally(rows, rules=rules().appraisal).sums == added(rows)


def test_cases_of_one_kind_add_what_each_of_them_adds_to_its_own_unit() -> None:
    rows = {unit: [case(unit, **change) for change in CHANGES * times] for unit, times in (("A", 3), ("B", 1))}
    found = tallies(rows, rules=rules().appraisal)
    assert {unit: one.sums for unit, one in found.items()} == {unit: added(several) for unit, several in rows.items()}
