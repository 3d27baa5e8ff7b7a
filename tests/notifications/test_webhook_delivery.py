"""A webhook as a contact: tried again by the outbox under one key, each try on record."""

from datetime import timedelta

import pytest

from models.message import MessageState as S
from notifications.channels import Gateways, open_channels
from tests.cast import MONDAY
from tests.notifications.channels.noting import noting_sink
from tests.notifications.desk import a_contact, a_message, run, stands, tries

HANDLER = "R00006"


@pytest.fixture
def sink():
    with noting_sink() as sink:
        sink.answer = (204, {}, "")
        yield sink


@pytest.fixture
def channels():
    channels = open_channels(Gateways(webhook_networks=("127.0.0.1",)))
    yield channels
    channels.close()


def test_a_busy_receiver_gets_the_same_key_again_when_it_said(city, engine, sink, channels):
    address = f"dubanhook://127.0.0.1:{sink.server_port}/duban?secret=8f3c1e"
    a_contact(city, HANDLER, "chat", address)
    key = a_message(city, channels=["app", "chat"])
    sink.answer = (503, {"Retry-After": "120"}, "")
    run(engine, channels)
    assert (stands(city, key).state, stands(city, key).not_before) == (S.REFUSED, MONDAY + timedelta(minutes=2))
    sink.answer = (204, {}, "")
    run(engine, channels, now=MONDAY + timedelta(minutes=2))
    assert tries(city, key) == [(address, "refused"), (address, "sent")]
    assert len({one.headers["Idempotency-Key"] for one in sink.requests}) == 1
    assert len({one.headers["X-Duban-Signature"] for one in sink.requests}) == 2


def test_an_address_of_the_inside_gets_nothing(city, engine, sink):
    a_contact(city, HANDLER, "chat", f"dubanhook://localhost:{sink.server_port}/duban?secret=8f3c1e")
    key = a_message(city, channels=["app", "chat"])
    channels = open_channels(Gateways())
    run(engine, channels)
    channels.close()
    assert (tries(city, key)[0][1], sink.connections) == ("permanent", 0)
