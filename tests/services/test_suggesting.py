"""Who answers for something new once a unit has ended: whoever would have come next, in the end the street."""

from datetime import date

import pytest
from sqlmodel import Session

from models.errors import UnitEnded
from models.lifecycle import Action
from models.point import Point
from models.unit import Unit
from services import issues
from services.directory import units_in_question
from tests.cast import MONDAY, OFFICE, an_issue, read, who
from tests.services.tasks.desk import task_of

SUNDAY = date(2026, 11, 1)


def ended(city: Session, code: str, *, last: date = SUNDAY) -> None:
    city.get_one(Unit, code).valid_to = last
    city.commit()


def suggested(city: Session) -> str | None:
    """Of an issue at P-0001, of which the table, the point and the standard all name D-CGJ."""
    key = an_issue(city)
    issues.act_on_all(city, Action.TRIAGE, [key], who(city, OFFICE), MONDAY)
    return read(city, key).suggested_unit


def test_a_unit_that_has_ended_answers_for_nothing_new(city: Session) -> None:
    ended(city, "D-CGJ")
    assert suggested(city) == "T510302001"


def test_the_next_in_line_answers_where_there_is_one(city: Session) -> None:
    city.get_one(Point, "P-0001").lead_unit = "D-SCJGJ"
    task_of(city, "P-0001").unit_code = "D-CGJ"
    ended(city, "D-CGJ")
    assert suggested(city) == "D-SCJGJ"


@pytest.mark.parametrize("last", [date(2026, 11, 2), date(2026, 12, 31)])
def test_on_its_last_day_and_before_it_answers(city: Session, last: date) -> None:
    ended(city, "D-CGJ", last=last)
    assert suggested(city) == "D-CGJ"


def test_a_unit_that_has_not_begun_answers_for_nothing_yet(city: Session) -> None:
    city.get_one(Unit, "D-CGJ").valid_from = date(2026, 11, 3)
    city.commit()
    assert suggested(city) == "T510302001"


def test_nobody_assigns_to_a_unit_that_has_ended(city: Session) -> None:
    key = an_issue(city)
    ended(city, "D-CGJ")
    given = {"issue_ids": [key], "by": who(city, OFFICE), "now": MONDAY}
    with pytest.raises(UnitEnded) as told:
        issues.assign(city, to="D-CGJ", **given)
    assert told.value.params == {"unit": "D-CGJ", "day": SUNDAY}
    with pytest.raises(UnitEnded):
        issues.assign(city, to="D-SCJGJ", assisting=["D-CGJ"], **given)
    issues.assign(city, **given)
    assert read(city, key).lead_unit == "T510302001"


def test_it_is_not_offered_either(city: Session) -> None:
    issue = read(city, an_issue(city))
    before = dict(units_in_question(city, issue, today=MONDAY.date()))
    ended(city, "D-CGJ")
    assert set(before) - set(dict(units_in_question(city, issue, today=MONDAY.date()))) == {"D-CGJ"}
