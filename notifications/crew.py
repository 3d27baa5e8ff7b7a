"""Threads that make calls. Leaner than a ThreadPoolExecutor, whose futures cost as much as an answer takes to read."""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread


class Crew:
    """Started as they are needed, up to so many; they end with `dismiss`, after what is under way."""

    def __init__(self, work: Callable[..., None], *, most: int) -> None:
        self._work, self._most = work, most
        self._jobs: SimpleQueue[tuple[object, ...] | None] = SimpleQueue()
        self._threads: list[Thread] = []

    def submit(self, *job: object, busy: int) -> None:
        """Hand a job to whoever is free. `busy`: how many jobs are under way, this one included."""
        if len(self._threads) < min(busy, self._most):
            thread = Thread(target=self._serve, name=f"duban sends {len(self._threads) + 1}", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._jobs.put(job)

    def dismiss(self) -> None:
        """Wait until every call has ended."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _serve(self) -> None:
        while job := self._jobs.get():
            self._work(*job)
