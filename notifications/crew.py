"""Threads that make calls. Leaner than a ThreadPoolExecutor, whose futures cost as much as an answer takes to read."""

import time
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread, current_thread

HANDS = 4
"""Threads that are at work at the same time: Python runs one of them at once, and more only push each other aside."""
AWAY = 0.01
"""Real seconds after which a thread that makes a call waits for somebody else, and others take its place."""


class Crew:
    """Few, as long as servers answer at once; more as threads wait for slow ones, up to so many."""

    def __init__(self, work: Callable[..., None], *, most: int) -> None:
        self._work, self._most = work, most
        self._jobs: SimpleQueue[tuple[object, ...] | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._since: dict[Thread, float] = {}

    @property
    def short(self) -> bool:
        """Whether jobs wait for a thread."""
        return not self._jobs.empty()

    def submit(self, *job: object) -> None:
        """Hand a job to whoever is free."""
        self._jobs.put(job)

    def hire(self) -> None:
        """Start threads where jobs wait: twice as many as are away, so that all soon have one."""
        if self.short:
            long_ago = time.monotonic() - AWAY
            away = sum(since < long_ago for since in tuple(self._since.values()))
            self._start(min(HANDS + 2 * away, len(self._threads) + self._jobs.qsize()))

    def dismiss(self) -> None:
        """Wait until every call has ended; those that have not begun are made by as many threads as it takes."""
        self._start(len(self._threads) + self._jobs.qsize())
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _start(self, count: int) -> None:
        while len(self._threads) < min(count, self._most):
            thread = Thread(target=self._serve, name=f"duban sends {len(self._threads) + 1}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self) -> None:
        me = current_thread()
        while job := self._jobs.get():
            self._since[me] = time.monotonic()
            self._work(*job)
            self._since.pop(me)
