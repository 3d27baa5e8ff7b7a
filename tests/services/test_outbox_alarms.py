"""Alarms of the outbox: told once while they last, ended with a word, and not for what is nobody's fault."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from models.message import Attempt, Message, MessageState, Outcome
from services import alarms, outbox_alarms, outbox_counts
from tests.cast import HANDLER, MONDAY
from tests.notifications.desk import a_message

LOOK = timedelta(minutes=10)
ROBOT = "wecombot://KEY"


def tries(
    session: Session,
    outcome: str,
    *,
    times: int,
    at: datetime = MONDAY,
    address: str = ROBOT,
    code: str = "45009",
    fault: str | None = None,
) -> None:
    """So many tries, a second apart, the last one at that time."""
    key = a_message(session, now=at, n=session.connection().execute(text("SELECT count(*) FROM message")).scalar_one())
    for n in range(times):
        started = at - timedelta(seconds=times - n)
        session.add(
            Attempt(
                message_id=key,
                person_code=f"{HANDLER}-{n}",
                channel="chat",
                address=address,
                outcome=Outcome(outcome),
                code=code,
                fault=fault,
                started_at=started,
                finished_at=started,
            )
        )
    session.commit()


def told(session: Session) -> list[str]:
    """The lines of all alarms to the duty officer, oldest first."""
    query = select(Message).where(Message.kind == "watchdog", col(Message.key).like("outbox%duty_officer"))
    return [line for one in session.exec(query.order_by(col(Message.id))) for line in one.facts["problems"]]


def look(session: Session, *, at: datetime = MONDAY) -> list[str]:
    """One look; what it told."""
    before = len(told(session))
    outbox_alarms.look_after(session, now=at)
    session.commit()
    return told(session)[before:]


def test_a_channel_that_fails_is_told_with_its_codes(city: Session) -> None:
    tries(city, "sent", times=5, at=MONDAY - timedelta(minutes=5))
    tries(city, "permanent", times=5)

    assert look(city) == ["渠道企业微信群机器人发送失败：最近10次中5次未成功（45009）"]


def test_it_is_told_once_within_the_hour(city: Session) -> None:
    tries(city, "permanent", times=5)
    look(city)

    assert look(city, at=MONDAY + LOOK) == []
    assert alarms.standing(city) == {"outbox_wecombot"}


def test_its_end_is_told_once(city: Session) -> None:
    tries(city, "permanent", times=5)
    look(city)
    tries(city, "sent", times=20, at=MONDAY + LOOK)

    assert look(city, at=MONDAY + LOOK) == ["渠道企业微信群机器人已恢复"]
    assert look(city, at=MONDAY + 2 * LOOK) == []
    assert alarms.standing(city) == frozenset()


def test_a_few_that_fail_are_no_alarm(city: Session) -> None:
    tries(city, "permanent", times=4)

    assert look(city) == []


def test_less_than_half_is_no_alarm(city: Session) -> None:
    tries(city, "sent", times=15, at=MONDAY - timedelta(minutes=5))
    tries(city, "permanent", times=5)

    assert look(city) == []


def test_what_failed_long_ago_is_no_alarm(city: Session) -> None:
    tries(city, "permanent", times=10, at=MONDAY - timedelta(hours=2))

    assert look(city) == []


@pytest.mark.parametrize(
    ("outcome", "code", "fault", "is_alarm"),
    [
        ("unknown", "lost", None, True),
        ("refused", "connect", None, True),
        ("refused", "45009", None, False),
        ("permanent", "550", "address", False),
        ("permanent", "40058", "ours", True),
    ],
)
def test_only_what_says_that_the_channel_is_ill_counts(
    city: Session, outcome: str, code: str, fault: str | None, is_alarm: bool
) -> None:
    tries(city, outcome, times=6, code=code, fault=fault)

    assert bool(look(city)) is is_alarm


def test_another_provider_of_the_same_class_is_judged_alone(city: Session) -> None:
    tries(city, "permanent", times=5)
    tries(city, "sent", times=20, address="dingtalk://TOKEN")
    look(city)

    assert alarms.standing(city) == {"outbox_wecombot"}


def a_queue(session: Session, *, to: int, at: datetime) -> None:
    """So many messages are due."""
    query = text("SELECT count(*) FROM message WHERE state = 'pending' AND kind = 'queued'")
    for n in range(session.connection().execute(query).scalar_one(), to):
        session.add(
            Message(
                key=f"queued-{n}", kind="queued", why="unit.handler", channels=["mail"], not_before=at, created_at=at
            )
        )
    session.commit()


def test_a_queue_that_grows_three_looks_in_a_row_is_told(city: Session) -> None:
    said = []
    for nth in range(5):
        a_queue(city, to=100 + nth, at=MONDAY)
        said.append(look(city, at=MONDAY + nth * LOOK))

    assert said == [[], [], [], ["待发消息持续增多：到期未发103条"], []]


def test_a_long_queue_that_does_not_grow_is_let_be(city: Session) -> None:
    a_queue(city, to=150, at=MONDAY)

    assert [look(city, at=MONDAY + nth * LOOK) for nth in range(5)] == [[]] * 5


def test_a_queue_that_stays_long_is_not_said_to_be_over(city: Session) -> None:
    for nth in range(4):
        a_queue(city, to=100 + nth, at=MONDAY)
        look(city, at=MONDAY + nth * LOOK)

    assert [look(city, at=MONDAY + nth * LOOK) for nth in (4, 5)] == [[], []]
    assert alarms.standing(city) == {outbox_alarms.GROWING}


def test_it_is_over_when_the_queue_is_short(city: Session) -> None:
    for nth in range(4):
        a_queue(city, to=100 + nth, at=MONDAY)
        look(city, at=MONDAY + nth * LOOK)
    city.connection().execute(text("UPDATE message SET state = 'sent' WHERE kind = 'queued'"))
    city.commit()

    assert look(city, at=MONDAY + 4 * LOOK) == ["待发消息已恢复正常"]


@pytest.mark.parametrize(("n", "lines"), [(9, []), (10, ["一小时内10条消息是否送达不明"])])
def test_many_of_unknown_outcome_are_told(city: Session, n: int, lines: list[str]) -> None:
    a_queue(city, to=n, at=MONDAY)
    for message in city.exec(select(Message).where(Message.kind == "queued")):
        message.state, message.finished_at = MessageState.UNKNOWN, MONDAY
    city.commit()

    assert look(city) == lines


def test_looking_puts_the_counts_together_when_they_are_many(city: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_counts, "TOGETHER", 3)
    a_queue(city, to=1, at=MONDAY)
    for state in ("sending", "pending", "sending", "pending"):
        city.connection().execute(text("UPDATE message SET state = :state"), {"state": state})
    city.commit()
    look(city)

    assert outbox_counts.tally(city).rows == 1
