"""The counts that triggers keep are those of the plain count, whatever writes a message."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from models.message import Message
from notifications.channels import Sent
from notifications.channels.base import Outcome
from services import bulk, outbox_counts
from tests.cast import HANDLER, MONDAY, an_issue
from tests.notifications.desk import Memory, a_contact, a_message, doors, run

MESSAGES = (
    "SELECT coalesce((SELECT c FROM unnest(channels) c WHERE c IN ('chat', 'sms', 'mail') LIMIT 1), 'app'), state"
    " FROM message"
)
TRIES = "SELECT CASE WHEN address LIKE '%://%' THEN split_part(address, '://', 1) ELSE channel END, outcome, coalesce(fault, '') FROM attempt"  # noqa: E501


def plainly(session: Session, query: str) -> dict[Any, int]:
    session.rollback()
    return dict(Counter(tuple(row) for row in session.connection().exec_driver_sql(query.replace("%", "%%"))))


def agrees(session: Session) -> bool:
    session.rollback()
    seen = outbox_counts.tally(session)
    assert plainly(session, MESSAGES) == dict(seen.messages)
    assert plainly(session, TRIES) == dict(seen.tries)
    return True


def test_they_agree_after_delivery_with_every_outcome(city: Session, engine: Engine) -> None:
    memory = Memory()
    for nth, sent in enumerate((Outcome.SENT, Outcome.REFUSED, Outcome.PERMANENT, Outcome.UNKNOWN)):
        address = f"robot{nth}://token"
        a_contact(city, HANDLER, "chat", address, position=nth)
        memory.answer(address, Sent(sent, "x"))
    for n in range(4):
        a_message(city, n=n, channels=["app", "chat"])
    run(engine, doors(memory))
    run(engine, doors(memory), now=MONDAY + timedelta(minutes=2))

    assert agrees(city)
    assert sum(sum(one.places) for one in outbox_counts.tally(city).calls.values()) == len(memory.letters)


def test_what_is_noted_later_on_counts_no_second_time(city: Session, engine: Engine) -> None:
    a_contact(city, HANDLER, "chat", "robot://token")
    a_message(city, channels=["app", "chat"])
    run(engine, doors(Memory()))
    before = outbox_counts.tally(city)
    city.connection().execute(text("UPDATE attempt SET detail = 'receipt'"))
    city.connection().execute(text("UPDATE message SET read_at = finished_at"))
    city.commit()

    after = outbox_counts.tally(city)

    assert sum(after.tries.values()) == 1
    assert (after.tries, after.deliveries) == (before.tries, before.deliveries)


def test_they_agree_with_what_the_one_door_writes(city: Session) -> None:
    for nth in range(3):
        an_issue(city, state="closed", description=f"垃圾{nth}")
    city.commit()

    assert agrees(city)


def test_they_agree_with_rows_that_go_in_by_copy_and_go_away(city: Session) -> None:
    rows = [
        {
            "key": f"copy-{n}",
            "kind": "x",
            "why": "y",
            "channels": ["sms"] if n % 2 else [],
            "not_before": MONDAY,
            "created_at": MONDAY,
            "state": "pending",
            "area_path": "",
            "urgency": 5,
            "facts": {},
            "tries": 0,
        }
        for n in range(10)
    ]
    bulk.insert(city, Message, rows)
    city.commit()
    assert agrees(city)

    city.connection().execute(text("DELETE FROM message WHERE key IN ('copy-1', 'copy-2', 'copy-3')"))
    city.commit()

    assert agrees(city)


def test_a_change_of_the_wanted_channels_moves_the_count(city: Session) -> None:
    a_message(city)
    city.connection().execute(text("UPDATE message SET channels = '{app,sms,mail}'"))
    city.commit()

    assert agrees(city)


@pytest.mark.parametrize("times", [1, 2])
def test_they_agree_after_settling(city: Session, times: int) -> None:
    for n in range(5):
        a_message(city, n=n)
    for _ in range(times):
        outbox_counts.settle(city)
    city.commit()

    assert agrees(city)
    assert outbox_counts.tally(city).rows == 1


def test_two_who_settle_at_once_lose_nothing(city: Session, sessions) -> None:
    a_message(city)
    with sessions() as one, sessions() as other:
        outbox_counts.tally(other)
        outbox_counts.settle(one)
        one.commit()
        outbox_counts.settle(other)
        other.commit()

    assert agrees(city)


def test_what_comes_while_somebody_settles_is_counted(city: Session, sessions) -> None:
    a_message(city)
    with sessions() as one:
        outbox_counts.settle(one)
        a_message(city, n=1)
        one.commit()

    assert agrees(city)


def test_since_when_the_oldest_waits_ignores_what_has_ended(city: Session) -> None:
    a_message(city, now=MONDAY - timedelta(days=1), state="sent")
    a_message(city, n=1, now=MONDAY, urgency=0)
    a_message(city, n=2, now=MONDAY - timedelta(minutes=7), urgency=7)

    assert outbox_counts.tally(city).oldest == MONDAY - timedelta(minutes=7)
