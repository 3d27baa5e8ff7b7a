"""Codes cost money and ring at strangers: how many go to a door and to a person, whoever asks for them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from models.message import Outcome
from notifications.channels import Sent
from services import contact_codes
from services.code_pace import DoorIsBusy, TooManyCodes
from tests.cast import HANDLER, MONDAY, who
from tests.notifications.desk import a_contact, a_message, doors, run
from tests.services.contact_codes.conftest import ADMINISTRATOR, CHAT, NEW, SMS


def test_codes_are_not_asked_for_faster_than_one_a_minute(ask, memory):
    ask()

    with pytest.raises(TooManyCodes, match="1 minute"):
        ask(now=MONDAY + timedelta(seconds=30))
    assert len(memory.letters) == 1


def test_a_person_has_five_codes_an_hour_over_all_addresses(ask, memory):
    for n in range(5):
        ask(f"1990000000{n}", now=MONDAY + timedelta(minutes=n))

    with pytest.raises(TooManyCodes):
        ask("19900000009", now=MONDAY + timedelta(minutes=6))
    ask("19900000009", now=MONDAY + timedelta(minutes=61))


def test_several_people_together_do_not_make_one_phone_ring_all_day(ask):
    for n in range(10):
        person = f"R{n + 6:05}"
        ask(by=person, person=person, now=MONDAY + timedelta(minutes=2 * n))

    with pytest.raises(TooManyCodes):
        ask(by="R00016", person="R00016", now=MONDAY + timedelta(hours=2))


def test_two_who_ask_at_once_send_one_code(city, sessions, memory):
    actor, start = who(city, HANDLER), Barrier(2)
    city.rollback()

    def asked(_: int) -> bool:
        start.wait()
        given = {"person_code": HANDLER, "channel": SMS, "address": NEW, "now": MONDAY}
        try:
            return bool(contact_codes.ask(sessions, doors(memory), by=actor, **given))
        except TooManyCodes:
            return False

    with ThreadPoolExecutor(2) as crew:
        assert sorted(crew.map(asked, range(2))) == [False, True]
    assert len(memory.letters) == 1


def test_one_robot_is_one_door_whoever_it_is_to_mention(ask):
    ask("dingtalk://SECRET@one-robot/13800000000", CHAT)

    with pytest.raises(TooManyCodes, match="1 minute"):
        ask("dingtalk://one-robot?users=someone", CHAT, by="R00007", person="R00007")
    ask("dingtalk://another-robot", CHAT, by="R00007", person="R00007")


def test_members_of_one_app_are_doors_of_their_own(ask, memory):
    ask("wecom://corp:secret@1000002/first", CHAT)
    ask("wecom://corp:secret@1000002/second", CHAT, by="R00007", person="R00007")

    assert len(memory.letters) == 2


def test_a_robot_that_was_told_to_wait_gets_no_code_until_then(city, engine, ask, memory):
    robot = "dingtalk://one-robot"
    a_contact(city, HANDLER, "chat", robot)
    memory.answer(robot, Sent(Outcome.REFUSED, "130101", retry_after=timedelta(minutes=10)))
    a_message(city, channels=["app", "chat"])
    run(engine, doors(memory))

    with pytest.raises(DoorIsBusy, match="10 minute"):
        ask(f"{robot}/13800000000", CHAT, by=ADMINISTRATOR)
    ask(f"{robot}/13800000000", CHAT, by=ADMINISTRATOR, now=MONDAY + timedelta(minutes=11))
    assert len(memory.letters) == 2


def test_a_group_may_have_more_members_than_one_address_gets_codes_in_a_day(ask, memory):
    for n in range(12):
        person = f"R{n + 6:05}"
        ask(f"wecombot://one-robot?mentions=user{n}", CHAT, by=person, person=person, now=MONDAY + timedelta(minutes=n))

    assert len(memory.letters) == 12
