"""The example of a receiver that newcomers run works as it says, as a program of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from examples.hook_receiver import is_genuine
from notifications.channels.signing import PREFIX, new_secret, signed_headers
from runtime import clock
from runtime.settings import PROJECT
from services import hooks
from services.hooks import Wish
from tests.cast import an_issue
from tests.services.hooks.desk import KEYS, LOOPBACK, admin, told, tries
from tests.services.hooks.desk import MONDAY as NOW

SECRET = new_secret()


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program, and its address."""
    told_ = {**os.environ, "DUBAN_HOOK_SECRET": SECRET, "RECEIVED": str(tmp_path / "received.sqlite")}
    command = [sys.executable, str(PROJECT / "examples" / "hook_receiver.py"), "0"]
    with subprocess.Popen(command, env=told_, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        yield program, program.stdout.readline().split()[-1]
        program.terminate()


def test_what_is_genuine_is_taken_once_and_the_rest_refused(city: Session, sessions, receiver) -> None:
    program, address = receiver
    wish = Wish("example", address, ("issue.find",))
    now = clock.true_now(city)
    made = hooks.make(city, wish, by=admin(city), keys=KEYS, networks=LOOPBACK, now=now)
    an_issue(city)
    city.commit()
    told(sessions, now=now)  # signed with another secret than the program has
    made.hook.secret = hooks.vault(KEYS).lock(SECRET)
    made.hook.not_before = None
    city.add(made.hook)
    city.connection().exec_driver_sql("UPDATE hook_delivery SET not_before = '2020-01-01'")
    city.commit()
    told(sessions, now=now)
    assert tries(city, made) == [("refused", 401), ("ok", 204)]
    city.connection().exec_driver_sql("UPDATE hook_delivery SET state = 'waiting'")
    city.commit()
    told(sessions, now=now)
    assert tries(city, made)[-1] == ("ok", 204)
    program.terminate()
    printed = program.stdout.read()
    assert printed.count("issue.find") == 1


@pytest.mark.parametrize("secret", [SECRET, "plain and simple", f"{PREFIX}not base64!"], ids=["ours", "plain", "odd"])
def test_the_receiver_checks_what_we_sign(secret: str) -> None:
    at = int(NOW.timestamp())
    headers = signed_headers(b"{}", key="issue-1", secrets_=["another", secret], at=at)
    assert is_genuine(b"{}", headers, secret, now=at + 299)
    assert not is_genuine(b"{}", headers, secret, now=at + 301)
    assert not is_genuine(b"{ }", headers, secret, now=at)
    assert not is_genuine(b"{}", {**headers, "webhook-id": "issue-2"}, secret, now=at)
    assert not is_genuine(b"{}", {**headers, "webhook-timestamp": "x"}, secret, now=at)
    assert not is_genuine(b"{}", {}, secret, now=at)


def test_the_signature_is_that_of_the_standard() -> None:
    """Source: standard-webhooks specification, the example of its reference libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    headers = signed_headers(body, key="msg_p5jXN8AQM9LWM0D4loKWxJek", secrets_=[secret], at=1614265330)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
