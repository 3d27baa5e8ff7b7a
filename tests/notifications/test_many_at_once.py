"""Many letters at once: what is urgent, slow, dead or hanging, and the order of what one address gets."""

import itertools
import time
from datetime import timedelta
from functools import partial
from threading import Event

from sqlmodel import Session

from models.message import MessageState as S
from models.message import Outcome
from notifications import calling, delivery
from notifications.channels import Sent
from notifications.delivery import deliver
from tests.cast import HANDLER, MONDAY
from tests.notifications.desk import MAIL, ROBOT, a_contact, a_message, doors, run, stands, tries
from tests.small_city import NAMES


def test_a_dead_gateway_is_tried_once_and_the_others_wait(city, engine, memory):
    memory.answer(MAIL, Sent(Outcome.REFUSED, "gateway"))
    first, second = a_message(city, n=1), a_message(city, n=2)
    run(engine, doors(memory))
    assert (tries(city, first), tries(city, second)) == ([(MAIL, "refused")], [])
    assert (stands(city, second).state, stands(city, second).not_before) == (S.PENDING, MONDAY + timedelta(seconds=30))


def told_while_slow(city, engine, memory) -> list[str]:
    """Five letters wait for one address that takes 15 seconds each; meanwhile something urgent comes for it."""
    seconds, plain = [0.0], memory.send

    def slow(address, *, letter):
        if not memory.letters:
            a_message(city, n=99, urgency=0, facts={"problems": ["urgent"]})
        seconds[0] += 15
        return plain(address, letter=letter)

    memory.send = slow
    for n in range(5):
        a_message(city, n=n, facts={"problems": [f"no. {n}"]})
    sessions = partial(Session, engine, expire_on_commit=False)
    deliver(sessions, now=lambda: MONDAY, channels=doors(memory), elapsed=lambda: seconds[0])
    lines = [line for _, letter in memory.letters for line in letter.body.splitlines()]
    return [line.split()[-1] for line in lines if "no." in line or "urgent" in line]


def test_something_urgent_goes_before_what_waits_already(city, engine, memory):
    assert told_while_slow(city, engine, memory) == ["0", "urgent", "1", "2", "3", "4"]


def test_when_much_waits_long_it_is_handed_back_for_what_is_urgent(city, engine, memory, monkeypatch):
    monkeypatch.setattr(delivery, "FEW", 0)
    assert told_while_slow(city, engine, memory) == ["0", "1", "urgent", "2", "3", "4"]


def test_moving_the_citys_clock_hands_nothing_back(city, engine, memory, monkeypatch):
    """Only real seconds count: a demo city's clock may jump by days while letters are under way."""
    monkeypatch.setattr(delivery, "FEW", 0)
    for n in range(3):
        a_message(city, n=n)
    hours = itertools.count()
    sessions = partial(Session, engine, expire_on_commit=False)
    counts = deliver(sessions, now=lambda: MONDAY + timedelta(minutes=next(hours)), channels=doors(memory))
    assert (counts.claimed, counts.sent) == (3, 3)


def test_a_call_that_hangs_does_not_hold_up_what_is_committed_meanwhile(city, engine, memory):
    others, plain = Event(), memory.send

    def hangs(address, *, letter):
        if address == ROBOT:
            a_message(city, n=2, post_code="D-CGJ:direct_leader")
            assert others.wait(10)
        else:
            others.set()
        return plain(address, letter=letter)

    memory.send = hangs
    a_contact(city, HANDLER, "chat", ROBOT)
    a_message(city, n=1, channels=["app", "chat"])
    run(engine, doors(memory))
    assert memory.addresses == ["r00007@example.invalid", ROBOT]


def test_a_robot_that_says_wait_is_left_alone_by_what_is_claimed_already(city, engine, memory):
    a_contact(city, HANDLER, "chat", ROBOT)
    memory.answer(ROBOT, Sent(Outcome.REFUSED, "429", retry_after=timedelta(minutes=30)))
    keys = [a_message(city, n=n, channels=["app", "chat"]) for n in range(3)]
    run(engine, doors(memory))
    assert memory.addresses == [ROBOT]
    assert {stands(city, key).not_before for key in keys} == {MONDAY + timedelta(minutes=30)}


def test_messages_to_one_address_keep_their_order(city, engine, memory):
    plain = memory.send

    def later_is_faster(address, *, letter):
        time.sleep(0.02 if "no. 0" in letter.body else 0.0)
        return plain(address, letter=letter)

    memory.send = later_is_faster
    for n in range(5):
        a_message(city, n=n, facts={"problems": [f"no. {n}"]})
    run(engine, doors(memory))
    lines = [line for _, letter in memory.letters for line in letter.body.splitlines() if "no." in line]
    assert [line.split()[-1] for line in lines] == ["0", "1", "2", "3", "4"]


def test_a_letter_that_cannot_be_put_in_words_never_left(city, engine, memory, monkeypatch):
    def breaks(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(calling, "render_for", breaks)
    key = a_message(city)
    run(engine, doors(memory))
    assert (memory.letters, stands(city, key).failure) == ([], "all_failed")


def test_a_dead_gateway_costs_one_try_whoever_waits_behind_it(city, engine, memory):
    for code in NAMES:
        a_message(city, n=code, person_code=code)
        memory.answer(f"{code.lower()}@example.invalid", Sent(Outcome.REFUSED, "gateway"))
    assert (run(engine, doors(memory)).tries, len(memory.letters)) == (1, 1)
