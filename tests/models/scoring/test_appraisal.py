"""A unit's month, worked by hand.

Ten cases are due:
    6 found by the city, closed in time          each 0.3                1.8
    2 found by the district, closed late         each 0.5                1.0
    1 found by the city, overdue and open        1                       1.0
    1 found by the street, handed in in time     0.1                     0.1
    2 of the first six were extended; 10 checks, 2 failed                3.9 deducted

    disposal 8 ÷ 10 × 30 = 24      on time 6 ÷ 10 × 20 = 12      rework 2 ÷ 10: 0.8 × 20 = 16
    overdue open 1 ÷ 10: 0.9 × 20 = 18      extension 2 ÷ 10: 0.8 × 10 = 8      together 78
    78 − 3.9 = 74.10
"""

from decimal import Decimal
from fractions import Fraction as F
from random import Random
from typing import Any

import pytest

from models.errors import WrongValue
from models.scoring.appraisal import Beside, Incident, UnitScore, unit_scores
from models.scoring.cases import Case
from models.scoring.interval import wilson
from models.scoring.number import counted, unexplained
from tests.models.scoring.rows import CLOSED, HANDED_IN, OPEN, SUSPENDED, case, rules, rules_with

MONTH = [
    *(case(state=CLOSED, id=n, extended=n <= 2, checks=1) for n in range(1, 7)),
    *(case(state=CLOSED, id=n, finder="district", late=True, checks=2, failed_checks=1) for n in (7, 8)),
    case(state=OPEN, id=9, late=True),
    case(state=HANDED_IN, id=10, finder="street"),
]


def month(*cases: Case, **beside: Any) -> UnitScore:
    return unit_scores(cases, beside={"A": Beside(**beside)}, rules=rules())["A"]


def score(*cases: Case, **beside: Any) -> F | None:
    return month(*cases, **beside).score.exact


def test_month_as_worked_by_hand() -> None:
    unit = month(*MONTH)
    shown = {
        name: str(rules().rounding.percent(rate.exact)) for name, rate in unit.rates.items() if rate.exact is not None
    }

    assert F("74.1") == unit.score.exact
    assert F("3.9") == unit.score.term("deductions").exact
    assert F("0.78") == unit.score.term("rates").exact
    assert shown == {
        "disposal": "80.00",
        "on_time": "60.00",
        "rework": "20.00",
        "without_rework": "80.00",
        "overdue": "10.00",
        "without_overdue": "90.00",
        "extension": "20.00",
        "without_extension": "80.00",
    }
    assert (unit.cases, unit.overdue) == (10, 1)


def test_every_figure_is_explained_down_to_its_cases() -> None:
    unit = month(*MONTH)

    assert unexplained(unit.score) == []
    assert set(range(1, 11)) == unit.score.all_rows()
    assert {7, 8} == unit.score.term("deductions").term("deduction_late", "district").all_rows()
    assert {9} == unit.rates["overdue"].terms[0].number.all_rows()


def test_order_of_the_cases_changes_nothing_at_all() -> None:
    assert month(*MONTH) == month(*Random(3).sample(MONTH, len(MONTH)))


def test_leader_assigned_cases_count_double_above_and_below_the_line() -> None:
    """Closed 2 of 3: the leader's weighs two. Deducted: 2 × 0.3 for it, 1 for the open one."""
    unit = month(case(leader_assigned=True), case(state=OPEN, late=True))

    assert F(2, 3) == unit.rates["disposal"].exact
    assert F("1.6") == unit.score.term("deductions").exact
    assert unit.cases == 2


def test_two_reasons_to_look_are_one() -> None:
    assert F("0.6") == month(case(leader_assigned=True, source="media")).score.term("deductions").exact
    assert F("0.6") == month(case(source="media")).score.term("deductions").exact


@pytest.mark.parametrize(
    ("facts", "points"),
    [
        # domain 4 [P46]: found, not in time, in two bulletins; what came back twice as much
        ({"finder": "central"}, "0.3"),
        ({"finder": "province", "late": True}, "1"),
        ({"finder": "city"}, "0.3"),
        ({"finder": "city", "late": True}, "1"),
        ({"finder": "city", "repeated": True}, "2"),
        ({"finder": "city", "repeated": True, "late": True}, "2"),
        ({"finder": "district"}, "0.2"),
        ({"finder": "district", "late": True}, "0.5"),
        ({"finder": "district", "repeated": True}, "1"),
        ({"finder": "community"}, "0.1"),
        ({"finder": "community", "late": True}, "0.3"),
        ({"finder": "community", "repeated": True}, "0.6"),
        ({"again": True}, "0.6"),
        ({"again": True, "late": True}, "2"),
        ({"again": True, "leader_assigned": True, "repeated": True}, "8"),  # 2 × 2 × 2
        ({"source": "self_check"}, "0"),
        ({"source": "self_check", "late": True, "finder": "community"}, "0.3"),
        ({"source": "self_check", "repeated": True, "finder": "community"}, "0.6"),
        ({"due": False, "late": True}, "0"),
        ({"state": SUSPENDED, "late": True}, "0"),
        ({"left_out": "force majeure", "late": True}, "0"),
    ],
)
def test_what_a_finding_costs(facts: dict[str, Any], points: str) -> None:
    assert F(points) == month(case(**facts)).score.term("deductions").exact


