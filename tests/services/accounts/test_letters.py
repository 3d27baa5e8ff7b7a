"""A one-time link is asked for: who is known gets a letter, who is not learns nothing."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.account import LoginKey
from models.message import Outcome
from models.unit import Contact
from notifications.channels import Sent
from services.accounts import letters, onetime
from services.accounts.errors import AskedTooOften
from tests.cast import HANDLER
from tests.notifications.desk import Memory, doors
from tests.services.accounts.door import HERE, NOW, record_of

MAIL = "r00006@example.invalid"


@pytest.fixture
def memory() -> Memory:
    return Memory()


def send(sessions, memory, name=HANDLER, *, now=NOW, channels=None, asked="browser") -> None:
    letters.send(
        sessions,
        channels or doors(memory),
        name,
        asked=asked,
        visitor=HERE,
        now=now,
        address_of=lambda token: f"https://duban.example/login/key/{token}",
    )


def contact(session: Session, **given) -> None:
    session.add(Contact(person_code=HANDLER, **{"verified_at": NOW, "position": 0, **given}))
    session.commit()


def test_the_letter_holds_a_link_that_opens_and_a_code(city: Session, sessions, memory: Memory) -> None:
    send(sessions, memory)
    ((address, letter),) = memory.letters
    token = letter.links[0].url.rpartition("/")[2]
    assert address == MAIL
    assert onetime.look(city, token, now=NOW).person_code == HANDLER
    (code,) = re.findall(r"\d{8}", letter.body)
    assert onetime.use_code(city, "browser", code, now=NOW).person_code == HANDLER
    assert record_of(city, HANDLER) == ["link_sent"]


def test_a_name_that_nobody_has_sends_and_writes_nothing(city: Session, sessions, memory: Memory) -> None:
    send(sessions, memory, "R77777")
    assert memory.letters == []
    assert city.exec(select(LoginKey)).all() == []


def test_a_phone_gets_a_code_and_no_link(city: Session, sessions, memory: Memory) -> None:
    contact(city, channel="sms", address="19900000001")
    send(sessions, memory)
    address, letter = memory.letters[0]
    assert address == "19900000001"
    assert letter.links == ()
    assert "http" not in letter.text
    assert letter.sms.values[0] in letter.body


def test_a_robot_never_gets_a_link_since_a_group_reads_it(city: Session, sessions, memory: Memory) -> None:
    contact(city, channel="chat", address="wecombot://key")
    contact(city, channel="mail", address="mailto://group@example.invalid")
    send(sessions, memory)
    assert memory.addresses == [MAIL]


def test_an_address_that_was_not_confirmed_gets_none(city: Session, sessions, memory: Memory) -> None:
    contact(city, channel="mail", address="thief@example.invalid", verified_at=None)
    send(sessions, memory)
    assert memory.addresses == [MAIL]


def test_the_next_address_is_tried_where_one_does_not_take_it(city: Session, sessions, memory: Memory) -> None:
    contact(city, channel="sms", address="19900000001")
    memory.answer("19900000001", Sent(Outcome.REFUSED, "no"))
    send(sessions, memory)
    assert memory.addresses == ["19900000001", MAIL]


def test_an_address_without_a_gateway_is_passed_over(city: Session, sessions, memory: Memory) -> None:
    from notifications.channels import Channels

    contact(city, channel="sms", address="19900000001")
    send(sessions, memory, channels=Channels({"mail": memory}))
    assert memory.addresses == [MAIL]


def test_a_person_is_not_flooded_whoever_asks_under_which_name(city: Session, sessions, memory: Memory) -> None:
    for place in range(10):
        send(sessions, memory, asked=f"browser {place}")
    assert len(memory.letters) == 4


def test_asking_too_often_is_told_for_known_and_unknown_names_alike(city: Session, sessions) -> None:
    for name in (HANDLER, "R77777"):
        for _ in range(3):
            letters.ask(sessions, name, visitor=HERE, now=NOW)
        with pytest.raises(AskedTooOften):
            letters.ask(sessions, f" {name.lower()}", visitor=HERE, now=NOW)
        letters.ask(sessions, name, visitor=HERE, now=NOW + timedelta(minutes=5))
