"""Signatures of what we send to programs, as the Standard Webhooks specification 1.0 has them.

`webhook-signature: v1,BASE64` is the HMAC-SHA256 of "ID.TIMESTAMP.BODY"; several with a space between them while a
secret is being changed. examples/hook_receiver.py checks them. Source: standardwebhooks.com, "Signature scheme".
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Sequence
from hashlib import sha256

PREFIX = "whsec_"
"""Secrets that begin so hold their bytes as base64; any other is taken as it is written."""


def new_secret() -> str:
    """A secret of 32 random bytes."""
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


def signed_headers(body: bytes, *, key: str, secrets_: Sequence[str], at: int) -> dict[str, str]:
    """The three headers. `key` is the same each time the same is told; `at` is in seconds since 1970, real time."""
    named = key.encode("ascii", "backslashreplace").decode()
    signed = f"{named}.{at}.".encode() + body
    signatures = (hmac.new(_bytes(secret), signed, sha256).digest() for secret in secrets_)
    return {
        "webhook-id": named,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{b64encode(one).decode()}" for one in signatures),
    }


def _bytes(secret: str) -> bytes:
    if secret.startswith(PREFIX):
        try:
            return b64decode(secret.removeprefix(PREFIX), validate=True)
        except Error:
            pass
    return secret.encode()
