"""Units that share a gateway: none waits for all that another has to tell."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from notifications import claiming
from tests.cast import MONDAY
from tests.notifications.desk import a_contact, a_message, doors, run
from tests.notifications.test_workers import side_by_side
from tests.small_city import NAMES

MINUTE = timedelta(minutes=1)
BIG, SMALL, TINY = "D-CGJ", "T510302001", "D-SCJGJ"


@pytest.fixture
def phones(city):
    for n, code in enumerate(NAMES):
        a_contact(city, code, "sms", f"199000000{n:02}")
    return city


def told(city, unit: str | None, count: int, **more) -> None:
    for n in range(count):
        given = {"channels": ["app", "sms"], "person_code": list(NAMES)[n % len(NAMES)], **more}
        a_message(city, **{"n": f"{unit}-{n}-{more}"}, unit_code=unit, **given)


def heard(city) -> Counter[str]:
    """How many SMS each unit's messages have become."""
    city.rollback()
    query = "SELECT m.unit_code FROM attempt a JOIN message m ON m.id = a.message_id"
    return Counter(unit for (unit,) in city.connection().execute(text(query)))


def test_a_unit_with_few_messages_does_not_wait_for_one_with_many(phones, engine, memory):
    told(phones, BIG, 150)
    told(phones, SMALL, 4)
    told(phones, TINY, 1)
    run(engine, doors(memory))
    assert heard(phones) == {BIG: 49, SMALL: 4, TINY: 1}


def test_units_take_turns_until_the_smaller_ones_have_told_all(phones, engine, memory):
    told(phones, BIG, 150)
    told(phones, SMALL, 40)
    run(engine, doors(memory))
    assert min(heard(phones).values()) >= 25
    run(engine, doors(memory), now=MONDAY + MINUTE)
    assert heard(phones) == {BIG: 68, SMALL: 40}


def test_what_came_later_from_a_small_unit_goes_in_the_next_minute(phones, engine, memory):
    told(phones, BIG, 190)
    run(engine, doors(memory))
    told(phones, SMALL, 4, now=MONDAY + timedelta(seconds=30))
    run(engine, doors(memory), now=MONDAY + timedelta(seconds=30))
    run(engine, doors(memory), now=MONDAY + MINUTE)
    assert heard(phones)[SMALL] == 4


def test_urgent_ones_go_before_everybodys_turn(phones, engine, memory):
    told(phones, SMALL, 30)
    told(phones, BIG, 60, urgency=0)
    run(engine, doors(memory))
    assert heard(phones) == {BIG: 60}


def test_what_belongs_to_no_unit_takes_turns_by_its_reader(phones, engine, memory):
    told(phones, None, 100, person_code="R00006")
    told(phones, None, 2, person_code="R00007")
    with claiming.Session(engine) as session:
        claimed = claiming.claim(session, now=MONDAY, channels=doors(memory), limit=10)
    assert Counter(work.readers[0].code for work in claimed.work) == {"R00006": 8, "R00007": 2}


def test_with_four_workers_a_small_unit_waits_a_minute_at_most(phones, engine, memory):
    """Whoever claimed its messages may have been slower than the others."""
    told(phones, BIG, 250)
    told(phones, SMALL, 4)
    side_by_side(engine, memory)
    assert heard(phones).total() == 54
    run(engine, doors(memory), now=MONDAY + MINUTE)
    assert heard(phones)[SMALL] == 4
