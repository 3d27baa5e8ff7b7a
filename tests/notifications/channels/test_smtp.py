import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from threading import Barrier
from unittest import mock

import pytest

from models.message import Outcome
from notifications.channels import Gateways, open_channels
from notifications.channels.base import Fault
from notifications.channels.smtp import Smtp
from tests.notifications.channels.sinks import LETTER, Mailbox, certificate, mail_sink, sign_in

TO = "r00006@example.invalid"


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def server(mailbox):
    with mail_sink(mailbox) as server:
        yield server


@pytest.fixture
def smtp(server):
    channel = Smtp(f"smtp://127.0.0.1:{server.port}?from=duban@zigong.example", timeout=30)
    yield channel
    channel.close()


def test_a_mail_arrives_with_its_chinese_words(smtp, mailbox):
    assert smtp.send(TO, letter=LETTER).outcome == Outcome.SENT
    mail = message_from_bytes(mailbox.letters[0], policy=default)
    assert (mail["Subject"], mail.get_content().splitlines()) == (LETTER.title, LETTER.body.splitlines())
    assert (mailbox.recipients, mail["To"]) == ([TO], TO)


def test_the_headers_are_what_a_mail_server_expects(smtp, mailbox):
    smtp.send(TO, letter=LETTER)
    mail = message_from_bytes(mailbox.letters[0], policy=default)
    assert mail["Message-ID"] == "<12-3-D-CGJ.handler-R00006@zigong.example>"
    assert mail["Date"] == "Mon, 02 Nov 2026 02:00:00 +0000"
    assert (mail["Auto-Submitted"], mail["From"]) == ("auto-generated", "督办 <duban@zigong.example>")
    head = mailbox.letters[0].split(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) < 100


def test_the_connection_is_kept(smtp, mailbox):
    for _ in range(3):
        smtp.send(TO, letter=LETTER)
    assert (len(mailbox.letters), mailbox.sessions) == (3, 1)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("550 no such user", Outcome.PERMANENT),
        ("553 bad name", Outcome.PERMANENT),
        ("450 busy", Outcome.REFUSED),
        ("452 full", Outcome.REFUSED),
    ],
)
@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_a_refusal_counts_by_its_code(smtp, mailbox, where, answer, outcome):
    setattr(mailbox, where, answer)
    sent = smtp.send(TO, letter=LETTER)
    assert (sent.outcome, sent.code) == (outcome, answer[:3])


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("550 5.1.1 no such user", Fault.ADDRESS),
        ("550 no such user here", Fault.ADDRESS),
        ("551 5.1.6 moved", Fault.ADDRESS),
        ("550 5.2.1 mailbox disabled", Fault.ADDRESS),
        ("553 5.1.3 invalid address", Fault.ADDRESS),
        ("550 5.7.1 relaying denied for unknown sender", None),
        ("550 relay not permitted, unknown user", None),
        ("550 blocked: your host was not found in DNS", None),
        ("554 5.7.1 rejected as spam", None),
        ("552 5.2.2 mailbox full", None),
        ("550 go away", None),
        ("450 4.1.1 no such user, perhaps later", None),
    ],
)
def test_only_a_mailbox_that_is_not_there_is_the_addresss_fault(smtp, mailbox, answer, fault):
    mailbox.rcpt = answer
    assert smtp.send(TO, letter=LETTER).fault is fault


def test_after_the_readers_name_was_taken_nothing_is_the_addresss_fault(smtp, mailbox):
    mailbox.data = "550 5.1.1 no such user"
    assert smtp.send(TO, letter=LETTER).fault is None


def test_an_address_that_cannot_be_written_is_its_own_fault(smtp):
    assert smtp.send("two\nlines@example.org", letter=LETTER).fault is Fault.ADDRESS


def test_a_sender_that_is_not_taken_burns_no_address(smtp, monkeypatch):
    monkeypatch.setattr("smtplib.SMTP.mail", lambda *_: (530, b"5.7.0 Authentication required"))
    sent = smtp.send(TO, letter=LETTER)
    assert (sent.outcome, sent.code, smtp._lines._unused) == (Outcome.REFUSED, "gateway", [])


def test_after_a_refusal_the_next_mail_goes_out(smtp, mailbox):
    mailbox.rcpt = "550 no such user"
    smtp.send(TO, letter=LETTER)
    mailbox.rcpt = ""
    assert smtp.send(TO, letter=LETTER).outcome == Outcome.SENT
    assert mailbox.sessions == 1


def test_a_connection_lost_after_the_body_is_doubt(smtp, mailbox):
    mailbox.drop_on_data = True
    sent = smtp.send(TO, letter=LETTER)
    assert (sent.outcome, sent.code) == (Outcome.UNKNOWN, "lost")


def test_a_kept_connection_that_died_is_made_anew(smtp, mailbox, server):
    smtp.send(TO, letter=LETTER)
    smtp._lines._unused[0].server.sock.shutdown(2)
    assert smtp.send(TO, letter=LETTER).outcome == Outcome.SENT
    assert (len(mailbox.letters), mailbox.sessions) == (2, 2)


def test_an_english_text_needs_no_encoding(smtp, mailbox):
    smtp.send(TO, letter=replace(LETTER, title="Issue ZG-1", body="Two lines\n.one with a dot"))
    raw = mailbox.letters[0]
    mail = message_from_bytes(raw, policy=default)
    assert (mail["Subject"], mail.get_content()) == ("Issue ZG-1", "Two lines\r\n.one with a dot\r\n")
    assert b"base64" not in raw


