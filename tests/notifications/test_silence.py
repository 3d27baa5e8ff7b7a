"""Whoever must sign in and stays silent is told by the next of their channels; nothing is doubled or forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from models.message import Attempt, Message, MessageState, Outcome
from notifications import inbox
from notifications.channels import Sent
from notifications.silence import SILENT_AFTER, wake_silent
from services import issues
from tests.cast import DIRECT, HANDLER, OFFICE, an_issue, at, who
from tests.notifications.desk import MAIL, PHONE, ROBOT, Memory, a_contact, doors, run

START = at("2026-11-02 10:00")
S3 = timedelta(minutes=60)
SOON = timedelta(minutes=1)


@pytest.fixture
def memory(city: Session) -> Memory:
    """The handler has a robot, a phone and (from the small city) a mailbox, in this order."""
    city.connection().execute(text("UPDATE contact SET position = 9"))
    a_contact(city, HANDLER, "chat", ROBOT, position=1)
    a_contact(city, HANDLER, "sms", PHONE, position=2)
    return Memory()


@pytest.fixture
def issue(city: Session, memory: Memory) -> int:
    """Assigned, and told on the robot."""
    key = an_issue(city, state="assigned", now=START)
    city.commit()
    return key


@pytest.fixture
def deliver(engine: Engine, memory: Memory):
    def at_time(now):
        run(engine, doors(memory), now=now)
        return memory.addresses

    return at_time


def message(session: Session, post: str = "D-CGJ:handler") -> Message:
    session.rollback()
    query = select(Message).where(Message.kind == "assigned", Message.post_code == post)
    return session.exec(query.execution_options(populate_existing=True)).one()


def of_the_handler(addresses: list[str]) -> list[str]:
    return [one for one in addresses if one in (ROBOT, PHONE, MAIL)]


def test_who_stays_silent_is_told_by_the_next_channel(city, issue, deliver):
    assert of_the_handler(deliver(START)) == [ROBOT]
    assert of_the_handler(deliver(START + S3 - SOON)) == [ROBOT]
    assert of_the_handler(deliver(START + S3)) == [ROBOT, PHONE]


def test_each_channel_has_its_time_and_none_is_used_twice(city, issue, deliver):
    for hour in range(9):
        deliver(START + hour * S3)

    assert of_the_handler(deliver(START + 9 * S3)) == [ROBOT, PHONE, MAIL]
    assert message(city).state == MessageState.SENT
    assert message(city).answer_by is None


def test_the_record_says_why_the_next_channel_was_used(city, issue, deliver):
    deliver(START)
    deliver(START + S3)

    query = select(Attempt).where(Attempt.message_id == message(city).id).order_by(col(Attempt.id))
    assert [(one.address, one.reason) for one in city.exec(query)] == [(ROBOT, ""), (PHONE, "silent")]


def test_who_signed_in_is_left_alone(city, issue, deliver):
    deliver(START)
    issues.sign_in(city, issue_ids=[issue], by=who(city, HANDLER), now=START + SOON)
    city.commit()

    assert of_the_handler(deliver(START + S3))[:1] == [ROBOT]
    assert PHONE not in deliver(START + 5 * S3)


def test_who_read_it_is_left_alone(city, issue, deliver):
    deliver(START)
    inbox.mark_read(city, HANDLER, message_ids=[message(city).id], now=START + SOON)
    city.commit()

    assert of_the_handler(deliver(START + S3)) == [ROBOT]


def test_what_was_returned_and_assigned_again_wakes_no_old_message(city, issue, deliver):
    deliver(START)
    later = START + 2 * SOON
    issues.give_back(city, issue_ids=[issue], by=who(city, HANDLER), now=later, reason="不属本单位")
    issues.assign(city, issue_ids=[issue], by=who(city, OFFICE), now=later + SOON, to="D-CGJ")
    city.commit()
    old = message_ids(city)[0]
    deliver(START + S3)

    query = select(Attempt.address).where(Attempt.message_id == old)
    assert city.exec(query).all() == [ROBOT]


def message_ids(session: Session) -> list[int]:
    query = select(Message.id).where(Message.kind == "assigned", Message.post_code == "D-CGJ:handler")
    return list(session.exec(query.order_by(col(Message.id))))


@pytest.mark.parametrize("minutes", SILENT_AFTER.items(), ids=lambda pair: pair[0])
def test_the_time_is_the_severitys_and_a_city_may_set_another(city, minutes):
    from notifications.silence import minutes_of

    severity, ours = minutes
    assert minutes_of(severity, policy={}) == ours
    assert minutes_of(severity, policy={"silent_after": {severity: 7}}) == 7


def test_superiors_and_chiefs_of_the_place_are_only_informed(city, memory, engine):
    a_contact(city, "R00018", "chat", "robot://grid")
    an_issue(city, state="assigned", now=START)
    city.commit()
    run(engine, doors(memory), now=START)

    assert message(city, "510302001002001:grid_chief").answer_by is None
    assert message(city).answer_by == START + S3


def test_where_no_other_channel_is_left_nothing_is_waited_for(city, engine):
    an_issue(city, state="assigned", now=START)
    city.commit()
    run(engine, doors(Memory()), now=START)

    assert message(city).answer_by is None


def test_a_reminder_to_sign_in_goes_on_too(city, issue, deliver, tick):
    deliver(START)
    a_contact(city, DIRECT, "chat", "robot://direct", position=1)
    reminded = at("2026-11-02 15:00")  # four working hours for S3
    tick(reminded)
    deliver(reminded)
    query = select(Message).where(Message.kind == "sign_in_reminder", Message.post_code == "D-CGJ:direct_leader")

    assert city.exec(query).one().answer_by == reminded + S3


def test_quiet_hours_hold_the_next_channel_back(city, memory, deliver):
    late = at("2026-11-02 20:30")
    an_issue(city, state="assigned", now=late)
    city.commit()
    deliver(late)

    assert PHONE not in deliver(at("2026-11-02 22:00"))
    assert message(city).state == MessageState.SENT
    assert PHONE in deliver(at("2026-11-03 07:30"))


def test_what_is_urgent_goes_on_at_night(city, memory, deliver):
    night = at("2026-11-02 23:00")
    an_issue(city, state="assigned", now=night, severity="S1")
    city.commit()
    deliver(night)

    assert PHONE in deliver(night + timedelta(minutes=5))


def test_a_next_channel_that_fails_leaves_the_message_sent_and_tries_the_one_after_it(city, issue, memory, deliver):
    memory.answer(PHONE, Sent(Outcome.PERMANENT, "x"))
    deliver(START)

    assert of_the_handler(deliver(START + S3)) == [ROBOT, PHONE, MAIL]
    assert message(city).state == MessageState.SENT


def test_two_workers_wake_a_message_once(city, issue, deliver, sessions):
    deliver(START)
    with sessions() as one, sessions() as other:
        first, second = (wake_silent(session, now=START + S3) for session in (one, other))
        one.commit()
        other.commit()

    assert (first, second) == (1, 0)


def test_the_look_for_the_silent_uses_its_index_alone(city, issue, deliver):
    deliver(START)
    city.connection().execute(text("SET enable_seqscan = off"))
    plan = city.connection().execute(text("EXPLAIN SELECT 1 FROM message WHERE state = 'sent' AND answer_by <= now()"))

    assert "message_unanswered" in "\n".join(line for (line,) in plan)


@pytest.fixture
def storm(city: Session, memory: Memory) -> list[int]:
    """Eight at once: the handler hears of them in one digest."""
    keys = [an_issue(city, state="assigned", now=START) for _ in range(8)]
    city.commit()
    return keys


def test_a_digest_of_assignments_goes_on_too(storm, deliver):
    assert of_the_handler(deliver(START)) == [ROBOT]
    assert of_the_handler(deliver(START + S3)) == [ROBOT, PHONE]


def test_a_digest_of_which_everything_is_signed_in_does_not(city, storm, deliver):
    deliver(START)
    issues.sign_in(city, issue_ids=storm, by=who(city, HANDLER), now=START + SOON)
    city.commit()

    assert of_the_handler(deliver(START + S3)) == [ROBOT]


def test_a_digest_of_which_one_is_left_goes_on(city, storm, deliver):
    deliver(START)
    issues.sign_in(city, issue_ids=storm[1:], by=who(city, HANDLER), now=START + SOON)
    city.commit()

    assert of_the_handler(deliver(START + S3)) == [ROBOT, PHONE]


def test_a_digest_of_which_everything_was_read_does_not(city, storm, deliver):
    deliver(START)
    ids = [one.id for one in inbox.entries(city, HANDLER, now=START)]
    inbox.mark_read(city, HANDLER, message_ids=ids, now=START + SOON)
    city.commit()

    assert of_the_handler(deliver(START + S3)) == [ROBOT]
