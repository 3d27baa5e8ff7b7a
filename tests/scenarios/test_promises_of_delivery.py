"""Promises 3, 4, 9 and 10 as people feel them: from the event through delivery to the reader."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from models.message import Message, MessageState, Outcome
from notifications import inbox
from notifications.channels import Sent
from services import reach, sweeps
from tests.cast import DIRECT, DUTY, HANDLER, an_issue, at, messages, trail
from tests.notifications.desk import MAIL, Memory, a_contact, doors, run

START = at("2026-11-02 10:00")
DUE = at("2026-11-05 17:00")


@pytest.fixture
def memory(city: Session) -> Memory:
    for person in (HANDLER, DIRECT):
        a_contact(city, person, "chat", f"robot://{person}")
    return Memory()


def test_a_message_is_never_lost_and_never_doubled_on_one_channel(city: Session, engine: Engine, memory) -> None:
    """Refused twice, then of unknown outcome, delivered by several workers: the person still hears, each door once."""
    an_issue(city, state="assigned", now=START)
    city.commit()
    robot = f"robot://{HANDLER}"
    memory.answer(robot, Sent(Outcome.REFUSED, "503"), Sent(Outcome.REFUSED, "503"), Sent(Outcome.UNKNOWN, "lost"))
    for minutes in (0, 2, 10, 30, 60, 600):
        run(engine, doors(memory), now=START + timedelta(minutes=minutes))

    taken = Counter(address for address, _ in memory.letters)
    assert (taken[robot], taken[MAIL]) == (3, 1)


def test_http_200_with_an_error_in_it_counts_as_refused(city: Session, engine: Engine, memory) -> None:
    an_issue(city, state="assigned", now=START)
    city.commit()
    memory.answer(f"robot://{HANDLER}", Sent(Outcome.REFUSED, "45009", "api freq out of limit"))
    run(engine, doors(memory), now=START)

    query = select(Message.state).where(Message.post_code == "D-CGJ:handler")
    assert city.exec(query).all() == [MessageState.REFUSED]


def test_nobody_in_the_post_is_found_out_passed_up_and_shown(city: Session, engine: Engine, memory) -> None:
    key = an_issue(city, state="assigned", now=START)
    city.commit()
    run(engine, doors(memory), now=START)
    reach.pass_up(city, now=START)
    city.commit()
    run(engine, doors(memory), now=START)

    assert "unreachable" in trail(city, key)
    shown = [entry for entry in inbox.entries(city, DUTY, now=START) if entry.kind == "unreachable"]
    assert len(shown) == 1


def test_without_prefect_a_round_by_hand_does_the_same_with_the_same_keys(city: Session, tick) -> None:
    key = an_issue(city, state="rectifying", now=START)
    tick(DUE)
    by_hand = (trail(city, key), messages(city, key))
    city.connection().execute(text("UPDATE issue SET next_step_at = :due WHERE id = :id"), {"due": DUE, "id": key})

    tick(DUE)  # as a second engine would that knows nothing of the first

    assert (trail(city, key), messages(city, key)) == by_hand


def test_after_three_days_down_each_person_gets_one_digest(city: Session, engine: Engine, sessions, memory) -> None:
    for _ in range(12):
        an_issue(city, state="assigned", now=START)
    city.commit()
    run(engine, doors(memory), now=START)
    city.connection().execute(text("UPDATE message SET state = 'sent', finished_at = :now"), {"now": START})
    city.commit()
    memory.letters.clear()
    late = at("2026-11-09 10:00")
    sweeps.tick(sessions, now=late)
    run(engine, doors(memory), now=late)

    to_the_direct_leader = [letter for address, letter in memory.letters if address == f"robot://{DIRECT}"]
    assert len(to_the_direct_leader) <= 1
    digests = city.exec(select(Message).where(Message.kind == "digest")).all()
    assert len({digest.person_code for digest in digests}) == len(digests) > 0


def test_an_unknown_outcome_with_no_other_door_is_shown_to_the_duty_officer(
    city: Session, engine: Engine, memory
) -> None:
    key = an_issue(city, state="assigned", now=START)
    city.commit()
    for address in (f"robot://{HANDLER}", MAIL):
        memory.answer(address, *[Sent(Outcome.UNKNOWN, "lost")] * 3)
    run(engine, doors(memory), now=START)
    run(engine, doors(memory), now=START + timedelta(minutes=2))
    reach.pass_up(city, now=START + timedelta(minutes=3))
    city.commit()

    assert ("unreachable", "5103:duty_officer") in messages(city, key)
