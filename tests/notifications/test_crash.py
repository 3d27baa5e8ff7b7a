"""A worker may die at any point; what it leaves behind is neither lost nor doubled on one channel (promise 3)."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from models.message import MessageState as S
from models.message import Outcome
from notifications import delivery
from notifications.attempts import begin
from notifications.channels import Sent
from notifications.claiming import claim
from notifications.reaper import reap
from tests.cast import HANDLER, MONDAY
from tests.notifications.desk import MAIL, ROBOT, a_contact, a_message, doors, forget_claims, run, stands, tries


class Died(BaseException):
    """The process is gone: nothing catches this."""


def reaped(city: Session, minutes: int = 6) -> int:
    forget_claims(city, minutes)
    count = reap(city, now=MONDAY)
    city.commit()
    return count


def test_dead_after_the_claim_it_is_simply_sent_later(city, engine, memory):
    key = a_message(city)
    with Session(engine) as session:
        claim(session, now=MONDAY, channels=doors(memory), limit=10)
    assert run(engine, doors(memory)).claimed == 0
    assert reaped(city) == 1
    run(engine, doors(memory))
    assert (memory.addresses, stands(city, key).state) == ([MAIL], S.SENT)


def test_dead_between_the_row_and_the_answer_the_next_channel_takes_over(city, engine, memory):
    a_contact(city, HANDLER, "chat", ROBOT)
    key = a_message(city, channels=["app", "chat"])
    memory.answer(ROBOT, Died())
    with pytest.raises(Died):
        run(engine, doors(memory))
    assert tries(city, key) == [(ROBOT, "sending")]
    reaped(city)
    run(engine, doors(memory))
    assert tries(city, key) == [(ROBOT, "unknown"), (MAIL, "sent")]
    assert memory.addresses == [ROBOT, MAIL]


def test_dead_in_doubt_with_no_other_channel_it_stays_unknown(city, engine, memory):
    key = a_message(city)
    memory.answer(MAIL, Died())
    with pytest.raises(Died):
        run(engine, doors(memory))
    reaped(city)
    run(engine, doors(memory))
    assert (memory.addresses, stands(city, key).state) == ([MAIL], S.UNKNOWN)


def test_dead_after_the_outcome_nothing_is_repeated(city, engine, memory, monkeypatch):
    key = a_message(city)

    def dies(*_, **__):
        raise Died

    monkeypatch.setattr(delivery, "finish_all", dies)
    with pytest.raises(Died):
        run(engine, doors(memory))
    monkeypatch.undo()
    reaped(city)
    run(engine, doors(memory))
    assert (memory.addresses, stands(city, key).state) == ([MAIL], S.SENT)


def test_the_reaper_leaves_fresh_work_alone(city, engine, memory):
    key = a_message(city)
    with Session(engine) as session:
        claim(session, now=MONDAY, channels=doors(memory), limit=10)
    assert reaped(city, minutes=4) == 0
    assert stands(city, key).state == S.SENDING


def test_moving_the_citys_clock_does_not_make_work_look_stale(city, engine, memory):
    a_message(city)
    with Session(engine) as session:
        claim(session, now=MONDAY, channels=doors(memory), limit=10)
    assert reap(city, now=MONDAY + timedelta(days=3)) == 0


def test_a_worker_that_was_too_slow_does_not_send(city, engine, memory):
    a_message(city)
    with Session(engine) as session:
        (work,) = claim(session, now=MONDAY, channels=doors(memory), limit=10).work
    reaped(city)
    run(engine, doors(memory))
    with Session(engine) as session, pytest.raises(delivery.TakenAway):
        begin(session, work, reader=work.readers[0], door=work.doors[HANDLER][0], now=MONDAY)
    assert memory.addresses == [MAIL]


def test_an_answer_that_comes_after_the_reaper_changes_nothing(city, engine, memory):
    key = a_message(city)

    class Slow:
        def send(self, address, *, letter):
            reaped(city)
            return Sent(Outcome.REFUSED, "429")

        def close(self): ...

    run(engine, doors(Slow()))
    assert tries(city, key) == [(MAIL, "unknown")]
    assert stands(city, key).state == S.UNKNOWN
