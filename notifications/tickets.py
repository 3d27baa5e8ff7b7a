"""Tokens of links: a ticket, signed. Nobody without a key can make one or change one; anybody who holds one may use it.

A token says nothing to its reader that the message did not say. That it is used once: services/following.py.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from models.link import Purpose, Ticket

LONGEST = 8000
"""Characters. More than any that we make: what is longer is not even looked at."""
END = "e"
"""A letter: mail and chat programs take `-` or `_` at the end of an address for a sign that is not part of it."""


def seal(ticket: Ticket, *, keys: Sequence[str]) -> str:
    """The token of a ticket, signed with the first key. Letters, digits, `-`, `_`, `.`, and at the end a letter."""
    content = [
        *(ticket.purpose.value, ticket.issue_id, ticket.person, ticket.lang, ticket.cycle, ticket.rework),
        *(ticket.post, ticket.nonce, int(ticket.expires_at.timestamp())),
    ]
    return _text(_signer(keys, "link").dumps(content)) + END


def unseal(token: str, *, keys: Sequence[str]) -> Ticket | None:
    """The ticket of a token that one of the keys has signed, expired or not; None for anything else."""
    if not token.endswith(END):
        return None
    content = _content(token.removesuffix(END), keys, "link")
    try:
        purpose, issue_id, person, lang, cycle, rework, post, nonce, expires_at = content
        expires = datetime.fromtimestamp(expires_at, UTC)
        return Ticket(Purpose(purpose), issue_id, person, lang, cycle, rework, post, nonce, expires)
    except (TypeError, ValueError, OverflowError):  # signed by another version of us
        return None


def seal_form(content: Any, *, ticket: Ticket, keys: Sequence[str]) -> str:
    """What a page of this link hands back to us unchanged, such as the names of photos that were taken in."""
    return _text(_signer(keys, f"form {ticket.nonce}").dumps(content))


def unseal_form(text: str, *, ticket: Ticket, keys: Sequence[str]) -> Any:
    """What a page of this very link was given; None for anything else."""
    return _content(text, keys, f"form {ticket.nonce}")


def _content(text: str, keys: Sequence[str], what: str) -> Any:
    if len(text) > LONGEST or not text.isascii():
        return None
    try:
        return _signer(keys, what).loads(text)
    except BadData:
        return None


def _signer(keys: Sequence[str], what: str) -> URLSafeSerializer:
    """The library wants the key that signs last."""
    options = {"key_derivation": "hmac", "digest_method": sha256}
    return URLSafeSerializer(list(reversed(keys)), salt=f"duban {what}", signer_kwargs=options)


def _text(sealed: str | bytes) -> str:
    return sealed if isinstance(sealed, str) else sealed.decode("ascii")
