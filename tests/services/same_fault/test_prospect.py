"""What a sweep would look at: which points, for whom, in which order, and who may ask."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from models.errors import ActionNotAllowed, ActionNotPossible, MissingInput, NotFound, TimeInThePast, WrongValue
from services.same_fault_plan import Prospect, SweepOrder, prospect
from services.same_fault_points import Among
from tests.cast import (
    DIRECT,
    DISTRICT_OFFICE,
    DUTY,
    HANDLER,
    INSPECTOR,
    MONDAY,
    OFFICE,
    OUTSIDER,
    STRANGER,
    VERIFIER,
    an_issue,
    at,
    shown,
    who,
)
from tests.services.same_fault.town import MET, fill, given_to, more_points, swept


@pytest.fixture
def key(city: Session) -> int:
    more_points(city)
    return an_issue(city, state="rectifying")


def plan(session: Session, key: int, *, by: str = HANDLER, now=MONDAY, **order) -> Prospect:
    return prospect(session, SweepOrder(key, **order), by=who(session, by, now=now), now=now)


def codes(found: Prospect) -> list[str]:
    return [one.code for one in found.points]


def test_the_unit_looks_at_its_other_open_points_of_the_category(city: Session, key: int) -> None:
    assert set(codes(plan(city, key))) == {"P-0011", "P-0012", "P-0013"}


def test_who_answers_by_the_decomposition_table_counts_before_the_point(city: Session, key: int) -> None:
    given_to(city, "P-0014", "D-CGJ")
    given_to(city, "P-0011", "D-SCJGJ")

    assert set(codes(plan(city, key))) == {"P-0012", "P-0013", "P-0014"}


def test_the_table_of_another_year_does_not_count(city: Session, key: int) -> None:
    given_to(city, "P-0014", "D-CGJ", year=2025)

    assert "P-0014" not in codes(plan(city, key))


def test_in_an_area_it_is_every_point_below_it_whoever_leads(city: Session, key: int) -> None:
    found = plan(city, key, by=OFFICE, among=Among.AREA, area="510302")

    assert set(codes(found)) == {"P-0011", "P-0012", "P-0014"}


def test_an_area_is_not_taken_for_one_whose_code_begins_alike(city: Session, key: int) -> None:
    found = plan(city, key, by=OFFICE, among=Among.AREA, area="510302001002001")

    assert codes(found) == ["P-0012"]


def test_a_point_with_an_open_issue_of_the_standard_is_known_and_not_looked_at(city: Session, key: int) -> None:
    other = an_issue(city, point="P-0011")

    found = plan(city, key)
    assert "P-0011" not in codes(found)
    assert [(one.code, one.known) for one in found.known] == [("P-0011", f"ZG-2026-{other:06d}")]


def test_an_issue_of_another_standard_or_one_that_is_closed_is_no_reason_to_stay_away(city: Session, key: int) -> None:
    an_issue(city, point="P-0011", standard="01-02")
    an_issue(city, point="P-0012", state="closed")

    assert {"P-0011", "P-0012"} <= set(codes(plan(city, key)))


def test_points_never_looked_at_come_first_then_those_longest_ago(city: Session, key: int) -> None:
    an_issue(city, point="P-0012", state="closed", now=MONDAY - timedelta(days=9))
    an_issue(city, point="P-0011", state="closed", now=MONDAY - timedelta(days=3))

    found = plan(city, key)
    assert codes(found) == ["P-0013", "P-0012", "P-0011"]
    assert [shown(one.last_seen) for one in found.points] == [None, "2026-10-24 10:00", "2026-10-30 10:00"]


def test_a_look_in_another_round_counts_as_having_been_looked_at(city: Session, key: int) -> None:
    swept(city, key)
    fill(city, "P-0012", MET, now=at("2026-11-02 15:00"))
    other = an_issue(city, state="rectifying", point="P-0011", standard="01-02")

    assert {one.code: shown(one.last_seen) for one in plan(city, other, now=at("2026-11-03 10:00")).points} == {
        "P-0001": None,
        "P-0012": None,  # it was looked at for another standard
        "P-0013": None,
    }
    third = an_issue(city, state="rectifying", point="P-0013")
    seen = {one.code: shown(one.last_seen) for one in plan(city, third, now=at("2026-11-03 10:00")).points}
    assert seen["P-0012"] == "2026-11-02 15:00"


def test_the_limit_leaves_out_those_last_looked_at(city: Session, key: int) -> None:
    an_issue(city, point="P-0013", state="closed", now=MONDAY - timedelta(days=3))

    found = plan(city, key, most=2)
    assert (codes(found), found.left_out) == (["P-0011", "P-0012"], 1)


@pytest.mark.parametrize("most", [0, -1, 101])
def test_more_points_than_the_rules_allow_are_refused(city: Session, key: int, most: int) -> None:
    with pytest.raises(WrongValue, match="1–100"):
        plan(city, key, most=most)


def test_the_unit_goes_itself_by_its_lowest_post_that_is_held(city: Session, key: int) -> None:
    assert {who: len(points) for who, points in plan(city, key, by=DIRECT).checkers.items()} == {HANDLER: 3}


def test_in_an_area_each_unit_goes_to_its_own_points(city: Session, key: int) -> None:
    found = plan(city, key, by=OFFICE, among=Among.AREA, area="510302")

    goes = {one: sorted(points) for one, points in found.checkers.items()}
    assert goes == {HANDLER: ["P-0011", "P-0012"], "R00023": ["P-0014"]}


def test_inspectors_share_the_points(city: Session, key: int) -> None:
    found = plan(city, key, by=OFFICE, inspectors=(INSPECTOR, VERIFIER))

    assert sorted(len(points) for points in found.checkers.values()) == [1, 2]


def test_three_working_days_are_given_unless_a_day_is_named(city: Session, key: int) -> None:
    assert shown(plan(city, key).due_at) == "2026-11-05 17:00"
    assert shown(plan(city, key, due_on=date(2026, 11, 8)).due_at) == "2026-11-08 23:59"


def test_a_day_that_has_passed_is_refused(city: Session, key: int) -> None:
    with pytest.raises(TimeInThePast):
        plan(city, key, due_on=date(2026, 11, 1))


@pytest.mark.parametrize("person", [HANDLER, DIRECT, OFFICE, DISTRICT_OFFICE, INSPECTOR, DUTY])
def test_the_unit_and_whoever_orders_audits_there_may_ask(city: Session, key: int, person: str) -> None:
    assert plan(city, key, by=person).points


@pytest.mark.parametrize("person", [VERIFIER, OUTSIDER, STRANGER, "R00023", "R00021"])
def test_nobody_else_may(city: Session, key: int, person: str) -> None:
    with pytest.raises((ActionNotAllowed, NotFound)):
        plan(city, key, by=person)


@pytest.mark.parametrize("order", [{"among": Among.AREA, "area": "510302"}, {"inspectors": (INSPECTOR,)}])
def test_a_unit_sends_nobody_elsewhere_and_no_inspectors(city: Session, key: int, order: dict) -> None:
    with pytest.raises(ActionNotAllowed):
        plan(city, key, by=HANDLER, **order)


def test_a_district_does_not_sweep_another_one(city: Session, key: int) -> None:
    with pytest.raises(ActionNotAllowed):
        plan(city, key, by=DISTRICT_OFFICE, among=Among.AREA, area="510303")


@pytest.mark.parametrize(
    ("order", "error"),
    [
        ({"among": Among.AREA}, MissingInput),
        ({"among": Among.AREA, "area": "999"}, NotFound),
        ({"inspectors": (STRANGER,)}, WrongValue),
        ({"inspectors": ("nobody",)}, NotFound),
    ],
)
def test_what_cannot_be_used_is_said(city: Session, key: int, order: dict, error: type[Exception]) -> None:
    with pytest.raises(error):
        plan(city, key, by=OFFICE, **order)


def test_before_a_unit_answers_for_it_there_is_no_sweep(city: Session) -> None:
    with pytest.raises(ActionNotPossible):
        plan(city, an_issue(city), by=OFFICE)


def test_an_issue_without_a_standard_is_swept_for_one_that_is_named(city: Session) -> None:
    more_points(city)
    key = an_issue(city, state="rectifying", standard=None)
    with pytest.raises(MissingInput, match="standard"):
        plan(city, key)
    with pytest.raises(NotFound):
        plan(city, key, standard="99-99")
    with pytest.raises(WrongValue, match="category 01"):
        plan(city, key, standard="12-01")

    found = plan(city, key, standard="01-02")
    assert (found.standard.code, len(found.points)) == ("01-02", 3)


def test_a_unit_in_which_nobody_is_has_to_be_sent_to_by_others(city: Session, key: int) -> None:
    given_to(city, "P-0011", "T510303")
    with pytest.raises(WrongValue, match="T510303"):
        plan(city, key, by=OFFICE, among=Among.AREA, area="510302")

    assert plan(city, key, by=OFFICE, among=Among.AREA, area="510302", inspectors=(INSPECTOR,)).points


def test_asking_writes_nothing(city: Session, key: int) -> None:
    city.commit()
    plan(city, key)
    assert not city.new
    assert not city.dirty
