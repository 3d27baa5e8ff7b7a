"""Access tokens that are valid for a while: kept for all threads of the process, fetched by one of them at a time."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock

from notifications.channels.base import Sent

MARGIN_SECONDS = 300.0
"""How long before its end a token is renewed, so that it does not end on the way."""


@dataclass(frozen=True)
class Token:
    """A token and the seconds for which it is valid from now."""

    text: str = field(repr=False)
    seconds: float


class NoToken(Exception):
    """None was given. `sent` says what that means for a letter: it has not left."""

    def __init__(self, sent: Sent) -> None:
        super().__init__(sent.code)
        self.sent = sent


@dataclass
class _Slot:
    lock: Lock = field(default_factory=Lock)
    text: str = ""
    until: float = 0.0
    fetched: int = 0
    failure: NoToken | None = None


class Tokens:
    """Tokens by whose they are. Who waits while another thread fetches shares what that one gets, failures too."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._slots: dict[Hashable, _Slot] = {}
        self._lock, self._clock = Lock(), clock

    def get(self, key: Hashable, *, fetch: Callable[[], Token]) -> str:
        """The kept token, or a new one. `fetch` may raise NoToken."""
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
            fetched = slot.fetched
        with slot.lock:
            if slot.text and self._clock() < slot.until:
                return slot.text
            if slot.fetched != fetched and slot.failure:
                raise NoToken(slot.failure.sent)
            return self._fetch(slot, fetch)

    def forget(self, key: Hashable, *, text: str) -> None:
        """The provider does not take this token any more; a newer one stays."""
        with self._lock:
            slot = self._slots.setdefault(key, _Slot())
        with slot.lock:
            if slot.text == text:
                slot.text = ""

    def _fetch(self, slot: _Slot, fetch: Callable[[], Token]) -> str:
        slot.text, slot.failure = "", None
        try:
            token = fetch()
        except NoToken as error:
            slot.failure = error
            raise
        finally:
            slot.fetched += 1
        slot.text = token.text
        slot.until = self._clock() + token.seconds - min(MARGIN_SECONDS, token.seconds / 2)
        return slot.text
