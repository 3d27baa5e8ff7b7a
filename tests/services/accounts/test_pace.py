"""Guessing takes for ever, and locks nobody out for good."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.account import LoginPace
from services.accounts import pace
from services.accounts.pace import LIMITS, MINUTE, key_of, network, take
from tests.services.accounts.door import NOW

KEY = key_of("name", "r00006")


def tries(sessions, n: int, *, now=NOW, key=KEY) -> list[timedelta]:
    return [take(sessions, [key], now=now) for _ in range(n)]


def test_the_first_five_are_free_and_the_sixth_waits(city: Session, sessions) -> None:
    assert tries(sessions, 6) == [*[timedelta()] * 5, MINUTE / 2]


def test_the_wait_doubles_with_each_failure(city: Session, sessions) -> None:
    tries(sessions, 5)
    now, waits = NOW, []
    for _ in range(4):
        waits.append(take(sessions, [KEY], now=now))
        now += waits[-1]
        assert take(sessions, [KEY], now=now) == timedelta()
    assert waits == [MINUTE / 2, MINUTE, 2 * MINUTE, 4 * MINUTE]


def test_the_wait_is_never_longer_than_a_quarter_of_an_hour(city: Session, sessions) -> None:
    now = NOW
    for _ in range(40):
        now += take(sessions, [KEY], now=now)
        take(sessions, [KEY], now=now)
    assert take(sessions, [KEY], now=now) <= LIMITS["name"].longest


def test_trying_while_one_waits_makes_the_wait_no_longer(city: Session, sessions) -> None:
    tries(sessions, 100)
    assert take(sessions, [KEY], now=NOW + MINUTE / 2) == timedelta()


def test_a_day_without_failures_is_forgotten(city: Session, sessions) -> None:
    tries(sessions, 5)
    later = NOW + timedelta(days=1, minutes=1)
    assert tries(sessions, 5, now=later) == [timedelta()] * 5


def test_another_name_is_not_held_up(city: Session, sessions) -> None:
    tries(sessions, 6)
    assert take(sessions, [key_of("name", "r00007")], now=NOW) == timedelta()


def test_getting_in_begins_anew(city: Session, sessions) -> None:
    tries(sessions, 4)
    pace.forgive(city, [KEY])
    city.commit()
    assert tries(sessions, 5) == [timedelta()] * 5


def test_getting_in_takes_one_from_the_address_that_others_share(city: Session, sessions) -> None:
    key = key_of("address", "198.51.100.7")
    tries(sessions, 3, key=key)
    pace.forgive(city, [key])
    city.commit()
    assert city.exec(select(LoginPace.failures).where(LoginPace.key == key)).one() == 2


def test_many_at_once_count_as_many(city: Session, sessions) -> None:
    with ThreadPoolExecutor(12) as threads:
        waits = list(threads.map(lambda _: take(sessions, [key_of("address", "a"), KEY], now=NOW), range(24)))
    assert waits.count(timedelta()) == 5


def test_what_was_typed_is_not_kept() -> None:
    assert "secret" not in key_of("name", "my secret password")


def test_what_is_older_than_any_limit_is_swept_up(city: Session, sessions) -> None:
    tries(sessions, 1)
    pace.prune(city, now=NOW + timedelta(days=3))
    assert city.exec(select(LoginPace)).all() == []


@pytest.mark.parametrize(
    ("address", "counted"),
    [("198.51.100.7", "198.51.100.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("testclient", "testclient")],
)
def test_a_customers_whole_network_counts_as_one(address: str, counted: str) -> None:
    assert network(address) == counted
