"""Threads that make calls: few for servers that answer at once, as many as it takes for slow ones."""

import time
from threading import Barrier, Event, Lock

import pytest

from notifications import crew
from notifications.crew import HANDS, Crew

JOBS = 24


class Server:
    """Keeps every caller until it is told to answer; counts them."""

    def __init__(self) -> None:
        self.answer, self.callers, self.answered = Event(), 0, 0
        self._lock = Lock()

    def call(self, *_: object) -> None:
        with self._lock:
            self.callers += 1
        self.answer.wait(30)
        with self._lock:
            self.answered += 1


@pytest.fixture
def server():
    server = Server()
    yield server
    server.answer.set()


def comes_true(fact) -> bool:
    until = time.monotonic() + 20
    while not fact() and time.monotonic() < until:
        time.sleep(0.002)
    return bool(fact())


def busy(server, *, jobs: int, most: int = 96) -> Crew:
    made = Crew(server.call, most=most)
    for _ in range(jobs):
        made.submit("job")
    return made


def test_for_one_job_there_is_one_thread(server):
    threads = busy(server, jobs=1)
    threads.hire()
    assert comes_true(lambda: server.callers == 1)
    assert len(threads._threads) == 1


def test_servers_that_answer_soon_are_called_by_few(server, monkeypatch):
    monkeypatch.setattr(crew, "AWAY", 3600.0)
    threads = busy(server, jobs=JOBS)
    for _ in range(3):
        threads.hire()
    assert comes_true(lambda: server.callers == HANDS)
    assert (len(threads._threads), threads.short) == (HANDS, True)


def test_slow_servers_are_all_called_in_the_end(server):
    threads = busy(server, jobs=JOBS)

    def all_are() -> bool:
        threads.hire()
        return server.callers == JOBS

    assert comes_true(all_are)
    assert not threads.short


def test_there_are_never_more_than_so_many(server, monkeypatch):
    monkeypatch.setattr(crew, "AWAY", -1.0)
    threads = busy(server, jobs=JOBS, most=7)
    for _ in range(5):
        threads.hire()
        assert comes_true(lambda: server.callers == len(threads._threads))
    assert len(threads._threads) == 7


def test_who_is_back_is_not_away(server, monkeypatch):
    monkeypatch.setattr(crew, "AWAY", -1.0)
    server.answer.set()
    threads = busy(server, jobs=JOBS)
    threads.hire()
    assert comes_true(lambda: server.answered == JOBS)
    assert comes_true(lambda: not threads._since)


def test_at_the_end_all_that_was_begun_is_called_at_once():
    """Nobody waits for somebody else's slow server, or the end would be long in coming."""
    all_here = Barrier(JOBS)
    threads = Crew(lambda *_: all_here.wait(20), most=96)
    for _ in range(JOBS):
        threads.submit("job")
    threads.dismiss()
    assert (all_here.broken, threads.short) == (False, False)
