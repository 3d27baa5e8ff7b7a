"""Signed webhooks: what arrives, that a receiver can check it, and what its answer comes to."""

import hmac
import json
import logging
import re
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import apprise
import pytest

from examples import hook_receiver
from models.message import Outcome
from notifications.channels import Gateways, open_channels
from notifications.channels.apprise_url import AppriseUrl
from notifications.channels.base import Fault, Link
from notifications.channels.signing import signed_headers
from notifications.channels.webhook import Webhook, Webhooks
from tests.notifications.channels.noting import MISBEHAVIOUR, begin_anew, noting_sink
from tests.notifications.channels.sinks import LETTER, certificate

SECRET = "8f3c1e-Very/Secret"
HERE = ("127.0.0.1",)
AT = int(LETTER.at.timestamp())
HOWTO = Path(__file__).parents[3] / "docs" / "howto" / "webhooks.md"


@pytest.fixture(scope="module")
def one_sink():
    with noting_sink() as sink:
        yield sink


@pytest.fixture
def sink(one_sink):
    one_sink.answer = (204, {}, "")
    return begin_anew(one_sink)


@pytest.fixture(scope="module")
def is_genuine():
    """The example in the guide."""
    example = re.search(r"```python\n(.*?)```", HOWTO.read_text(), re.DOTALL)[1]
    names: dict = {}
    exec(example, names)
    return names["is_genuine"]


def url(sink, more: str = "") -> str:
    return f"dubanhook{sink.scheme[4:]}://127.0.0.1:{sink.server_port}/duban?secret=8f3c1e-Very%2FSecret{more}"


def send(sink, letter=LETTER, *, networks=HERE, more: str = ""):
    hooks = Webhooks(networks=networks)
    hooks._http = type(hooks._http)(allowed=networks, connect_seconds=0.5, read_seconds=0.4)
    return hooks.send(url(sink, more), letter=letter)


def test_a_letter_arrives_as_a_document(sink):
    letter = replace(LETTER, kind="assigned", links=(Link("签收", "https://duban.example.org/a/b"),))
    assert send(sink, letter).outcome == Outcome.SENT
    assert json.loads(sink.got[0]) == {
        "version": 1,
        "key": LETTER.key,
        "kind": "assigned",
        "title": LETTER.title,
        "body": LETTER.body,
        "links": [{"label": "签收", "url": "https://duban.example.org/a/b"}],
        "at": "2026-11-02T02:00:00+00:00",
    }


def test_the_guide_shows_a_document_with_all_its_fields(sink):
    send(sink)
    shown = json.loads(re.search(r"```json\n({\n  \"version\".*?)```", HOWTO.read_text(), re.DOTALL)[1])
    assert shown.keys() == json.loads(sink.got[0]).keys()


def test_the_secret_does_not_leave_and_the_rest_of_the_url_does(sink):
    send(sink, more="&room=%E5%A4%A7%E5%8E%85+1%20a&flag=")
    assert sink.requests[0].path == "/duban?room=%E5%A4%A7%E5%8E%85+1%20a&flag="


def test_the_example_in_the_guide_takes_what_we_sign(sink, is_genuine):
    send(sink)
    got = sink.requests[0]
    headers = {name.lower(): value for name, value in got.headers.items()}
    assert is_genuine(got.body.encode(), headers, SECRET, now=AT + 299)


def test_the_older_header_holds_what_it_says(sink):
    send(sink)
    got = sink.requests[0]
    signed = hmac.new(SECRET.encode(), f"{AT}.".encode() + got.body.encode(), sha256).hexdigest()
    assert got.headers["X-Duban-Signature"] == f"t={AT},v1={signed}"


SIGNED = signed_headers(b"{}", key="k", secrets_=[SECRET], at=AT)


@pytest.mark.parametrize(
    ("body", "changed", "secret", "now"),
    [
        (b"{}!", {}, SECRET, AT),
        (b"{}", {}, "another", AT),
        (b"{}", {}, SECRET, AT + 301),
        (b"{}", {}, SECRET, AT - 301),
        (b"{}", {"webhook-timestamp": str(AT + 1)}, SECRET, AT),
        (b"{}", {"webhook-id": "other"}, SECRET, AT),
        (b"{}", {"webhook-signature": "v1,"}, SECRET, AT),
        (b"{}", {"webhook-signature": SIGNED["webhook-signature"].replace("v1,", "v2,")}, SECRET, AT),
        (b"{}", {"webhook-signature": ""}, SECRET, AT),
        (b"{}", {"webhook-timestamp": ""}, SECRET, AT),
    ],
)
def test_the_example_in_the_guide_takes_nothing_else(is_genuine, body, changed, secret, now):
    assert not is_genuine(body, {**SIGNED, **changed}, secret, now)


