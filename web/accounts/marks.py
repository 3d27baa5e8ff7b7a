"""A browser from which somebody has logged in before carries a mark: whoever guesses elsewhere does not lock it out."""

import secrets
from collections.abc import Sequence
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

COOKIE = "duban_device"
LASTS = 365 * 24 * 3600
"""Seconds."""
MOST = 5
"""People who share a browser."""
LONGEST = 4000


def mark_of(cookie: str, name: str, *, keys: Sequence[str]) -> str:
    """The mark of this browser for a name, if somebody has logged in here with it before; empty otherwise."""
    return _marks(cookie, keys).get(_short(name), "")


def marked(cookie: str, name: str, *, keys: Sequence[str]) -> str:
    """The cookie once somebody has logged in with this name; the earliest of too many is forgotten."""
    marks = _marks(cookie, keys)
    marks.setdefault(_short(name), secrets.token_urlsafe(12))
    return str(_signer(keys).dumps(dict(list(marks.items())[-MOST:])))


def _marks(cookie: str, keys: Sequence[str]) -> dict[str, str]:
    if not cookie or len(cookie) > LONGEST or not cookie.isascii():
        return {}
    try:
        found = _signer(keys).loads(cookie)
    except BadData:
        return {}
    return {str(name): str(mark) for name, mark in found.items()} if isinstance(found, dict) else {}


def _short(name: str) -> str:
    """A name as the cookie holds it: nothing that one could read."""
    return sha256(name.casefold().encode()).hexdigest()[:16]


def _signer(keys: Sequence[str]) -> URLSafeSerializer:
    """The library wants the key that signs last."""
    options = {"key_derivation": "hmac", "digest_method": sha256}
    return URLSafeSerializer(list(reversed(keys)), salt="duban devices", signer_kwargs=options)
