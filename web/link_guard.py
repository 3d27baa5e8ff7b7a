"""Guards before the pages of links: whence a form comes, how large it is, and how often somebody guesses."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from starlette.types import Message, Receive

from web.security import LINKS

MEGABYTE = 1024 * 1024
LARGEST_FORM = 136 * MEGABYTE
"""Bytes of one form with all its photos: nine of 15 MB, as its page says, and the words."""


class Buckets:
    """So many tokens each, refilled over time: in memory, for one process. The least recently used are forgotten."""

    def __init__(
        self, *, size: float, per_minute: float, most: int = 10_000, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._size, self._rate, self._most, self._elapsed = size, per_minute / 60, most, elapsed
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, who: str) -> bool:
        """Whether there was one left."""
        with self._lock:
            at = self._elapsed()
            level, since = self._levels.pop(who, (self._size, at))
            level = min(self._size, level + (at - since) * self._rate)
            self._levels[who] = (max(0.0, level - 1), at)
            if len(self._levels) > self._most:
                self._levels.popitem(last=False)
            return level >= 1


@dataclass(frozen=True)
class Guards:
    """`guesses`: tokens that nobody signed, per address; a valid link works whoever else guesses from there.

    `posts`: forms sent on one link. `calls`: requests of one token of the API.
    """

    guesses: Buckets = field(default_factory=lambda: Buckets(size=30, per_minute=10))
    posts: Buckets = field(default_factory=lambda: Buckets(size=20, per_minute=2))
    calls: Buckets = field(default_factory=lambda: Buckets(size=240, per_minute=1200))


def check_origin(request: Request) -> None:
    """A form must come from one of our own pages. Raises HTTPException 403.

    Pages of links say no-referrer, and then browsers send `Origin: null`. Elsewhere that comes from no page of ours,
    unless the browser says itself that it does.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    unnamed = origin is None or (origin == "null" and (site is not None or request.url.path.startswith(LINKS)))
    ours = unnamed or urlsplit(origin or "").netloc == request.headers.get("host")
    if site not in (None, "same-origin", "none") or not ours:
        raise HTTPException(403)


def limited(request: Request) -> Request:
    """The request, cut off when it turns out larger than it may be. Raises HTTPException 413."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > LARGEST_FORM:
        raise HTTPException(413)
    return Request(request.scope, limited_receive(request.receive, most=LARGEST_FORM))


def limited_receive(receive: Receive, *, most: int) -> Receive:
    """Raises HTTPException 413 once more bytes than that have come."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413)
        return message

    return counted