def test_the_guide_and_the_example_that_runs_are_the_same(is_genuine):
    assert is_genuine.__code__.co_code == hook_receiver.is_genuine.__code__.co_code


def test_the_key_is_the_same_each_time_it_is_tried(sink):
    letters = [LETTER, replace(LETTER, at=LETTER.at + timedelta(minutes=5))]
    for letter in letters:
        send(sink, letter)
    assert [one.headers["Idempotency-Key"] for one in sink.requests] == [LETTER.key, LETTER.key]
    assert len({one.headers["X-Duban-Signature"] for one in sink.requests}) == 2


def test_a_key_that_is_not_ascii_is_still_one(sink):
    send(sink, replace(LETTER, key="督办-1"))
    assert sink.requests[0].headers["Idempotency-Key"] == r"\u7763\u529e-1"


@pytest.mark.parametrize(
    ("status", "outcome", "fault"),
    [
        (200, Outcome.SENT, None),
        (202, Outcome.SENT, None),
        (302, Outcome.PERMANENT, None),
        (400, Outcome.PERMANENT, None),
        (401, Outcome.PERMANENT, None),
        (404, Outcome.PERMANENT, None),
        (410, Outcome.PERMANENT, Fault.ADDRESS),
        (408, Outcome.REFUSED, None),
        (425, Outcome.REFUSED, None),
        (429, Outcome.REFUSED, None),
        (500, Outcome.REFUSED, None),
        (502, Outcome.UNKNOWN, None),
        (503, Outcome.REFUSED, None),
        (504, Outcome.UNKNOWN, None),
    ],
)
def test_the_status_decides(sink, status, outcome, fault):
    sink.answer = (status, {"Location": "/elsewhere"}, '{"code": 7}')
    sent = send(sink)
    assert (sent.outcome, sent.fault, sent.code, len(sink.got)) == (outcome, fault, str(status), 1)


def test_too_many_requests_name_their_time(sink):
    sink.answer = (429, {"Retry-After": "7"}, "")
    assert send(sink).retry_after == timedelta(seconds=7)


@pytest.mark.parametrize("misbehaviour", MISBEHAVIOUR)
def test_silence_after_the_request_is_doubt_and_nothing_is_repeated(sink, misbehaviour):
    sink.answer = misbehaviour
    assert (send(sink).outcome, len(sink.got)) == (Outcome.UNKNOWN, 1)


def test_a_certificate_that_nobody_trusts_is_a_refusal(tmp_path):
    with noting_sink(certificate(tmp_path)[0]) as sink:
        assert (send(sink).outcome, send(sink).code, sink.got) == (Outcome.REFUSED, "connect", [])


def test_the_inside_is_refused_unless_the_installation_allows_it(sink):
    sent = send(sink, networks=())
    assert (sent.outcome, sent.fault, sink.got) == (Outcome.PERMANENT, Fault.ADDRESS, [])


@pytest.mark.parametrize(("networks", "outcome"), [((), Outcome.PERMANENT), (HERE, Outcome.SENT)])
def test_the_installation_says_what_is_allowed(sink, networks, outcome):
    channels = open_channels(Gateways(webhook_networks=networks))
    channel = channels.serving("chat", url(sink))
    assert channel.send(url(sink), letter=LETTER).outcome == outcome
    channels.close()


def test_apprise_knows_the_address_and_is_let_nowhere_inside(sink):
    AppriseUrl()
    service = apprise.Apprise()
    assert service.add(url(sink))
    assert not service.notify("text")
    assert sink.got == []


@pytest.mark.parametrize(
    "bad", ["dubanhooks://hooks.example.org/", "dubanhooks:///?secret=x", "dubanhooks://h/?secret="]
)
def test_an_address_that_is_not_complete_is_given_up(bad):
    sent = Webhooks().send(bad, letter=LETTER)
    assert (sent.outcome, sent.code, sent.fault) == (Outcome.PERMANENT, "address", Fault.ADDRESS)


@pytest.mark.parametrize("answer", [(204, {}, ""), (400, {}, SECRET), "drop"])
def test_the_secret_is_neither_logged_nor_said(sink, caplog, answer):
    caplog.set_level(logging.DEBUG)
    sink.answer = answer
    sent = send(sink)
    for secret in (SECRET, "Very%2FSecret", "Very/Secret"):
        assert secret not in caplog.text + sent.detail + sent.code + sink.requests[0].path


def test_the_url_with_privacy_shows_nothing(sink):
    assert Webhook(whole=url(sink)).url(privacy=True) == "dubanhook://***/"
