import json
import logging
import socket
from datetime import timedelta

import pytest
import requests

from models.message import Outcome
from notifications.channels.apprise_url import AppriseUrl
from tests.notifications.channels.sinks import LETTER, http_sink

TOKEN = "s3cr3t-t0k3n-of-a-robot"


@pytest.fixture
def sink():
    with http_sink() as sink:
        yield sink


@pytest.fixture
def channel():
    return AppriseUrl(connect_seconds=0.5, read_seconds=0.5)


def send(channel, sink):
    return channel.send(f"{sink.url}/{TOKEN}", letter=LETTER)


def test_the_letter_arrives(channel, sink):
    assert send(channel, sink).outcome == Outcome.SENT
    got = json.loads(sink.got[0])
    assert (got["title"], got["message"].splitlines()[0]) == (LETTER.title, LETTER.body.splitlines()[0])


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.SENT),
        (204, Outcome.SENT),
        (400, Outcome.PERMANENT),
        (403, Outcome.PERMANENT),
        (404, Outcome.PERMANENT),
        (408, Outcome.REFUSED),
        (429, Outcome.REFUSED),
        (500, Outcome.REFUSED),
        (503, Outcome.REFUSED),
        (502, Outcome.UNKNOWN),
        (504, Outcome.UNKNOWN),
    ],
)
def test_the_status_decides(channel, sink, status, outcome):
    sink.answer = (status, {}, "")
    assert send(channel, sink).outcome == outcome


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"errcode": 45009, "errmsg": "api freq out of limit"}, "45009"),
        ({"errcode": 130101, "errmsg": "send too fast"}, "130101"),
        ({"code": 11232, "msg": "frequency limited"}, "11232"),
        ({"code": "19021", "msg": "sign match fail"}, "19021"),
        ({"StatusCode": 9499}, "9499"),
    ],
)
def test_an_error_code_in_a_body_of_200_is_a_refusal(channel, sink, body, code):
    sink.answer = (200, {}, json.dumps(body))
    sent = send(channel, sink)
    assert (sent.outcome, sent.code) == (Outcome.REFUSED, code)


@pytest.mark.parametrize(
    "text",
    [
        '{"errcode": 0, "errmsg": "ok"}',
        '{"code": 0}',
        '{"code": 200}',
        '{"code": 1000, "success": true}',
        '{"StatusCode": 0}',
        "ok",
        "[1]",
        '{"code": "OK"}',
        "{",
    ],
)
def test_a_body_without_an_error_is_sent(channel, sink, text):
    sink.answer = (200, {}, text)
    assert send(channel, sink).outcome == Outcome.SENT


def test_the_time_to_wait_is_read(channel, sink):
    sink.answer = (429, {"Retry-After": "120"}, "")
    assert send(channel, sink).retry_after == timedelta(seconds=120)


def test_a_time_to_wait_that_is_no_number_is_left(channel, sink):
    sink.answer = (429, {"Retry-After": "soon"}, "")
    assert send(channel, sink).retry_after is None


@pytest.mark.parametrize("answer", ["hang", "drop", "half"])
def test_silence_after_the_body_is_doubt(channel, sink, answer):
    sink.answer = answer
    assert send(channel, sink).outcome == Outcome.UNKNOWN
    assert len(sink.got) == 1


def test_nobody_there_is_a_refusal(channel):
    with socket.socket() as taken:  # bound but not listening: nobody else can answer there meanwhile
        taken.bind(("127.0.0.1", 0))
        address = f"json://127.0.0.1:{taken.getsockname()[1]}/{TOKEN}"

        assert channel.send(address, letter=LETTER).outcome == Outcome.REFUSED


@pytest.mark.parametrize("address", ["nonsense://x", "json://", "wecombot://", "://", "mailto://"])
def test_an_address_that_is_none_is_permanent(channel, address):
    assert channel.send(address, letter=LETTER).outcome == Outcome.PERMANENT


def test_no_plugin_sleeps_and_none_splits_a_letter(channel):
    plugin = channel._plugin(f"wecombot://{TOKEN}")
    assert (plugin.request_rate_per_sec, plugin.overflow_mode.value) == (0, "truncate")


@pytest.mark.parametrize("answer", [(200, {}, f'{{"errcode": 1, "errmsg": "bad {TOKEN}"}}'), (500, {}, TOKEN), "hang"])
def test_a_token_appears_neither_in_logs_nor_in_the_outcome(channel, sink, caplog, answer):
    caplog.set_level(logging.DEBUG)
    sink.answer = answer
    sent = send(channel, sink)
    channel.send(f"nonsense://{TOKEN}", letter=LETTER)
    assert TOKEN not in caplog.text + sent.detail + sent.code


def test_other_users_of_requests_are_left_alone(channel, sink, caplog):
    caplog.set_level(logging.DEBUG, logger="urllib3")
    answer = requests.post(f"http://127.0.0.1:{sink.server_port}/other", data="x", timeout=1)
    assert (answer.status_code, "/other" in caplog.text) == (200, True)
