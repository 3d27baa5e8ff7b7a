"""How often one address may answer the public form, without keeping any address.

What is counted is a hash, salted with chance that lives in memory and is forgotten with all hashes every day: nobody,
whatever they get hold of, learns who was here. Several telephones share an address, so an address may answer often.
"""

import hashlib
import secrets
from datetime import date
from threading import Lock

from web.link_guard import Buckets

OF_ADDRESS = (40, 4)
OF_SIGN = (200, 30)
"""At once, and then per minute; in one public form whoever sends it, so that a flood from many addresses ends."""


class Pace:
    """The counts of today."""

    def __init__(self) -> None:
        self._lock, self._day = Lock(), date.min

    def take(self, *, address: str, sign: str, today: date) -> bool:
        """Whether this one may go on."""
        with self._lock:
            if today != self._day:
                self._day, self._salt = today, secrets.token_bytes(16)
                self._addresses, self._signs = _buckets(*OF_ADDRESS), _buckets(*OF_SIGN)
        who = hashlib.sha256(self._salt + address.encode()).hexdigest()
        return self._addresses.take(who) and self._signs.take(sign)


def _buckets(size: float, per_minute: float) -> Buckets:
    return Buckets(size=size, per_minute=per_minute)
