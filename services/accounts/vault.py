"""Secrets that must be read again, encrypted at rest: with a key of their own, derived from the installation's."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE = b"duban second factor"


class Vault:
    """Locks with the newest key, opens with any of them. What is locked for one purpose opens for no other."""

    def __init__(self, keys: Sequence[str], *, purpose: bytes = PURPOSE) -> None:
        self._keys = MultiFernet([Fernet(_derived(key, purpose)) for key in keys])

    def lock(self, secret: str) -> str:
        """The secret as it may be kept."""
        return self._keys.encrypt(secret.encode()).decode()

    def open(self, locked: str) -> str | None:
        """The secret; None where it was locked with a key that is no longer there."""
        try:
            return self._keys.decrypt(locked.encode()).decode()
        except InvalidToken:
            return None

    def renewed(self, locked: str) -> str:
        """The same secret, locked with the newest key. It must open."""
        return self._keys.rotate(locked.encode()).decode()


def _derived(key: str, purpose: bytes) -> bytes:
    return urlsafe_b64encode(HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode()))
