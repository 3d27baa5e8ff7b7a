"""The watch on the scheduler: an alarm is neither lost nor told twice, and never holds `up` up."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from deployments.pacemaker import Pacemaker
from runtime import clock, i18n
from runtime.settings import Settings
from services import rounds

BEGAN = datetime(2026, 11, 2, 2, tzinfo=UTC)


@pytest.fixture
def look_at(city: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], list[str]]]:
    """Lets the pacemaker look so many minutes after it began; gives all it has said so far."""
    city.commit()
    now, said = [BEGAN], list[str]()
    monkeypatch.setattr(clock, "system_now", lambda: now[0])
    settings = Settings(smtp_url=SecretStr("smtp://host:no-number"))
    pacemaker = Pacemaker(settings, lambda: Session(city.get_bind()), say=said.append)

    def look(minutes: int) -> list[str]:
        now[0] = BEGAN + timedelta(minutes=minutes)
        pacemaker.look()
        return said

    with i18n.using("en"):
        yield look


def test_an_alarm_that_could_not_be_written_is_tried_again(
    look_at: Callable[[int], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[None] = []
    monkeypatch.setattr(Pacemaker, "_send", lambda _: None)
    monkeypatch.setattr(rounds, "tell", lambda *_, **__: tries.append(None) or _fail_first(tries))

    said = [sum("No round" in line for line in look_at(minutes)) for minutes in (4, 5, 6)]

    assert (len(tries), said) == (2, [0, 1, 1])


def test_a_mail_server_that_hangs_does_not_hold_up_the_look(
    look_at: Callable[[int], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()
    monkeypatch.setattr(Pacemaker, "_send", lambda _: answers.wait(30))

    look_at(4)
    hangs = [thread for thread in threading.enumerate() if thread.name == "duban alarm"]
    answers.set()

    assert len(hangs) == 1


def test_a_wrong_address_of_the_mail_server_is_logged(
    look_at: Callable[[int], list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    look_at(4)
    for thread in threading.enumerate():
        if thread.name == "duban alarm":
            thread.join(10)

    assert "could not be sent" in caplog.text


def _fail_first(tries: list[None]) -> int:
    if len(tries) == 1:
        raise OperationalError("", {}, Exception())
    return 1
