"""What holds for any rows: better is never worse, order is nothing, rounding happens once."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction as F
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.audit import Result
from models.issue import FoundLevel
from models.scoring.appraisal import unit_scores
from models.scoring.cases import Case, CaseState
from models.scoring.measure import Observed
from models.scoring.number import Number, unexplained
from models.scoring.on_site import place_score, point_scores
from models.scoring.rounding import half_up
from tests.models.scoring.oracle import unit_month
from tests.models.scoring.rows import CLOSED, MET, NOT_APPLICABLE, rules

FEW = settings(max_examples=120, deadline=None, derandomize=True)
COUNT = st.none() | st.integers(0, 6)
STANDARDS = ("01-01", "01-02", "02-01", "03-02", "05-01", "12-01", "12-02")


@st.composite
def observations(draw: st.DrawFn, smallest: int = 0) -> list[Observed]:
    rows = []
    for key in range(draw(st.integers(smallest, 12))):
        standard = draw(st.sampled_from(STANDARDS))
        counts = {field: draw(COUNT) for field in ("found", "required", "faults")}
        minutes = draw(st.sampled_from([None, Decimal(4), Decimal(10), Decimal(30)]))
        point, marks = f"{standard[:2]}-{draw(st.integers(1, 2))}", draw(st.sampled_from(["0.3", "0.5", "1", "2"]))
        result = draw(st.sampled_from(list(Result)))
        rows.append(Observed(key, point, standard[:2], standard, Decimal(marks), result, **counts, minutes=minutes))
    return rows


@st.composite
def cases(draw: st.DrawFn, *, units: str = "A", smallest: int = 0, most: int = 12) -> list[Case]:
    rows = []
    for key in range(draw(st.integers(smallest, most))):
        flags = {f: draw(st.booleans()) for f in ("late", "due", "extended", "leader_assigned", "repeated", "again")}
        checks = draw(st.integers(0, 3))
        events = {"checks": checks, "failed_checks": draw(st.integers(0, checks))}
        source = draw(st.sampled_from(["covert", "media", "self_check"]))
        finder, state = draw(st.sampled_from(list(FoundLevel))), draw(st.sampled_from(list(CaseState)))
        rows.append(Case(key, draw(st.sampled_from(units)), finder, source, state, **flags, **events))
    return rows


def city(rows: list[Observed]) -> Number:
    return place_score(point_scores(rows, rules=rules()).values(), of="city", rules=rules())


def month(rows: list[Case]) -> Number:
    return unit_scores([*rows, Case(999, "A", "street", "covert", CLOSED)], rules=rules())["A"].score


BETTER_SEEN: list[Callable[[Observed], Observed]] = [
    lambda one: one if one.result is NOT_APPLICABLE else replace(one, result=MET),
    lambda one: one if one.found is None else replace(one, found=one.found + 1),
    lambda one: one if not one.faults else replace(one, faults=one.faults - 1),
]
BETTER_DONE: list[Callable[[Case], Case]] = [
    lambda one: one if one.state is CaseState.SUSPENDED else replace(one, state=CLOSED),
    lambda one: replace(one, late=False),
    lambda one: replace(one, extended=False),
    lambda one: replace(one, repeated=False),
    lambda one: replace(one, again=False),
    lambda one: replace(one, failed_checks=max(0, one.failed_checks - 1)),
    lambda one: replace(one, checks=one.checks + 1),
]


@FEW
@given(observations(1), st.data())
def test_better_result_never_lowers_a_place(rows: list[Observed], data: st.DataObject) -> None:
    chosen, better = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.sampled_from(BETTER_SEEN))
    improved = [*rows[:chosen], better(rows[chosen]), *rows[chosen + 1 :]]
    before, after = city(rows).exact, city(improved).exact

    assert (before is None) == (after is None)
    assert before is None or after >= before  # type: ignore[operator]


@FEW
@given(cases(smallest=1), st.data())
def test_better_work_never_lowers_a_month(rows: list[Case], data: st.DataObject) -> None:
    chosen, better = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.sampled_from(BETTER_DONE))
    improved = [*rows[:chosen], better(rows[chosen]), *rows[chosen + 1 :]]

    assert month(improved).exact >= month(rows).exact  # type: ignore[operator]


@FEW
@given(observations(), cases(), st.integers())
def test_order_of_the_rows_is_nothing(seen: list[Observed], done: list[Case], seed: int) -> None:
    chance = Random(seed)

    assert city(seen) == city(chance.sample(seen, len(seen)))
    assert month(done) == month(chance.sample(done, len(done)))


@FEW
@given(observations(1), st.sampled_from(STANDARDS))
def test_row_that_is_not_applicable_changes_nothing(rows: list[Observed], standard: str) -> None:
    point = next((one.point for one in rows if one.category == standard[:2]), None)
    assume(point is not None)
    more = Observed(99, point or "", standard[:2], standard, Decimal(5), NOT_APPLICABLE, found=0, required=3, faults=9)

    assert city(rows) == city([*rows, more])


@FEW
@given(cases())
def test_case_of_another_period_or_taken_out_by_an_appeal_changes_nothing(rows: list[Case]) -> None:
    elsewhen = Case(500, "A", "city", "media", CaseState.OPEN, late=True, due=False)
    appealed = Case(
        501, "A", "city", "media", CaseState.OPEN, late=True, left_out="not my duty", failed_checks=3, checks=3
    )

    assert month(rows) == month([*rows, elsewhen, appealed])


@FEW
@given(observations(), cases())
def test_every_figure_is_what_its_terms_give(seen: list[Observed], done: list[Case]) -> None:
    assert unexplained(city(seen)) == []
    assert unexplained(month(done)) == []


@FEW
@given(cases(most=8), cases(most=4))
def test_more_findings_never_cost_less(rows: list[Case], more: list[Case]) -> None:
    fresh = [replace(one, id=one.id + 100) for one in more]

    assert month([*rows, *fresh]).term("deductions").exact >= month(rows).term("deductions").exact  # type: ignore[operator]


@FEW
@given(cases())
def test_month_is_what_the_formula_written_out_gives(rows: list[Case]) -> None:
    mine = [*rows, Case(999, "A", "street", "covert", CLOSED)]

    assert unit_month(mine) == month(rows).exact


@FEW
@given(st.fractions(), st.integers(0, 6))
def test_rounding_is_to_the_nearest_and_once(value: F, places: int) -> None:
    printed = half_up(value, places=places)

    assert abs(F(printed) - value) <= F(1, 2 * 10**places)
    assert printed == half_up(F(printed), places=places)
    assert -printed == half_up(-value, places=places)
