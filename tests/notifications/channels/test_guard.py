"""Addresses that users give lead to no machine of the inside, whatever they are called."""

import socket

import pytest

from models.message import Outcome
from notifications.channels import guard
from notifications.channels.base import Fault
from notifications.channels.guard import GuardedHttp, OfTheInside, may_connect, safe_addresses
from notifications.channels.http import NoAnswer
from tests.notifications.channels.noting import noting_sink
from tests.notifications.channels.sinks import certificate

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.1.2.3",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]


def client(*allowed: str, **more) -> GuardedHttp:
    return GuardedHttp(allowed=allowed, connect_seconds=0.5, read_seconds=0.5, **more)


def refusal(http: GuardedHttp, url: str):
    with pytest.raises(NoAnswer) as refused:
        http.ask("POST", url, body=b"x")
    return refused.value.sent


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_of_the_inside_are_refused(address):
    assert not may_connect(address, (), public=True)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_not(address):
    assert may_connect(address, (), public=True)
    assert not may_connect(address, (), public=False)


@pytest.mark.parametrize(("address", "network"), [("10.1.2.3", "10.0.0.0/8"), ("::ffff:10.1.2.3", "10.1.2.3")])
def test_what_the_installation_allows_is_allowed(address, network):
    assert may_connect(address, (network,), public=False)
    assert not may_connect("10.99.0.1" if network == "10.1.2.3" else "11.0.0.1", (network,), public=False)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_whatever_the_address_is_written_as_nothing_arrives(host):
    with noting_sink() as sink:
        sent = refusal(client(), f"https://{host}:{sink.server_port}/")
        also = refusal(client(), f"http://{host}:{sink.server_port}/")
    assert (sent.outcome, sent.fault, also.outcome) == (Outcome.PERMANENT, Fault.ADDRESS, Outcome.PERMANENT)
    assert (sink.connections, sink.got) == (0, [])


def test_a_name_with_one_bad_address_among_good_ones_is_refused(monkeypatch):
    answers(monkeypatch, "8.8.8.8", "10.1.2.3")
    with pytest.raises(OfTheInside):
        safe_addresses("example.org", 443, (), public=True)


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch, tmp_path):
    """A name that says one thing when it is checked and another when it is used."""
    asked = []

    def changing(host, port, *rest, **more):
        asked.append(host)
        return look_up("127.0.0.1" if host == "hooks.example.org" else host, port, *rest, **more)

    look_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", changing)
    with noting_sink() as sink:
        client("127.0.0.1").ask("POST", f"http://hooks.example.org:{sink.server_port}/", body=b"x")
        assert sink.requests[0].headers["Host"] == f"hooks.example.org:{sink.server_port}"
    assert asked == ["hooks.example.org", "127.0.0.1"]


def test_the_next_address_is_tried_when_one_does_not_answer(monkeypatch):
    with noting_sink() as sink:
        answers(monkeypatch, "127.0.0.9", "127.0.0.1")
        client("127.0.0.0/8").ask("POST", f"http://hooks.example.org:{sink.server_port}/", body=b"x")
        assert sink.got == ["x"]


def test_a_certificate_is_checked_for_the_name(monkeypatch, tmp_path):
    server_side, trusting = certificate(tmp_path)  # for 127.0.0.1
    with noting_sink(server_side) as sink:
        http = client("127.0.0.1", context=trusting)
        assert http.ask("POST", f"https://127.0.0.1:{sink.server_port}/", body=b"x").status == 200
        answers(monkeypatch, "127.0.0.1")
        sent = refusal(http, f"https://hooks.example.org:{sink.server_port}/")
    assert (sent.outcome, sent.code, sink.got) == (Outcome.REFUSED, "connect", ["x"])


def test_a_name_that_nobody_knows_is_tried_again(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(guard.socket, "getaddrinfo", unknown)
    sent = refusal(client(), "https://hooks.example.invalid/")
    assert (sent.outcome, sent.code) == (Outcome.REFUSED, "connect")


def test_a_proxy_is_not_asked_for_machines_of_the_inside(monkeypatch):
    with noting_sink() as sink:
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, sink.http)
        monkeypatch.setenv("no_proxy", "")
        assert refusal(client(), "https://169.254.169.254/").fault == Fault.ADDRESS
        assert refusal(client(), "http://10.1.2.3/").fault == Fault.ADDRESS
    assert sink.connections == 0


def answers(monkeypatch, *addresses: str) -> None:
    """Let a name have these addresses; an address stays what it is."""
    look_up = socket.getaddrinfo

    def found(host, port, *rest, **more):
        named = addresses if host == "hooks.example.org" or host == "example.org" else (host,)
        return [one for address in named for one in look_up(address, port, *rest, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", found)
