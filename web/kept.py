"""Answers that hold for a minute are worked out once for all who look, not for each of them."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from fastapi import Request

T = TypeVar("T")
LASTS = 60.0
"""Seconds."""
MOST = 500


class Kept:
    """Answers by what was asked, in memory, for one process. The oldest are forgotten."""

    def __init__(self, *, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._answers: OrderedDict[object, tuple[float, object]] = OrderedDict()
        self._lock = Lock()

    def get(self, asked: object, answer: Callable[[], T]) -> T:
        """The answer kept under what was asked, or else a new one."""
        with self._lock:
            at, kept = self._answers.get(asked, (float("-inf"), None))
        if self._elapsed() - at < LASTS:
            return kept  # type: ignore[return-value]
        found = answer()
        with self._lock:
            self._answers[asked] = (self._elapsed(), found)
            self._answers.move_to_end(asked)
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)
        return found


def kept(request: Request) -> Kept:
    """The one of the application."""
    found: Kept = request.app.state.kept
    return found
