"""An address at which nobody is: switched off, its owner told by another way, nobody else harmed."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from models.message import Message, MessageState, Outcome
from models.unit import Contact, Person
from notifications import dead_addresses, inbox
from notifications.channels import Channels, Sent
from notifications.channels.base import Fault
from notifications.dead_addresses import MOST, masked
from services import reach
from tests.cast import DIRECT, DUTY, HANDLER, MONDAY
from tests.notifications.desk import MAIL, PHONE, ROBOT, Memory, a_contact, a_message, doors, run, stands

GONE = Sent(Outcome.PERMANENT, "550", fault=Fault.ADDRESS)
OURS = Sent(Outcome.PERMANENT, "isv.SIGN", fault=Fault.OURS)


def contact(session: Session, address: str, person: str = HANDLER) -> Contact:
    session.rollback()
    query = select(Contact).where(Contact.address == address, Contact.person_code == person)
    return session.exec(query.execution_options(populate_existing=True)).one()


def told(session: Session) -> list[Message]:
    session.rollback()
    return list(session.exec(select(Message).where(Message.kind == "contact_off").order_by(Message.id)))


@pytest.fixture
def phone(city: Session, memory: Memory) -> Memory:
    """The handler has a phone beside the mailbox, and the mailbox is gone."""
    a_contact(city, HANDLER, "sms", PHONE, position=3)
    memory.answer(MAIL, GONE)
    return memory


def test_an_address_at_which_nobody_is_is_switched_off(city, engine: Engine, phone):
    a_message(city)
    run(engine, doors(phone))

    assert (contact(city, MAIL).switched_off_at, contact(city, MAIL).switched_off_why) == (MONDAY, "dead")
    assert contact(city, PHONE).switched_off_at is None


def test_the_message_itself_takes_the_next_channel(city, engine, phone):
    key = a_message(city)
    run(engine, doors(phone))

    assert stands(city, key).state == MessageState.SENT
    assert PHONE in phone.addresses


def test_its_owner_hears_of_it_by_another_way_and_in_the_inbox(city, engine, phone):
    a_message(city)
    run(engine, doors(phone))

    (message,) = told(city)
    assert (message.person_code, message.channels, message.state) == (HANDLER, ["app", "sms"], MessageState.SENT)
    shown = inbox.entries(city, HANDLER, now=MONDAY)
    assert "邮件" in shown[0].title or "r***@example.invalid" in shown[0].title
    assert MAIL not in f"{shown[0].title}{shown[0].body}"


def test_a_later_message_no_longer_tries_it(city, engine, phone):
    a_message(city)
    run(engine, doors(phone))
    phone.letters.clear()
    a_message(city, n=2)
    run(engine, doors(phone))

    assert phone.addresses == [PHONE]


@pytest.mark.parametrize("sent", [OURS, Sent(Outcome.PERMANENT, "text"), Sent(Outcome.REFUSED, "45009")])
def test_what_is_our_own_fault_or_the_letters_switches_nobody_off(city, engine, memory, sent):
    memory.answer(MAIL, sent)
    a_message(city)
    run(engine, doors(memory))

    assert contact(city, MAIL).switched_off_at is None
    assert told(city) == []


def test_a_robot_that_several_share_is_off_for_all_of_them(city, engine, memory):
    for person in (HANDLER, DIRECT):
        a_contact(city, person, "chat", ROBOT, position=-1)
    memory.answer(ROBOT, GONE)
    a_message(city, channels=["app", "chat"])
    run(engine, doors(memory))

    assert contact(city, ROBOT, DIRECT).switched_off_why == "dead"
    assert {message.person_code for message in told(city)} == {HANDLER, DIRECT}


def test_the_last_address_gone_is_nobody_reachable_and_the_duty_officer_hears(city, engine, memory):
    memory.answer(MAIL, GONE)
    key = a_message(city)
    run(engine, doors(memory))
    reach.pass_up(city, now=MONDAY)
    city.commit()
    run(engine, doors(memory))

    assert (stands(city, key).state, stands(city, key).failure) == (MessageState.FAILED, "all_failed")
    (to_the_duty_officer,) = [one for one in inbox.entries(city, DUTY, now=MONDAY) if one.kind == "unreachable"]
    assert "城管局承办人" in to_the_duty_officer.title
    assert f"{DUTY.lower()}@example.invalid" in memory.addresses


def test_word_of_a_dead_address_that_itself_reaches_nobody_is_not_given_to_others_as_theirs(city, engine, phone):
    phone.answer(PHONE, GONE, GONE)
    a_message(city)
    run(engine, doors(phone))
    reach.pass_up(city, now=MONDAY)
    city.commit()

    assert {message.person_code for message in told(city)} == {HANDLER}
    assert {message.post_code for message in told(city)} == {None}


def test_the_duty_officer_is_not_told_that_the_dead_address_is_theirs(city, engine, phone):
    phone.answer(PHONE, GONE, GONE)
    a_message(city)
    run(engine, doors(phone))
    reach.pass_up(city, now=MONDAY)
    city.commit()

    reasons = city.exec(select(Message.why).where(Message.kind == "unreachable")).all()
    assert sorted(reasons) == ["duty", "unit.handler"]


def test_many_dead_addresses_at_once_are_a_sick_provider(city, engine, memory):
    people = [f"X{n:03}" for n in range(MOST + 5)]
    city.add_all(Person(code=code, name=code) for code in people)
    city.flush()
    for code in people:
        a_contact(city, code, "sms", f"1990000{code[1:]}0")
        memory.answer(f"1990000{code[1:]}0", GONE)
        a_message(city, person_code=code, channels=["app", "sms"], key=f"m-{code}")
    run(engine, doors(memory))

    off = city.exec(select(Contact).where(Contact.switched_off_why == "dead")).all()
    assert len(off) == MOST


@pytest.mark.parametrize(("minutes", "off"), [(59, None), (60, "dead")])
def test_an_hour_later_it_goes_on(city, engine, memory, monkeypatch, minutes, off):
    monkeypatch.setattr(dead_addresses, "MOST", 1)
    earlier = MONDAY - timedelta(minutes=minutes)
    a_contact(city, DIRECT, "mail", "gone@example.invalid", switched_off_at=earlier, switched_off_why="dead")
    memory.answer(MAIL, GONE)
    a_message(city)
    run(engine, doors(memory))

    assert contact(city, MAIL).switched_off_why == off


@pytest.mark.parametrize(
    ("channel", "address", "shown"),
    [
        ("sms", "19900000001", "199****0001"),
        ("sms", "12345", "****45"),
        ("mail", "someone@example.org", "s***@example.org"),
        ("chat", "wecombot://a-secret-key", "wecombot://…"),
        ("chat", "wecombot://693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa?mentions=user", "wecombot://…5aaa"),
        ("chat", "dingtalk://SECRET@token-of-sixteen-and-more/13800000000", "dingtalk://…more"),
        ("chat", "dingtalk://SECRET-of-sixteen-and-more@short", "dingtalk://…"),
        ("chat", "wecom://corp:secret@1000002/CaoGuanJu?form=text", "wecom://…/CaoGuanJu"),
        ("chat", "json://user:token-of-sixteen-and-more@host/path", "json://…"),
    ],
)
def test_an_address_is_shown_so_that_only_its_owner_knows_it(channel, address, shown):
    assert masked(channel, address) == shown


def test_where_robots_are_all_there_is_a_dead_one_leaves_its_owner_unreachable_for_good(city, engine, memory):
    """Without any gateway the inbox is enough for those who never had another way, not for those who lost it."""
    city.exec(select(Contact).where(Contact.person_code == HANDLER)).one().switched_off_at = MONDAY
    a_contact(city, HANDLER, "chat", ROBOT)
    memory.answer(ROBOT, GONE)
    robots_only = Channels({"any_url": memory})
    first = a_message(city, channels=["app", "chat"])
    run(engine, robots_only)
    second = a_message(city, channels=["app", "chat"], n=2)
    run(engine, robots_only)

    assert (stands(city, first).failure, stands(city, second).failure) == ("all_failed", "no_contact")
    inbox_only = a_message(city, channels=["app", "chat"], post_code="D-CGJ:direct_leader")
    run(engine, robots_only)
    assert stands(city, inbox_only).state == MessageState.SENT
