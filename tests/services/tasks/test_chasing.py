"""Letters that nobody signs for: reminded once, then those above hear once, on working days, whatever runs twice."""

import pytest
from sqlmodel import Session

from services.tasks import chasing
from services.tasks.chasing import Chased
from services.tasks.messages import above
from tests.cast import DIRECT, at
from tests.services.tasks.desk import a_task, acts, issued, letter_of, sign, task_of, told

BEFORE, LATE, STILL = at("2026-11-05 08:20"), at("2026-11-06 08:20"), at("2026-11-10 08:20")


def chase(city: Session, now) -> Chased:
    done = chasing.chase(city, now=now)
    city.commit()
    return done


@pytest.fixture
def number(city: Session) -> str:
    return issued(city, "D-CGJ")[0].number


def test_nothing_happens_while_there_is_time(city: Session, number: str) -> None:
    assert chase(city, BEFORE) == Chased(0, 0)
    assert told(city, "task_letter_late") == []


def test_the_unit_is_reminded_once_when_its_time_is_up(city: Session, number: str) -> None:
    assert chase(city, LATE) == Chased(1, 0)
    assert chase(city, LATE) == Chased(0, 0)
    assert told(city, "task_letter_late") == ["D-CGJ:deputy_leader", "D-CGJ:direct_leader", "D-CGJ:handler"]


def test_then_its_head_and_those_above_hear(city: Session, number: str) -> None:
    chase(city, LATE)
    assert chase(city, STILL) == Chased(0, 1)
    assert told(city, "task_letter_unsigned") == ["5103:headquarters", "5103:office", "D-CGJ:principal_leader"]
    assert acts(city, number) == ["issued", "reminded", "climbed"]


def test_after_days_down_both_happen_at_once(city: Session, number: str) -> None:
    assert chase(city, STILL) == Chased(1, 1)


def test_a_signed_letter_is_left_alone(city: Session, number: str) -> None:
    sign(city, number, by=DIRECT)
    assert chase(city, STILL) == Chased(0, 0)


def test_a_replaced_letter_is_left_alone_and_the_new_one_has_its_own_time(city: Session, number: str) -> None:
    task_of(city, "P-0001").person_code = "R00006"
    city.commit()
    issued(city, "D-CGJ", now=BEFORE)
    assert chase(city, LATE) == Chased(0, 0)
    assert chase(city, at("2026-11-11 08:20")) == Chased(1, 0)


def test_nobody_is_reminded_on_a_day_off(city: Session, number: str) -> None:
    assert chase(city, at("2026-11-07 08:20")) == Chased(0, 0)  # a Saturday
    assert letter_of(city, "D-CGJ").reminded_at is None


def test_above_a_street_is_its_district(city: Session) -> None:
    a_task(city, "P-0001", year=2027, unit_code="T510302001")
    issued(city, "T510302001", year=2027)
    chase(city, STILL)
    assert told(city, "task_letter_unsigned") == [
        "510302:office",
        "5103:office",
        "T510302:deputy_leader",
        "T510302:principal_leader",
    ]


def test_above_the_city_itself_is_the_city() -> None:
    posts = above("T5103", area_path="5103", territorial=True, office="5103:office")
    assert posts[-2:] == ["5103:office", "5103:headquarters"]
