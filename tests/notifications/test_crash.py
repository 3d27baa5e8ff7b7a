"""A worker may die at any point; what it leaves behind is neither lost nor doubled on one channel (promise 3)."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from models.message import MessageState as S
from models.message import Outcome
from notifications import settling, starting
from notifications.attempts import begin_all
from notifications.channels import Sent
from notifications.claiming import claim
from notifications.lanes import Try
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


def test_dead_after_an_outcome_nothing_is_repeated(city, engine, memory):
    a_contact(city, HANDLER, "chat", ROBOT)
    key = a_message(city, channels=["app", "chat", "mail"])
    memory.answer(ROBOT, Died())
    with pytest.raises(Died):
        run(engine, doors(memory))
    assert sorted(tries(city, key)) == sorted([(ROBOT, "sending"), (MAIL, "sent")])
    reaped(city)
    run(engine, doors(memory))
    assert (sorted(memory.addresses), stands(city, key).state) == (sorted([MAIL, ROBOT]), S.SENT)


def test_dead_while_the_outcome_is_written_it_is_in_doubt(city, engine, memory, monkeypatch):
    key = a_message(city)

    def dies(_, results, **__):
        if results:
            raise Died

    monkeypatch.setattr(starting, "record_all", dies)
    monkeypatch.setattr(settling, "record_all", dies)
    with pytest.raises(Died):
        run(engine, doors(memory))
    monkeypatch.undo()
    reaped(city)
    run(engine, doors(memory))
    assert (memory.addresses, stands(city, key).state) == ([MAIL], S.UNKNOWN)


def test_a_database_that_is_gone_when_the_answer_comes_is_told_later(city, engine, memory, monkeypatch):
    key, left = a_message(city), [3]
    finish_all = settling.finish_all

    def gone(session, endings, **more):
        if left[0] and endings:
            left[0] -= 1
            raise OperationalError("", {}, Exception())
        finish_all(session, endings, **more)

    monkeypatch.setattr(starting, "finish_all", gone)
    monkeypatch.setattr(settling, "finish_all", gone)
    monkeypatch.setattr(settling, "SALVAGE_PAUSE", 0.0)
    with pytest.raises(OperationalError):
        run(engine, doors(memory))
    assert (memory.addresses, tries(city, key), stands(city, key).state) == ([MAIL], [(MAIL, "sent")], S.SENT)


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
    with Session(engine) as session:
        assert begin_all(session, [Try((5, 0), work, work.readers[0], work.doors[HANDLER][0])], now=MONDAY) == []
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


@pytest.mark.parametrize("said", ["zero \0", "half \ud83d of one"])
def test_nothing_that_a_provider_says_breaks_the_record(city, engine, memory, said):
    memory.answer(MAIL, Sent(Outcome.REFUSED, said, said))
    key = a_message(city)
    run(engine, doors(memory))
    assert (stands(city, key).state, tries(city, key)) == (S.REFUSED, [(MAIL, "refused")])
