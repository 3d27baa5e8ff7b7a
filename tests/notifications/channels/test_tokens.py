import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.message import Outcome
from notifications.channels.base import Sent
from notifications.channels.tokens import NoToken, Token, Tokens


class Giver:
    """Gives numbered tokens; waits before the first until it is let go."""

    def __init__(self, seconds: float = 7200) -> None:
        self.calls, self.seconds = 0, seconds
        self.free = threading.Event()
        self.free.set()
        self.fails = False

    def __call__(self) -> Token:
        self.calls += 1
        number = self.calls
        self.free.wait(5)
        if self.fails:
            raise NoToken(Sent(Outcome.REFUSED, code="token"))
        return Token(f"t{number}", self.seconds)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tokens(clock):
    return Tokens(clock)


def test_a_token_is_kept_until_five_minutes_before_its_end(tokens, clock):
    give = Giver()
    assert tokens.get("a", fetch=give) == "t1"
    clock.now += 7200 - 301
    assert tokens.get("a", fetch=give) == "t1"
    clock.now += 2
    assert tokens.get("a", fetch=give) == "t2"


def test_a_token_that_lives_shortly_is_kept_for_half_its_life(tokens, clock):
    give = Giver(seconds=60)
    tokens.get("a", fetch=give)
    clock.now += 29
    assert tokens.get("a", fetch=give) == "t1"
    clock.now += 2
    assert tokens.get("a", fetch=give) == "t2"


def test_each_has_its_own(tokens):
    give = Giver()
    assert [tokens.get(key, fetch=give) for key in ("a", "b", "a")] == ["t1", "t2", "t1"]


def test_a_forgotten_token_is_fetched_again_but_a_newer_one_stays(tokens):
    give = Giver()
    tokens.get("a", fetch=give)
    tokens.forget("a", text="t1")
    assert tokens.get("a", fetch=give) == "t2"
    tokens.forget("a", text="t1")
    assert tokens.get("a", fetch=give) == "t2"


def test_twenty_threads_fetch_one_token(tokens):
    give = Giver()
    give.free.clear()
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(tokens.get, "a", fetch=give) for _ in range(20)]
        give.free.set()
        assert {one.result() for one in asked} == {"t1"}
    assert give.calls == 1


def test_who_waited_shares_a_failure_and_who_comes_later_asks_again(tokens):
    give, waiting = Giver(), threading.Barrier(9)
    give.free.clear()
    give.fails = True

    def ask():
        waiting.wait(5)
        with pytest.raises(NoToken):
            tokens.get("a", fetch=give)

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask) for _ in range(8)]
        waiting.wait(5)
        threading.Timer(0.2, give.free.set).start()
        for one in asked:
            one.result()
    assert give.calls <= 2
    give.fails = False
    assert tokens.get("a", fetch=give).startswith("t")


def test_a_token_is_not_shown():
    assert "very-secret" not in repr(Token("very-secret", 1))
