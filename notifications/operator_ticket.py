"""The token of the link that opens the operators' page: for one person, for a short while. It opens nothing else.

Signed with the keys of the links in messages, under another name: neither passes for the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

LONGEST = 1000


@dataclass(frozen=True)
class OperatorTicket:
    """Who may look, and until when (UTC)."""

    person: str
    expires_at: datetime


def seal(ticket: OperatorTicket, *, keys: Sequence[str]) -> str:
    """The token, signed with the first key."""
    return str(_signer(keys).dumps([ticket.person, int(ticket.expires_at.timestamp())]))


def unseal(token: str, *, keys: Sequence[str]) -> OperatorTicket | None:
    """The ticket of a token that one of the keys has signed, expired or not; None for anything else."""
    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        person, expires_at = _signer(keys).loads(token)
        return OperatorTicket(str(person), datetime.fromtimestamp(expires_at, UTC))
    except (BadData, TypeError, ValueError, OverflowError):
        return None


def _signer(keys: Sequence[str]) -> URLSafeSerializer:
    """The library wants the key that signs last."""
    options = {"key_derivation": "hmac", "digest_method": sha256}
    return URLSafeSerializer(list(reversed(keys)), salt="duban operators", signer_kwargs=options)
