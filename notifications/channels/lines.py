"""Kept connections to one mail server, lent to one thread at a time.

How many a server takes is learned: when a further connection does not get through while others do, letters wait for one
of those, and only after a minute one more is asked for.
"""

import smtplib
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition

from models.message import Outcome
from notifications.channels.base import Sent

GATEWAY = "gateway"
"""The code of a refusal that is about the mail server, not about the letter."""
KEEP_SECONDS = 30.0
"""Real seconds for which an unused connection is kept."""
ASK_AGAIN_SECONDS = 60.0


@dataclass
class Line:
    """One connection, or the right to make one."""

    server: smtplib.SMTP | None = None
    unused_since: float = 0.0

    def drop(self) -> None:
        """Hang up without a word."""
        if self.server is not None:
            self.server.close()
        self.server = None

    def forget(self) -> None:
        """Ask the server to forget the letter that was begun."""
        try:
            assert self.server is not None
            self.server.rset()
        except (OSError, smtplib.SMTPException):
            self.drop()


class Lines:
    """At most so many at once."""

    def __init__(self, *, most: int) -> None:
        self._most, self._taken_by_server = most, most
        self._ask_again = 0.0
        self._unused: list[Line] = []
        self._open = 0
        self._failures, self._last_failure = 0, Sent(Outcome.REFUSED, GATEWAY)
        self._free = Condition()

    @property
    def most(self) -> int:
        """How many may be open now."""
        return self._most if time.monotonic() > self._ask_again else self._taken_by_server

    def use(self, work: Callable[[Line], Sent]) -> Sent:
        """Do this with a line, waiting for one if need be.

        When a new connection does not get through, wait for one that did; with none, that is the outcome, also for
        those who waited: a dead server must not be tried by one after the other.
        """
        failures = self._failures
        while True:
            line = self._take(failures)
            if line is None:
                return self._last_failure
            new = line.server is None
            try:
                sent = work(line)
            finally:
                others = self._give_back(line)
            failed = new and (sent.outcome, sent.code) == (Outcome.REFUSED, GATEWAY)
            if not failed or not self._note_failure(sent, others):
                return sent

    def close(self) -> None:
        """Say goodbye on every line that nobody uses."""
        with self._free:
            unused, self._unused = self._unused, []
            self._open -= len(unused)
        for line in unused:
            with suppress(OSError, smtplib.SMTPException):
                assert line.server is not None
                line.server.quit()
            line.drop()

    def _take(self, failures: int) -> Line | None:
        """The line that was used last; else a new one; else wait. None when the server proved dead meanwhile."""
        with self._free:
            while self._failures == failures:
                if self._unused:
                    return self._unused.pop()
                if self._open < self.most:
                    self._open += 1
                    return Line()
                self._free.wait()
            return None

    def _give_back(self, line: Line) -> int:
        """Returns how many are open."""
        now = time.monotonic()
        with self._free:
            if line.server is None:
                self._open -= 1
            else:
                line.unused_since = now
                self._unused.append(line)
            while self._unused and self._unused[0].unused_since < now - KEEP_SECONDS:
                self._unused.pop(0).drop()
                self._open -= 1
            self._free.notify()
            return self._open

    def _note_failure(self, sent: Sent, others: int) -> bool:
        """Whether to wait for another line."""
        with self._free:
            if others:
                self._taken_by_server, self._ask_again = others, time.monotonic() + ASK_AGAIN_SECONDS
                return True
            self._failures, self._last_failure = self._failures + 1, sent
            self._free.notify_all()
            return False
