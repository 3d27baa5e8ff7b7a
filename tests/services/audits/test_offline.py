"""Which sheets an inspector takes along to where there is no network."""

import pytest
from sqlmodel import Session

from models.audit import Round, RoundKind
from services import audit_publishing, audit_rechecks, audit_results
from services.audit_offline import kept
from tests.cast import HANDLER, INSPECTOR, MONDAY, OFFICE, VERIFIER, who
from tests.services.audits.rounds import BAD, GOOD, fill, filled, started


@pytest.fixture
def round_(city: Session) -> Round:
    return started(city, kind=RoundKind.COVERT)


def points(session: Session, person: str = INSPECTOR) -> list[str]:
    return [one.point for one in kept(session, who(session, person)).sheets]


def test_their_own_in_the_order_of_the_route_with_all_that_is_asked(city: Session, round_: Round) -> None:
    found = kept(city, who(city, INSPECTOR))
    assert [one.point for one in found.sheets] == ["P-0002", "P-0001", "P-0003"]
    sheet = found.sheets[1]
    assert (sheet.round, sheet.secret, sheet.asked) == (round_.number, True, ["CC-2026/01-01", "CC-2026/01-02"])
    assert {key for one in found.sheets for key in one.asked} == set(found.standards)
    assert points(city, HANDLER) == []


def test_what_is_recorded_goes_along(city: Session, round_: Round) -> None:
    fill(city, round_, "P-0001", BAD)
    sheet = kept(city, who(city, INSPECTOR)).sheets[1]
    assert (sheet.filled, sheet.seen["01-02"]["note"]) == (False, BAD.note)


def test_a_full_sheet_stays_in_the_route_until_the_last_one_is_full(city: Session, round_: Round) -> None:
    fill(city, round_, "P-0001", GOOD, BAD)
    assert [one.filled for one in kept(city, who(city, INSPECTOR)).sheets] == [False, True, False]
    filled(city, round_)
    assert points(city) == []


def test_a_round_that_was_ended_is_not_taken_along(city: Session, round_: Round) -> None:
    audit_results.end(city, round_, by=who(city, OFFICE), why="下雨", now=MONDAY)
    assert points(city) == []


def test_a_second_look_goes_with_whoever_does_it_without_the_first(city: Session, round_: Round) -> None:
    filled(city, round_)
    again = {"share": 100, "seed": 3, "inspectors": [VERIFIER], "by": who(city, OFFICE), "now": MONDAY}
    audit_rechecks.draw_again(city, round_.number, **again)
    found = kept(city, who(city, VERIFIER)).sheets
    assert [(one.again, dict(one.seen)) for one in found] == [(True, {})] * 3
    assert points(city) == []
    audit_publishing.publish(city, round_.number, by=who(city, OFFICE), now=MONDAY, why="不再复核")
    assert points(city, VERIFIER) == []
