"""What is sent by hand carries the links too, to the address by which others reach the page."""

from email import message_from_bytes
from email.policy import default

import pytest

from tests.cli.conftest import Run
from tests.notifications.channels.sinks import Mailbox, mail_sink


def test_a_mail_that_a_tick_sends_has_the_link_to_sign_in(
    run: Run, assigned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = Mailbox()
    monkeypatch.setenv("DUBAN_PUBLIC_URL", "https://duban.example")
    with mail_sink(mailbox) as server:
        monkeypatch.setenv("DUBAN_SMTP_URL", f"smtp://127.0.0.1:{server.port}?from=duban@zigong.example")
        run("tick")

    letters = dict(zip(mailbox.recipients, mailbox.letters, strict=True))
    text = message_from_bytes(letters["r00006@example.invalid"], policy=default).get_content()
    assert "签收: https://duban.example/l/" in text