def test_deductions_end_at_the_most() -> None:
    """20 overdue at 1 point are 20; 50 are 40, the most."""
    assert F(20) == month(*(case(late=True) for _ in range(20))).score.term("deductions").exact
    assert F(40) == month(*(case(late=True) for _ in range(50))).score.term("deductions").exact


def test_deductions_may_be_counted_for_so_many_cases() -> None:
    """50 overdue are 50 points; for 10 cases that is 10."""
    cases = [case(late=True) for _ in range(50)]
    scores = unit_scores(cases, rules=rules_with("appraisal", per_cases=F(10)))

    assert F(10) == scores["A"].score.term("deductions").exact
    assert unexplained(scores["A"].score) == []


def test_what_a_unit_finds_itself_and_closes_in_time_is_a_bonus() -> None:
    cases = [case(source="self_check", finder="community") for _ in range(3)]

    assert F("100.3") == score(*cases)
    assert F(0) == month(case(source="self_check", state=OPEN)).score.term("bonus").exact
    assert F(5) == month(*(case(source="self_check") for _ in range(80))).score.term("bonus").exact


def test_incidents_are_priced_by_the_rules() -> None:
    incidents = (Incident(5, "A", "faking"), Incident(6, "A", "faking"), Incident(7, "A", "repeat_complaint"))
    cases = [case(source="self_check", state=state) for state in (OPEN, OPEN, CLOSED, CLOSED)]
    without = score(*cases)

    assert without is not None
    assert without - 3 == score(*cases, incidents=incidents)
    with pytest.raises(WrongValue, match="faking, refusal"):
        score(case(), incidents=(Incident(1, "A", "laziness"),))


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("finder", {"finder": "passer_by"}),
        ("5", {"checks": 1, "failed_checks": 2}),
        ("5", {"checks": -1, "failed_checks": -1}),
        ("5", {"returned": -1}),
    ],
)
def test_case_that_cannot_be_is_refused(field: str, facts: dict[str, Any]) -> None:
    with pytest.raises(WrongValue) as refused:
        score(case(id=5, **facts))

    assert field == refused.value.params["field"]


def test_case_that_stands_there_twice_is_refused_not_counted_twice() -> None:
    with pytest.raises(WrongValue, match="each row once"):
        score(case(id=5), case(id=5))


def test_score_stays_within_its_bounds() -> None:
    worst = [case(state=OPEN, late=True, extended=True, repeated=True, checks=3, failed_checks=3) for _ in range(50)]
    event = tuple(Incident(n, "A", "major_event") for n in range(3))

    assert F(0) == score(*worst)
    assert F(105) == score(case(source="self_check"), incidents=event)


def test_rate_without_a_denominator_neither_helps_nor_hurts() -> None:
    """No check: 30 × 0.5 + 20 × 0.5 + 20 × 1 + 10 × 1 = 55 of 80 → 68.75, less 0.6 for two findings."""
    assert F("68.15") == score(case(state=CLOSED), case(state=OPEN))


def test_validly_shelved_cases_leave_the_denominator() -> None:
    unit = month(case(), case(state=SUSPENDED))

    assert F(1) == unit.rates["disposal"].exact
    assert unit.cases == 1


def test_what_an_appeal_took_out_counts_nowhere_and_is_listed() -> None:
    appealed = case(id=99, state=OPEN, late=True, left_out="not my duty", failed_checks=2, checks=2)
    unit = month(*MONTH, appealed)

    assert F("74.1") == unit.score.exact
    assert unit.left_out == (99,)
    assert 99 not in unit.score.all_rows()


def test_unit_without_cases_has_no_score() -> None:
    unit = month(incidents=(Incident(1, "A", "faking"),))

    assert unit.score.exact is None
    assert unit.interval is None


def test_harder_units_are_helped_by_their_factor() -> None:
    """78 × 1.1 − 3.9 = 81.9"""
    helped = unit_scores(MONTH, rules=rules_with("appraisal", difficulty={"A": F("1.1")}))

    assert F("81.9") == helped["A"].score.exact


def test_satisfaction_counts_where_it_has_a_weight() -> None:
    """(24 + 12 + 16 + 18 + 8 + 10 × 0.5) ÷ 110 × 100 = 83 ÷ 1.1, less 3.9"""
    weighing = rules_with("appraisal", weights={**rules().appraisal.weights, "satisfaction": F(10)})
    beside = {"A": Beside(satisfaction=counted("question", F("0.5")))}

    assert F(830, 11) - F("3.9") == unit_scores(MONTH, beside=beside, rules=weighing)["A"].score.exact
    assert F("74.1") == unit_scores(MONTH, beside=beside, rules=rules())["A"].score.exact


def test_cases_that_count_double_say_no_more_than_they_are() -> None:
    """Three that weigh 2, 1 and 1 tell as much as (2 + 1 + 1)² ÷ (4 + 1 + 1) = 2.67 of equal weight."""
    interval = month(case(leader_assigned=True), case(), case()).interval

    assert wilson(F(1), n=F(8, 3), z=F("1.96")) == interval


def test_interval_shows_how_little_ten_cases_say() -> None:
    interval = month(*MONTH).interval

    assert interval is not None
    assert Decimal("49.02") == rules().rounding.percent(interval.low)
    assert Decimal("94.33") == rules().rounding.percent(interval.high)