@pytest.mark.parametrize(
    "title", ["督" * 200, "a " * 200, "x\r\nBcc: evil@example.invalid", "=?utf-8?b?eA==?=", "✅" * 60]
)
def test_any_title_is_one_subject_and_no_header_of_its_own(smtp, mailbox, title):
    assert smtp.send(TO, letter=replace(LETTER, title=title)).outcome == Outcome.SENT
    mail = message_from_bytes(mailbox.letters[0], policy=default)
    assert (mail["Subject"], mail["Bcc"]) == (" ".join(title.split()), None)
    assert max(map(len, mailbox.letters[0].split(b"\r\n"))) < 100


def send_at_once(smtp, count: int) -> list[Outcome]:
    with ThreadPoolExecutor(count) as threads:
        return [sent.outcome for sent in threads.map(lambda _: smtp.send(TO, letter=LETTER), range(count))]


def test_several_threads_have_a_connection_each_up_to_a_number(server, mailbox):
    smtp = Smtp(f"smtp://127.0.0.1:{server.port}?connections=3", timeout=30)
    mailbox.slow = 0.05
    assert send_at_once(smtp, 9) == [Outcome.SENT] * 9
    assert (len(mailbox.letters), mailbox.sessions) == (9, 3)
    smtp.close()


def test_a_server_that_takes_fewer_connections_is_sent_all_the_same(server, mailbox):
    smtp = Smtp(f"smtp://127.0.0.1:{server.port}?connections=8", timeout=30)
    mailbox.slow, mailbox.most = 0.05, 2
    assert send_at_once(smtp, 8) == [Outcome.SENT] * 8
    assert mailbox.sessions == 2
    smtp.close()


def test_who_waits_for_a_server_that_is_not_there_does_not_try_it_again():
    smtp, tried = Smtp("smtp://127.0.0.1:9?connections=1", timeout=0.5), []
    begun = Barrier(5)

    def nobody(*address, **_):
        tried.append(address)
        time.sleep(0.2)  # the others are waiting by then
        raise ConnectionRefusedError

    with mock.patch("smtplib.SMTP", nobody), ThreadPoolExecutor(5) as threads:
        sent = list(threads.map(lambda _: begun.wait() is None or smtp.send(TO, letter=LETTER), range(5)))
    assert ({one.code for one in sent}, len(tried)) == ({"gateway"}, 1)


def test_a_server_that_is_not_there_is_a_refusal():
    sent = Smtp("smtp://127.0.0.1:9", timeout=0.5).send(TO, letter=LETTER)
    assert (sent.outcome, sent.code) == (Outcome.REFUSED, "gateway")


@pytest.mark.parametrize("address", ["何景行", "no-at-sign", "a@b@c", "a b@example.invalid", ""])
def test_an_address_that_is_none_is_permanent(smtp, address):
    assert smtp.send(address, letter=LETTER).outcome == Outcome.PERMANENT


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_it_signs_in_over_tls(mailbox, tmp_path, scheme):
    server_side, trusting = certificate(tmp_path)
    options = {"implicit": server_side} if scheme == "smtps" else {"tls_context": server_side, "require_starttls": True}
    tls_only = scheme == "smtp"
    with mail_sink(mailbox, authenticator=sign_in, auth_required=True, auth_require_tls=tls_only, **options) as server:
        url = f"{scheme}://duban:very-secret@127.0.0.1:{server.port}"
        channel = Smtp(url, timeout=30, context=trusting)
        assert channel.send(TO, letter=LETTER).outcome == Outcome.SENT
        channel.close()


def test_a_certificate_that_nobody_trusts_is_a_refusal(mailbox, tmp_path):
    server_side, _ = certificate(tmp_path)
    with mail_sink(mailbox, tls_context=server_side) as server:
        sent = Smtp(f"smtp://127.0.0.1:{server.port}", timeout=30).send(TO, letter=LETTER)
    assert (sent.outcome, sent.code, mailbox.letters) == (Outcome.REFUSED, "gateway", [])


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_wrong_password_burns_no_address_and_is_not_shown(mailbox, caplog):
    caplog.set_level(logging.DEBUG)
    options = {"authenticator": sign_in, "auth_required": True, "auth_require_tls": False}
    with mail_sink(mailbox, **options) as server:
        channel = Smtp(f"smtp://duban:wr0ng-password@127.0.0.1:{server.port}", timeout=30)
        sent = channel.send(TO, letter=LETTER)
    assert (sent.outcome, sent.code) == (Outcome.REFUSED, "gateway")
    assert "wr0ng-password" not in caplog.text + sent.detail


@pytest.mark.parametrize("url", ["http://mail", "smtp://", "mail"])
def test_another_kind_of_url_is_an_error(url):
    with pytest.raises(ValueError, match="expected smtp"):
        Smtp(url)


def test_without_a_mail_server_mail_has_no_channel():
    channels = open_channels(Gateways())
    assert (channels.has_gateway, channels.serving("mail", TO)) == (False, None)
    assert channels.serving("chat", "wecombot://key") is not None


def test_with_a_mail_server_mail_has_one():
    channels = open_channels(Gateways(smtp_url="smtp://127.0.0.1"))
    assert (channels.has_gateway, isinstance(channels.serving("mail", TO), Smtp)) == (True, True)
    channels.close()
