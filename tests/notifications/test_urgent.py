"""What is urgent does not wait for a robot that is shut: the reader's next channel takes over at once."""

from datetime import timedelta

import pytest

from models.message import MessageState, Outcome
from notifications.channels import Sent
from notifications.planning import PATIENCE, Door, Plan, Tried, plan
from tests.cast import HANDLER, MONDAY
from tests.notifications.desk import MAIL, ROBOT, a_contact, a_message, doors, run, stands, tries

CHAT, SMS, POST = Door("chat", "c"), Door("sms", "s"), Door("mail", "m")
LONG, SOON = MONDAY + timedelta(minutes=10), MONDAY + PATIENCE
TEN_MINUTES = Sent(Outcome.REFUSED, "130101", retry_after=timedelta(minutes=10))


def planned(*given: Door, urgency: int = 0, tried: tuple[Tried, ...] = ()) -> Plan:
    return plan(["chat"], doors=given, tried=tried, urgency=urgency, now=MONDAY)


def shut(door: Door, until=LONG) -> Door:
    return Door(door.channel, door.address, opens_at=until)


def refused(door: Door, until=LONG) -> Tried:
    return Tried(door.channel, door.address, Outcome.REFUSED, MONDAY, until)


def test_a_robot_that_is_shut_for_long_is_passed_by():
    (door,) = planned(shut(CHAT), POST).tries

    assert (door, door.reason) == (POST, "busy")


def test_so_is_one_that_has_just_said_so_itself():
    assert planned(CHAT, POST, tried=(refused(CHAT),)).tries == (POST,)


@pytest.mark.parametrize("given", [(shut(CHAT, SOON), POST), (shut(CHAT, SOON), shut(POST, LONG))])
def test_what_opens_within_a_minute_is_waited_for(given):
    assert planned(*given) == Plan(wait_until=SOON)


def test_what_is_not_urgent_waits():
    assert planned(shut(CHAT), POST, urgency=1) == Plan(wait_until=LONG)


def test_where_every_door_is_shut_the_one_that_opens_first_is_waited_for():
    later = LONG + timedelta(minutes=1)

    assert planned(shut(CHAT, later), shut(SMS, LONG), shut(POST, later)) == Plan(wait_until=LONG)
    assert planned(shut(CHAT), tried=(refused(CHAT),)) == Plan(wait_until=LONG, after_refusal=True)


def test_once_the_next_has_taken_it_the_robot_is_left_alone():
    sent = Tried(POST.channel, POST.address, Outcome.SENT, MONDAY)

    assert planned(CHAT, POST, tried=(refused(CHAT), sent)).end is MessageState.SENT


def test_a_try_under_way_is_waited_for():
    under_way = Tried(CHAT.channel, CHAT.address, Outcome.SENDING, MONDAY)

    assert planned(CHAT, POST, tried=(under_way,)).tries == ()


def test_an_urgent_message_arrives_by_mail_in_the_same_run(city, engine, memory):
    """Even two: the second finds the robot shut before it is tried there."""
    a_contact(city, HANDLER, "chat", ROBOT)
    memory.answer(ROBOT, TEN_MINUTES)
    first, second = (a_message(city, channels=["app", "chat"], urgency=0, n=n) for n in (1, 2))
    run(engine, doors(memory))

    assert tries(city, first) == [(ROBOT, "refused"), (MAIL, "sent")]
    assert tries(city, second) == [(MAIL, "sent")]
    assert {stands(city, key).state for key in (first, second)} == {MessageState.SENT}


def test_an_ordinary_one_waits_for_the_robot(city, engine, memory):
    a_contact(city, HANDLER, "chat", ROBOT)
    memory.answer(ROBOT, TEN_MINUTES)
    key = a_message(city, channels=["app", "chat"], urgency=3)
    run(engine, doors(memory))

    assert (tries(city, key), stands(city, key).not_before) == (
        [(ROBOT, "refused")],
        MONDAY + timedelta(minutes=10),
    )
