"""Which tries may begin: order, one at a time to an address, a share for each house."""

from types import SimpleNamespace

import pytest

from notifications import lanes
from notifications.lanes import Lanes, Try, house_of
from notifications.planning import Door


def a_try(n: int, address: str, *, urgency: int = 5, channel: str = "mail") -> Try:
    return Try((urgency, n), SimpleNamespace(message=SimpleNamespace(id=n)), None, Door(channel, address))


def queued(*tries: Try, **more) -> Lanes:
    line = Lanes(**more)
    line.add(tries)
    return line


def proven(*tries: Try, **more) -> Lanes:
    """The same, after the mail server has answered."""
    line = queued(a_try(0, "first"), **more)
    (first,) = line.take()
    line.done(first, answered=True)
    line.add(tries)
    return line


def taken(line: Lanes) -> list[int]:
    return [one.work.message.id for one in line.take()]


def test_what_is_urgent_goes_first_then_in_order():
    assert taken(proven(a_try(2, "b"), a_try(1, "a"), a_try(3, "c", urgency=0))) == [3, 1, 2]


def test_an_address_gets_one_letter_at_a_time_in_order():
    line = proven(a_try(1, "a"), a_try(2, "a"), a_try(3, "b"))
    assert taken(line) == [1, 3]
    assert taken(line) == []
    line.done(a_try(1, "a"), answered=True)
    assert taken(line) == [2]


def test_a_house_is_tried_with_one_letter_until_it_answered():
    line = queued(a_try(1, "a"), a_try(2, "b"), a_try(3, "robot", channel="chat"))
    assert taken(line) == [1, 3]
    line.done(a_try(1, "a"), answered=False)
    line.add([a_try(4, "c")])
    assert taken(line) == [2]
    line.done(a_try(2, "b"), answered=True)
    assert taken(line) == [4]


def test_no_house_gets_every_place(monkeypatch):
    monkeypatch.setattr(lanes, "PLACES_OF_A_HOUSE", 2)
    line = proven(*(a_try(n, f"{n}") for n in range(1, 5)), a_try(9, "robot", channel="chat"))
    assert taken(line) == [1, 2, 9]


def test_there_are_so_many_places(monkeypatch):
    monkeypatch.setattr(lanes, "PLACES", 3)
    assert taken(proven(*(a_try(n, f"{n}") for n in range(1, 9)))) == [1, 2, 3]


def test_a_channel_may_take_fewer_at_once():
    assert taken(proven(*(a_try(n, f"{n}") for n in range(1, 9)), width=lambda _: 2)) == [1, 2]


def test_tries_can_be_dropped():
    line = queued(a_try(1, "a"), a_try(2, "robot", channel="chat"), a_try(3, "b"))
    assert [one.work.message.id for one in line.drop(lambda one: one.door.channel == "mail")] == [1, 3]
    assert taken(line) == [2]


def test_a_message_can_be_forgotten():
    line = queued(a_try(1, "a"), a_try(1, "robot", channel="chat"), a_try(2, "b"))
    line.forget(1)
    assert taken(line) == [2]


@pytest.mark.parametrize(
    ("address", "house"),
    [
        ("a@example.invalid", "mail"),
        ("wecombot://s3cr3t", "wecombot"),
        ("json://host.example/path?x=1", "json://host.example"),
        ("json://user:secret@Host.example:8080/path", "json://host.example:8080"),
        ("json://localhost/x", "json://localhost"),
    ],
)
def test_a_house_is_what_stands_behind_an_address(address, house):
    assert house_of(Door("mail", address)) == house
