"""Promise 4 with real servers on loopback: a robot, a mail server, people who do not answer, and who hears instead."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from models.message import Message, MessageState
from models.unit import Contact
from notifications import inbox
from notifications.channels import Channels, Gateways, open_channels
from services import issues, reach
from tests.cast import DIRECT, DUTY, HANDLER, an_issue, at, trail, who
from tests.notifications.channels.sinks import Mailbox, Sink, http_sink, mail_sink
from tests.notifications.desk import MAIL, a_contact, run

START = at("2026-11-02 10:00")
MINUTES = (0, 1, 6, 21, 81, 141)
"""Each is a wait longer than the one before: the robot is given up in the end."""


class Town(Mailbox):
    """A mail server that knows who is there."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: set[str] = set()
        self.full: set[str] = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.gone:
            return "550 5.1.1 no such user"
        if address in self.full:
            return "452 4.2.2 mailbox full"
        return await super().handle_RCPT(server, session, envelope, address, options)

    def titles_for(self, address: str) -> list[str]:
        mails = [message_from_bytes(raw, policy=default) for raw in self.letters]
        return [str(mail["Subject"]) for mail in mails if mail["To"] == address]


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def robot() -> Iterator[Sink]:
    with http_sink() as sink:
        yield sink


@pytest.fixture
def channels(town: Town) -> Iterator[Channels]:
    with mail_sink(town) as server:
        opened = open_channels(Gateways(smtp_url=f"smtp://127.0.0.1:{server.port}?from=duban@zigong.example"))
        yield opened
        opened.close()


@pytest.fixture
def issue(city: Session, robot: Sink) -> int:
    """Assigned to a unit whose handler has a robot, then a mailbox."""
    a_contact(city, HANDLER, "chat", f"{robot.url}/handler", position=-1)
    key = an_issue(city, state="assigned", now=START)
    city.commit()
    return key


def pass_time(city: Session, engine: Engine, channels: Channels, *, minutes=MINUTES, start: datetime = START) -> None:
    """What the engine does at these minutes: send, pass up, send."""
    for minute in minutes:
        now = start + timedelta(minutes=minute)
        run(engine, channels, now=now)
        reach.pass_up(city, now=now)
        city.commit()
        run(engine, channels, now=now)


def to_the_handler(city: Session) -> Message:
    city.rollback()
    query = select(Message).where(Message.kind == "assigned", Message.post_code == "D-CGJ:handler")
    return city.exec(query.execution_options(populate_existing=True)).one()


def test_every_channel_failed_and_the_level_above_and_the_duty_officer_are_told(
    city, engine, channels, robot, town, issue
):
    robot.answer = (200, {}, '{"errcode": 45009, "errmsg": "freq out of limit"}')
    town.gone = {MAIL}
    pass_time(city, engine, channels)

    assert (to_the_handler(city).state, to_the_handler(city).failure) == (MessageState.FAILED, "all_failed")
    assert any("【交办】" in title for title in town.titles_for(f"{DIRECT.lower()}@example.invalid"))
    assert any("【未送达】" in title for title in town.titles_for(f"{DUTY.lower()}@example.invalid"))
    assert "unreachable" in trail(city, issue)


def test_the_dead_mailbox_is_off_the_robot_that_was_only_busy_is_not(city, engine, channels, robot, town, issue):
    robot.answer = (200, {}, '{"errcode": 45009, "errmsg": "freq out of limit"}')
    town.gone = {MAIL}
    pass_time(city, engine, channels)

    rows = city.exec(select(Contact).where(Contact.person_code == HANDLER).order_by(Contact.position))
    assert [one.switched_off_why for one in rows] == [None, "dead"]
    assert "contact_off" in [entry.kind for entry in inbox.entries(city, HANDLER, now=START)]


def test_a_full_mailbox_is_tried_again_and_stays_in_use(city, engine, channels, robot, town, issue):
    city.connection().execute(text("DELETE FROM contact WHERE channel = 'chat'"))
    city.commit()
    town.full = {MAIL}
    run(engine, channels, now=START)
    town.full = set()
    pass_time(city, engine, channels, minutes=(1,))

    assert to_the_handler(city).state == MessageState.SENT
    assert city.exec(select(Contact.switched_off_at).where(Contact.address == MAIL)).one() is None


def test_who_does_not_answer_the_robot_gets_a_mail_and_then_the_ladder_climbs(
    city, engine, channels, robot, town, issue, tick
):
    run(engine, channels, now=START)
    assert (len(robot.got), town.titles_for(MAIL)) == (1, [])

    run(engine, channels, now=START + timedelta(hours=1))
    assert (len(robot.got), len(town.titles_for(MAIL))) == (1, 1)

    limit = at("2026-11-02 15:00")  # four working hours for S3
    tick(limit)
    run(engine, channels, now=limit)
    assert "escalate E1" in trail(city, issue)
    assert any("签收" in title for title in town.titles_for(f"{DIRECT.lower()}@example.invalid"))


def test_who_signs_in_hears_nothing_more(city, engine, channels, robot, town, issue):
    run(engine, channels, now=START)
    issues.sign_in(city, issue_ids=[issue], by=who(city, HANDLER), now=START + timedelta(minutes=5))
    city.commit()
    pass_time(city, engine, channels, minutes=(60, 120, 240))

    assert (len(robot.got), town.titles_for(MAIL)) == (1, [])
