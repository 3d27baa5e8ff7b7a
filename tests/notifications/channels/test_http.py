"""The kept HTTP client against a server on loopback: what arrives, on how many connections, how it is judged."""

import json
import socket
import ssl

import pytest

from models.message import Outcome
from notifications.channels import borrowed, kept
from notifications.channels.base import Sent
from notifications.channels.http import Http, NoAnswer
from tests.notifications.channels.sinks import certificate, http_sink

DOCUMENT = {"text": "高山井社区大道"}


@pytest.fixture
def sink():
    with http_sink() as sink:
        yield sink


@pytest.fixture
def client():
    client = Http(connect_seconds=0.5, read_seconds=0.5)
    yield client
    client.close()


def post(client, sink, **more) -> Sent:
    return client.post(f"{sink.http}/t0ken-of-a-robot", address="robot://t0ken-of-a-robot", document=DOCUMENT, **more)


def test_a_document_arrives_as_it_is(client, sink):
    assert post(client, sink).outcome == Outcome.SENT
    assert json.loads(sink.got[0]) == DOCUMENT


def test_one_connection_serves_many_letters(client, sink):
    for _ in range(3):
        post(client, sink)
    assert (len(sink.got), sink.connections) == (3, 1)


def test_a_connection_that_was_unused_for_long_is_not_used_again(client, sink, monkeypatch):
    post(client, sink)
    monkeypatch.setattr(kept, "KEEP_SECONDS", -1.0)
    post(client, sink)
    assert (len(sink.got), sink.connections) == (2, 2)


def test_a_connection_that_the_server_closed_is_noticed_before_anything_is_sent(client, sink):
    sink.answer = (200, {"Connection": "close"}, "{}")
    assert [post(client, sink).outcome for _ in range(3)] == [Outcome.SENT] * 3
    assert len(sink.got) == 3


@pytest.mark.parametrize("answer", ["hang", "drop", "half", "drip"])
def test_silence_after_the_body_is_doubt_and_nothing_is_repeated(client, sink, answer):
    post(client, sink)
    sink.answer = answer
    assert post(client, sink).outcome == Outcome.UNKNOWN
    assert len(sink.got) == 2


def test_after_doubt_the_next_letter_goes_out(client, sink):
    sink.answer = "drop"
    post(client, sink)
    sink.answer = (200, {}, "{}")
    assert post(client, sink).outcome == Outcome.SENT


def test_an_answer_without_end_is_doubt(client, sink, monkeypatch):
    monkeypatch.setattr(kept, "MOST_BYTES", 10)
    sink.answer = (200, {}, "x" * 1000)
    assert post(client, sink).outcome == Outcome.UNKNOWN


def test_nobody_there_is_a_refusal(client):
    with socket.socket() as taken:  # bound but not listening: nobody else can answer there meanwhile
        taken.bind(("127.0.0.1", 0))
        sent = client.post(f"http://127.0.0.1:{taken.getsockname()[1]}/", address="", document=DOCUMENT)
    assert (sent.outcome, sent.code) == (Outcome.REFUSED, "connect")


@pytest.mark.parametrize("url", ["http://", "http://:80:80/", "nonsense"])
def test_an_address_that_is_none_is_permanent(client, url):
    assert client.post(url, address="", document=DOCUMENT).outcome == Outcome.PERMANENT


def test_a_header_that_is_none_stops_the_letter_before_anything_leaves(client, sink):
    sent = post(client, sink, headers={"X-Key": "one\r\nX-Key: two"})
    assert (sent.outcome, sink.connections) == (Outcome.PERMANENT, 0)


def test_a_redirect_is_not_followed(client, sink):
    sink.answer = (302, {"Location": "/elsewhere"}, "")
    assert (post(client, sink).outcome, len(sink.got)) == (Outcome.PERMANENT, 1)


def test_a_provider_may_judge_what_has_a_fine_status(client, sink):
    def judge(answer):
        return Sent(Outcome.REFUSED, str(answer.document["status"]))

    sink.answer = (200, {}, '{"status": 7}')
    assert post(client, sink, judge=judge) == Sent(Outcome.REFUSED, "7")
    sink.answer = (404, {}, '{"status": 7}')
    assert post(client, sink, judge=judge).outcome == Outcome.PERMANENT


def test_a_request_that_carries_no_letter_gets_its_answer_or_an_error(client, sink):
    assert client.ask("POST", sink.http, body=b"x").document == {}
    sink.answer = "drop"
    with pytest.raises(NoAnswer):
        client.ask("POST", sink.http, body=b"x")


def test_a_certificate_that_nobody_trusts_is_a_refusal(tmp_path, client):
    server_side, _ = certificate(tmp_path)
    with http_sink(server_side) as sink:
        sent = post(client, sink)
    assert (sent.outcome, sent.code, sink.got) == (Outcome.REFUSED, "connect", [])


@pytest.mark.parametrize("answer", ["drop", "abort", "half"])
def test_a_connection_lost_after_the_body_is_doubt_over_tls_too(tmp_path, answer):
    server_side, trusting = certificate(tmp_path)
    client = Http(read_seconds=0.5, context=trusting)
    with http_sink(server_side) as sink:
        sink.answer = answer
        sent = post(client, sink)
        assert (sent.outcome, len(sink.got)) == (Outcome.UNKNOWN, 1)


def test_a_proxy_that_is_not_there_is_a_refusal(monkeypatch, sink):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    sent = post(Http(connect_seconds=0.5), sink)
    assert (sent.outcome, sent.code) == (Outcome.REFUSED, "connect")


def test_the_error_of_a_handshake_is_told_from_the_same_error_later():
    later = borrowed.exceptions.SSLError(ssl.SSLEOFError(8, "EOF"))
    assert borrowed.judge_error(later).outcome == Outcome.UNKNOWN
