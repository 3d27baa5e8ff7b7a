"""The engine is killed and somebody hears of it; the watchdog is killed and its heartbeat outside goes quiet.

Real processes, a real chat robot and a real monitor on loopback. Only the minutes that pass meanwhile are made up.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from deployments.pacemaker import Pacemaker
from models.message import Message
from runtime import clock, i18n
from runtime.settings import PROJECT, Settings
from tests.cast import DUTY, an_issue
from tests.notifications.desk import a_contact
from tests.outages.engine import watch
from tests.outages.server import Server
from tests.outages.sink import Sink, a_sink
from tests.small_city import a_city

MINUTE = timedelta(minutes=1)
Later = Callable[[int], None]


@pytest.fixture
def outside() -> Iterator[Sink]:
    with a_sink() as sink:
        yield sink


@pytest.fixture
def city(
    session: Session, database_url: str, outside: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Session:
    """The small city, whose duty officer has a chat robot, and a monitor that waits for the heartbeat."""
    a_city(session)
    session.connection().execute(text("DELETE FROM contact WHERE person_code = :duty"), {"duty": DUTY})
    a_contact(session, DUTY, "chat", f"json://{outside.where}/robot")
    session.commit()
    monkeypatch.setenv("DUBAN_DATABASE_URL", database_url)
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DUBAN_HEARTBEAT_URL", f"http://{outside.where}/beat")
    return session


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """So many minutes have passed since the test began."""
    truth = clock.system_now

    def passed(minutes: int) -> None:
        monkeypatch.setattr(clock, "system_now", lambda: truth() + minutes * MINUTE)

    return passed


@contextmanager
def engine_part(what: str) -> Iterator[subprocess.Popen[str]]:
    """A part of the engine that has done its work at least twice, and is killed at the end."""
    command = [sys.executable, "-m", "tests.outages.engine", what]
    with subprocess.Popen(command, cwd=PROJECT, env=os.environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.read(2) == ".."
            yield process
        finally:
            process.kill()


@pytest.fixture
def pacemaker(city: Session) -> Iterator[tuple[Pacemaker, list[str]]]:
    said: list[str] = []
    with i18n.using("en"):
        yield Pacemaker(Settings(), lambda: Session(city.get_bind(), expire_on_commit=False), say=said.append), said


def alarms(session: Session) -> list[list[str]]:
    """What the duty officer was told about the system, in order."""
    session.rollback()
    query = select(Message).where(Message.kind == "watchdog", Message.post_code == "5103:duty_officer")
    return [message.facts["problems"] for message in sorted(session.exec(query), key=lambda one: one.id or 0)]


def looks(pacemaker: Pacemaker) -> None:
    pacemaker.look()
    for thread in threading.enumerate():
        if thread.name == "duban alarm":
            thread.join(20)


def test_when_the_engine_is_killed_the_duty_officer_hears_of_it_once_and_that_it_is_over(
    city: Session, pacemaker: tuple[Pacemaker, list[str]], outside: Sink, later: Later
) -> None:
    pace, said = pacemaker
    with engine_part("rounds"):
        later(1)
        looks(pace)
    quiet = (list(said), list(outside.got))
    for minutes in (2, 5, 15, 25, 35, 45):
        later(minutes)
        looks(pace)
    cried = (list(said), len(outside.got))
    later(0)
    with engine_part("rounds"):
        later(1)
        pace._looked -= 50 * MINUTE
        looks(pace)

    assert quiet == ([], [])
    assert cried == (["No round has been run for three minutes. See the log of “flows” and Prefect's page."], 1)
    assert said[1:] == ["Rounds are being run again."]
    assert alarms(city) == [["已有三分钟没有进行巡检，逾期问题无法自动升级"], ["巡检已恢复"]]
    assert [json.loads(letter)["title"][:6] for letter in outside.got] == ["【系统告警】", "【系统恢复】"]


def test_when_the_watchdog_is_killed_its_heartbeat_goes_quiet(city: Session, outside: Sink) -> None:
    with engine_part("watchdog") as process:
        heard = outside.wait_for(2)
        process.kill()
        process.wait(10)
        last = len(outside.got)

    assert heard
    assert set(outside.got) == {"/beat"}
    assert not outside.wait_for(last + 1, seconds=0.5)


def test_the_heartbeat_goes_out_only_while_all_is_well(city: Session, outside: Sink) -> None:
    beats = []
    for late in (False, True, False):
        set_late(city, late)
        watch()
        beats.append(outside.got.count("/beat"))
        city.connection().execute(text("UPDATE message SET state = 'sent'"))
        city.commit()

    assert beats == [1, 1, 2]
    told = alarms(city)
    assert "下一步已迟" in told[0][0]
    assert told[1:] == [["一切恢复正常"]]


def set_late(session: Session, late: bool) -> None:
    if not session.connection().execute(text("SELECT 1 FROM issue")).all():
        an_issue(session, state="assigned", now=clock.system_now())
        session.connection().execute(text("UPDATE message SET state = 'sent'"))
    statement = text("UPDATE issue SET next_step_at = clock_timestamp() + make_interval(mins => :minutes)")
    session.connection().execute(statement, {"minutes": -10 if late else 60})
    session.commit()


def test_the_heartbeat_stops_when_no_rounds_are_run_though_nothing_is_late(
    city: Session, outside: Sink, later: Later
) -> None:
    with engine_part("rounds"):
        watch()
    later(5)
    seen = watch()

    assert (seen.well, seen.pinged, seen.told) == (False, False, 2)
    assert outside.got == ["/beat"]


def test_a_trouble_that_lasts_is_not_told_every_ten_minutes(city: Session, later: Later) -> None:
    set_late(city, late=True)
    told = []
    for minutes in range(0, 60, 10):
        later(minutes)
        told.append(watch().told)
        city.connection().execute(text("UPDATE message SET state = 'sent'"))
        city.commit()

    assert told == [2, 0, 0, 0, 0, 0]


def test_without_a_database_there_is_no_heartbeat(city: Session, server: Server, outside: Sink) -> None:
    city.rollback()
    server.die()
    with pytest.raises(OperationalError):
        watch()

    assert outside.got == []
