"""What would move a unit's place: what is promised comes true when it is done."""

import pytest
from sqlmodel import Session

from services import issues
from services.ranking.live import live
from services.ranking.moves import WhatIf, what_if
from tests.cast import HANDLER, OFFICE, PHOTO, VERIFIER, an_issue, at, who
from tests.services.ranking.desk import CITY, FOUND, OCTOBER, number_of, october
from tests.services.ranking.test_past import close

RUNNING, LATER, OVER = at("2026-10-20 10:00"), at("2026-10-20 10:01"), at("2026-11-01 00:00")


@pytest.fixture
def late(city: Session) -> list[int]:
    """D-CGJ has two late and one closed; the street of the other district is without fault."""
    _, *late = october(city, closed=1, open_=2)
    close(city, an_issue(city, now=FOUND, point="P-0003"), FOUND)
    city.commit()
    return late


def asked(session: Session, unit: str = "D-CGJ", *, now=RUNNING) -> WhatIf | None:
    return what_if(session, unit, month=OCTOBER, area_code=CITY, now=now)


def place(session: Session, unit: str = "D-CGJ"):
    return live(session, month=OCTOBER, area_code=CITY, now=LATER).field.place(unit)


def put_right(session: Session, key: int) -> None:
    given = {"issue_ids": [key], "now": RUNNING}
    issues.submit(session, by=who(session, HANDLER, now=RUNNING), result="已清理", evidence=[PHOTO], **given)
    issues.pass_verification(session, by=who(session, VERIFIER, now=RUNNING), **given)
    issues.close_out(session, by=who(session, OFFICE, now=RUNNING), **given)
    session.commit()


def neglected(session: Session, count: int) -> None:
    """The other unit of the group leaves so many undone."""
    keys = [an_issue(session, now=FOUND, point="P-0003") for _ in range(count)]
    issues.assign(session, issue_ids=keys, by=who(session, OFFICE, now=FOUND), now=FOUND, to="T510303001")
    session.commit()


def test_what_cannot_be_reached_is_said(city, late):
    found = asked(city)
    assert (found.rank, found.of) == (2, 2)
    assert [(way.rank, way.issues) for way in found.ways] == [(1, None)]  # late stays late
    assert found.steps == []


@pytest.mark.parametrize("count", [1, 2, 3])
def test_issues_that_are_said_to_lift_the_unit_do_so_when_they_are_closed(city, late, count):
    neglected(city, count)
    found = asked(city)
    for way in found.ways:
        if way.issues is None:
            continue
        for number, _ in way.issues:
            put_right(city, next(key for key in late if number_of(city, key) == number))
        assert place(city).rank <= way.rank


def test_single_issue_moves_place_and_score_to_where_it_was_said(city, late):
    neglected(city, 1)
    step = asked(city).steps[0]
    put_right(city, next(key for key in late if number_of(city, key) == step.number))
    after = place(city)
    assert (step.rank, after.rank, after.entry.figures["score"]) == (2, step.rank_after, step.score_after)


def test_first_has_nowhere_to_go(city, late):
    found = asked(city, "T510303001")
    assert (found.rank, found.ways, found.steps) == (1, [], [])


def test_unit_without_cases_is_told_why_it_has_no_place(city, late):
    assert (asked(city, "D-SCJGJ").rank, asked(city, "D-SCJGJ").why) == (None, "no_cases")


def test_month_that_is_over_is_past_moving(city, late):
    assert asked(city, now=OVER) is None


def test_unit_that_is_not_in_the_month_has_none(city, late):
    assert asked(city, "D-NOBODY") is None
