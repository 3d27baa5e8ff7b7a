"""Letters of the outbox at providers on loopback: what a code means for the message, the address, the next contact."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models.message import MessageState
from models.unit import Contact
from notifications.channels import Channels
from tests.cast import MONDAY
from tests.notifications.channels.robots import KEY
from tests.notifications.desk import MAIL, Memory, a_contact, a_message, run, stands, tries
from tests.small_city import a_city

HANDLER = "R00006"


@pytest.fixture
def city(session):
    a_city(session)
    return session


@pytest.fixture
def open_doors(chat):
    memory = Memory()
    return Channels({"mail": memory, "any_url": chat}), memory


def minutes(count: int):
    return MONDAY + timedelta(minutes=count)


def a_robot(city, provider, name: str) -> str:
    address = provider.address(name)
    a_contact(city, HANDLER, "chat", address, position=-1)  # the city knows their mail address
    return address


def test_a_robot_that_was_shut_out_is_left_alone_for_ten_minutes(city, engine, provider, open_doors):
    channels, _ = open_doors
    address = a_robot(city, provider, "dingtalk")
    key = a_message(city, channels=["chat"])
    provider.say("dingtalk", 130101)
    run(engine, channels)
    provider.say("dingtalk", 0)
    run(engine, channels, now=minutes(9))
    assert tries(city, key) == [(address, "refused")]
    run(engine, channels, now=minutes(11))
    assert tries(city, key) == [(address, "refused"), (address, "sent")]


def test_another_letter_waits_too_while_a_robot_is_shut_out(city, engine, provider, open_doors):
    channels, _ = open_doors
    a_robot(city, provider, "dingtalk")
    a_message(city, channels=["chat"])
    provider.say("dingtalk", 130101)
    run(engine, channels)
    other = a_message(city, channels=["chat"], n=2)
    provider.say("dingtalk", 0)
    run(engine, channels, now=minutes(5))
    assert tries(city, other) == []


@pytest.mark.parametrize(
    ("name", "code"), [("wecombot", 93000), ("wecom", 81013), ("dingtalk", 400013), ("feishu", 19001)]
)
def test_where_nobody_is_the_next_contact_is_told_at_once_and_the_address_is_switched_off(
    city, engine, provider, open_doors, name, code
):
    channels, memory = open_doors
    address = a_robot(city, provider, name)
    key = a_message(city, channels=["chat"])
    provider.say(name, code)
    run(engine, channels)
    assert tries(city, key)[:2] == [(address, "permanent"), (MAIL, "sent")]
    assert MAIL in memory.addresses
    assert not in_use(city, address)


@pytest.mark.parametrize(
    ("name", "code"),
    [("wecombot", 60020), ("wecom", 40001), ("dingtalk", 310000), ("feishu", 19021), ("feishu", 19036)],
)
def test_what_we_are_to_mend_keeps_the_address(city, engine, provider, open_doors, name, code):
    channels, _ = open_doors
    address = a_robot(city, provider, name)
    key = a_message(city, channels=["chat"])
    provider.say(name, code)
    run(engine, channels)
    assert tries(city, key)[:2] == [(address, "permanent"), (MAIL, "sent")]
    assert in_use(city, address)


def test_an_unknown_code_is_tried_five_times_and_then_the_next_contact_is_told(city, engine, provider, open_doors):
    channels, _ = open_doors
    address = a_robot(city, provider, "feishu")
    key = a_message(city, channels=["chat"], urgency=2)
    provider.say("feishu", 77777)
    for at in range(0, 600, 7):
        run(engine, channels, now=minutes(at))
    assert tries(city, key) == [(address, "refused")] * 5 + [(MAIL, "sent")]
    assert stands(city, key).state == MessageState.SENT
    assert KEY not in str(stands(city, key))


def test_doubt_is_not_repeated(city, engine, provider, open_doors):
    channels, _ = open_doors
    address = a_robot(city, provider, "wecombot")
    key = a_message(city, channels=["chat"])
    provider.answer = "drop"
    for at in range(0, 120, 10):
        run(engine, channels, now=minutes(at))
    assert tries(city, key) == [(address, "unknown"), (MAIL, "sent")]
    assert len(provider.got) == 1


def in_use(city, address: str) -> bool:
    city.rollback()
    return city.exec(select(Contact).where(Contact.address == address)).one().switched_off_at is None
