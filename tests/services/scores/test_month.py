"""A unit's month from the database: the worked example of the domain, calculated by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlmodel import Session

from models.errors import NotFound
from models.issue import FoundLevel, RequestKind, Source
from models.scoring.cases import CaseState
from models.scoring.number import unexplained
from services import issues, requests
from services.scores import formula
from services.scores.month import MonthScores, unit_month
from services.scores.recording import record_incident, withdraw_incident
from tests.cast import HANDLER, MONDAY, OFFICE, PHOTO, VERIFIER, at, who
from tests.services.scores.facts import finished, found, three_cases

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def november(session: Session, *, area: str = "5103", now=None) -> MonthScores:
    return unit_month(session, period_from=FIRST, period_to=LAST, area_code=area, now=now)


def points(session: Session, unit: str = "D-CGJ", **of) -> Decimal | None:
    scores = november(session, **of)
    return scores.formula.rounding.score(scores.units[unit].score.exact)


def test_the_worked_example_of_the_domain(city: Session) -> None:
    """30·2/3 + 20·1/3 + 20·(1 − 0/2) + 20·(1 − 1/3) + 10·(1 − 0/3) = 70; less 0.3 + 1 + 1 found by the city."""
    three_cases(city)

    unit = november(city).units["D-CGJ"]

    assert unit.score.exact == Fraction("67.7")
    assert [unit.rates[name].exact for name in ("disposal", "on_time", "rework", "overdue", "extension")] == [
        Fraction(2, 3),
        Fraction(1, 3),
        0,
        Fraction(1, 3),
        0,
    ]
    assert (unit.cases, unit.overdue) == (3, 1)


def test_every_figure_leads_to_its_issues(city: Session) -> None:
    in_time, late, still_open = three_cases(city)

    unit = november(city).units["D-CGJ"]

    assert unit.score.all_rows() == {in_time, late, still_open}
    assert unit.rates["on_time"].terms[0].number.rows == (in_time,)
    assert unexplained(unit.score) == []


def test_waiting_for_verification_costs_the_unit_nothing(city: Session) -> None:
    found(city, state="rectified", now=MONDAY)

    (case,) = november(city).cases

    assert (case.state, case.late) == (CaseState.HANDED_IN, False)


def test_what_was_put_right_after_the_period_was_open_in_it(city: Session) -> None:
    finished(city, found(city, state="rectifying", now=MONDAY), "2026-12-02 10:00")

    (case,) = (case for case in november(city).cases if case.due)

    assert (case.state, case.late) == (CaseState.OPEN, True)


def test_what_is_shelved_leaves_the_denominator(city: Session) -> None:
    key = found(city, state="rectifying", now=MONDAY)
    ask = {"issue_ids": [key], "now": MONDAY}
    requests.ask_shelving(city, by=who(city, HANDLER), reason="待料", milestone=at("2026-12-01 09:00"), **ask)
    requests.grant(city, by=who(city, OFFICE), kind=RequestKind.SHELVING, **ask)

    unit = november(city).units["D-CGJ"]

    assert unit.cases == 0
    assert unit.score.exact is None or unit.rates["disposal"].exact is None


def test_a_failed_check_and_an_extension_lower_their_rates(city: Session) -> None:
    """30 + 20 + 20·(1 − 1/2) + 20 + 10·(1 − 1/1) = 80, less 0.3."""
    key = found(city, state="rectifying", now=MONDAY)
    ask = {"issue_ids": [key], "now": MONDAY}
    requests.ask_extension(city, by=who(city, HANDLER), reason="雨", amount="1 working_days", **ask)
    requests.grant(city, by=who(city, OFFICE), kind=RequestKind.EXTENSION, **ask)
    issues.submit(city, by=who(city, HANDLER), result="完成", evidence=[PHOTO], **ask)
    issues.fail_verification(city, by=who(city, VERIFIER), reason="未清", **ask)
    finished(city, key, "2026-11-03 10:00")

    assert points(city) == Decimal("79.70")


def test_what_the_media_found_counts_twice(city: Session) -> None:
    """Closed in time, twice; the other is late and open: 2/3 closed and in time, of 3 one overdue. 2 × 0.3 and 1."""
    found(city, state="closed", now=MONDAY, source=Source.MEDIA)
    found(city, state="rectifying", now=MONDAY)

    assert november(city).units["D-CGJ"].rates["disposal"].exact == Fraction(2, 3)
    assert points(city) == Decimal("75.07")  # 20 + 13⅓ + 20 + 13⅓ + 10 − 1.6


def test_what_a_unit_finds_itself_and_puts_right_in_time_is_rewarded(city: Session) -> None:
    """100, nothing taken away, 0.1 beyond."""
    found(city, state="closed", now=MONDAY, source=Source.SELF_CHECK, found_level=FoundLevel.COMMUNITY)

    assert points(city) == Decimal("100.10")


def test_what_came_back_costs_twice_and_not_four_times(city: Session) -> None:
    """The issue's own deduction is doubled by the relapse too; scores take the finder's price × 2 alone."""
    key = found(city, state="closed", now=MONDAY)
    now = at("2026-11-04 10:00")
    issues.relapse(city, issue_ids=[key], by=who(city, VERIFIER), now=now, reason="又来了")
    issues.submit(city, issue_ids=[key], by=who(city, HANDLER), now=now, result="完成", evidence=[PHOTO])

    taken = november(city).units["D-CGJ"].score.term("deductions").exact

    assert taken == Fraction("0.6")


def test_the_same_fault_in_the_next_month_is_found_again(city: Session) -> None:
    found(city, state="closed", now=at("2026-10-20 10:00"))
    again = found(city, state="closed", now=MONDAY)

    (case,) = (case for case in november(city).cases if case.due)

    assert (case.id, case.repeated) == (again, True)


@pytest.mark.parametrize(("days", "repeated"), [(12, False), (14, True)])
def test_the_city_says_how_soon_the_same_fault_is_found_again(city: Session, days: int, repeated: bool) -> None:
    found(city, state="closed", now=at("2026-10-20 10:00"))
    found(city, state="closed", now=MONDAY)
    rules = formula.in_force(city)
    other = replace(rules, appraisal=replace(rules.appraisal, repeated_within=days))

    scores = unit_month(city, period_from=FIRST, period_to=LAST, area_code="5103", rules=other)

    assert [case.repeated for case in scores.cases if case.due] == [repeated]


def test_twice_in_one_month_is_not_again(city: Session) -> None:
    three_cases(city)

    assert not any(case.repeated for case in november(city).cases)


def test_a_month_that_is_not_over_holds_what_is_due_so_far(city: Session) -> None:
    found(city, state="rectifying", now=MONDAY)

    before = november(city, now=at("2026-11-03 10:00"))

    assert [case for case in before.cases if case.due] == []
    assert before.until == at("2026-11-03 10:00")
    assert [case.late for case in november(city, now=at("2026-11-20 10:00")).cases if case.due] == [True]


def test_an_area_holds_the_cases_of_its_places_alone(city: Session) -> None:
    three_cases(city)

    assert "D-CGJ" in november(city, area="510302").units
    assert november(city, area="510303").units == {}
    with pytest.raises(NotFound):
        november(city, area="nowhere")


def test_an_incident_moves_the_score_until_it_is_withdrawn(city: Session) -> None:
    found(city, state="closed", now=MONDAY)
    before, office = points(city), who(city, OFFICE)
    row = record_incident(
        city, code="faking", unit_code="D-CGJ", on=MONDAY.date(), evidence="照片", why="摆拍", by=office, now=MONDAY
    )

    assert points(city) == (before or 0) - 1
    withdraw_incident(city, row.id or 0, why="查实有误", by=office, now=MONDAY)
    assert points(city) == before


def test_the_order_in_which_cases_were_found_changes_nothing(city: Session) -> None:
    three_cases(city)
    one = november(city)
    again = unit_month(city, period_from=FIRST, period_to=LAST, area_code="5103", rules=formula.in_force(city))

    assert one.units == again.units
