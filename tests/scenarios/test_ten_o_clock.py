"""Ten o'clock: 200 messages for one robot that takes twenty in a minute, and four delivery processes."""

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from models.issue import Issue
from models.message import Message
from models.unit import ChannelClass, Contact, Person
from notifications.channels import Channels
from notifications.channels.apprise_url import AppriseUrl
from notifications.delivery import deliver
from services.sweeps import Sessions
from tests.cast import at
from tests.concurrency.crowd import in_processes, many, rows, value
from tests.notifications.channels.robots import Provider

TEN = at("2026-11-02 10:00")
WORKERS, COUNT, READERS = 4, 200, 50
URGENT = {f"ZG-2026-{n:06}" for n in range(1, 6)}
NUMBER = re.compile(r"ZG-2026-\d{6}")
UNITS = ("D-CGJ", "D-CGJ", "D-CGJ", "D-CGJ", "T510302001", "T510303001", "D-SCJGJ", "T510302", "T510303", "D-CGJ")


@dataclass
class Robot:
    """What arrived, with the time of the moved clock."""

    provider: Provider
    letters: list[tuple[datetime, str]] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)

    def note(self, now: datetime) -> None:
        told = [json.loads(body)["text"] for body in self.provider.got[len(self.letters) :]]
        self.letters += [(now, text["content"]) for text in told]
        self.mentioned |= {one for text in told for one in text["mentioned_list"]}

    @property
    def issues(self) -> Counter[str]:
        return Counter(number for _, text in self.letters for number in set(NUMBER.findall(text)))

    @property
    def alone(self) -> list[tuple[datetime, str]]:
        """Issues that came in a letter of their own."""
        return [(now, NUMBER.findall(text)[0]) for now, text in self.letters if len(set(NUMBER.findall(text))) == 1]

    def within_a_minute(self, now: datetime) -> int:
        return sum(now - timedelta(minutes=1) < at <= now for at, _ in self.letters)


@pytest.fixture
def robot() -> Iterator[Robot]:
    provider = Provider()
    provider.say("wecombot", 0)
    thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield Robot(provider)
    provider.shutdown()
    thread.join()
    provider.server_close()


@pytest.fixture
def full(city: Session, robot: Robot) -> Session:
    """The first five are urgent. Every reader's letters mention them, so each has another address of the robot."""
    many(city, COUNT, state="found", now=TEN)
    city.connection().exec_driver_sql("DELETE FROM message")
    for n in range(READERS):
        city.add(Person(code=f"B{n}", name=f"读者{n}"))
        city.flush()
        address = f"{robot.provider.address('wecombot')}&mentions=user{n}"
        city.add(Contact(person_code=f"B{n}", channel=ChannelClass.CHAT, address=address, verified_at=TEN))
    for nth, issue in enumerate(city.exec(select(Issue).order_by(col(Issue.number)))):
        city.add(
            Message(
                key=f"t-{nth}",
                kind="passed",
                issue_id=issue.id,
                person_code=f"B{nth % READERS}",
                unit_code=UNITS[nth % len(UNITS)],
                why="duty",
                channels=["app", "chat"],
                urgency=0 if issue.number in URGENT else 3,
                not_before=TEN,
                created_at=TEN,
            )
        )
    city.commit()
    return city


def deliver_everywhere(robot: Robot, url: str, *, now: datetime) -> None:
    """Four processes deliver at one moment of the moved clock."""

    def work(sessions: Sessions, _: int) -> None:
        channel = AppriseUrl()
        deliver(sessions, now=lambda: now, channels=Channels({"any_url": channel}), limit=60)
        channel.close()

    in_processes(WORKERS, work, url=url)
    robot.note(now)


def test_the_minute_holds_urgent_ones_go_first_the_rest_in_digests_and_none_is_lost(full, robot, database_url):
    numbers = {number for (number,) in rows(full, "SELECT number FROM issue")}
    for now in MOMENTS:
        deliver_everywhere(robot, database_url, now=now)
        waiting = {number for (number,) in rows(full, WAITING)}
        assert Counter(robot.issues.keys() | waiting) == Counter(numbers), "each issue has arrived or waits"
        assert len(robot.issues) + len(waiting) == COUNT
        full.rollback()

    assert robot.issues == Counter(numbers), "each came once"
    assert max(robot.within_a_minute(now) for now in MOMENTS) <= 20
    assert [now for now, number in robot.alone if number in URGENT] == [TEN] * len(URGENT)
    assert rows(full, "SELECT state, count(*) FROM message GROUP BY 1") == [("sent", COUNT)]
    assert value(full, "SELECT count(*) FROM attempt WHERE joined_to IS NULL") == len(robot.letters)
    assert robot.mentioned == {f"user{n}" for n in range(READERS)}
    assert len(robot.letters) < COUNT / 4


MOMENTS = [TEN + timedelta(seconds=20) * n for n in range(8)]
WAITING = "SELECT i.number FROM message m JOIN issue i ON i.id = m.issue_id WHERE m.state IN ('pending', 'refused')"
