"""The keys that links in messages are signed with: given as DUBAN_SECRET, or made once and kept in the data folder.
Beside them those that secrets of accounts are encrypted with: a change of the former leaves the latter alone.

One key a line, the newest first: that one signs. The others are still believed, so after a change of keys a link that
was sent before works until it expires. Whoever has a key can act as anybody: the file is the owner's alone (0600).
"""

import os
import secrets
import tempfile
from pathlib import Path

from runtime.errors import BadSettings
from runtime.settings import SHORTEST_SECRET, Settings

FILE = "link-keys"
ACCOUNTS = "account-keys"
KEPT = 2
"""The one that signs, and the one before it: links live for days, keys for months."""


def link_keys(settings: Settings) -> tuple[str, ...]:
    """The keys, newest first; makes the first one where there is none. Raises BadSettings for a file of no use."""
    return _keys(settings, FILE)


def account_keys(settings: Settings) -> tuple[str, ...]:
    """What second factors are encrypted with, newest first. Losing it means that they are set up anew."""
    return _keys(settings, ACCOUNTS)


def _keys(settings: Settings, file: str) -> tuple[str, ...]:
    if settings.secret is not None:
        return tuple(settings.secret.get_secret_value().split())
    path = settings.home / file
    if not path.exists():
        _put(path, secrets.token_urlsafe(32), replace=False)
    return _read(path)


def change_key(settings: Settings, *, believed: int = KEPT) -> None:
    """Sign with a new key from now on; so many keys in all are believed, one: no link that was sent before works.

    Raises BadSettings where keys are given.
    """
    if settings.secret is not None:
        raise BadSettings(problems="DUBAN_SECRET is given: put the new key before the old one there")
    old = link_keys(settings)
    _put(settings.home / FILE, "\n".join([secrets.token_urlsafe(32), *old][:believed]), replace=True)


def _read(path: Path) -> tuple[str, ...]:
    try:
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        keys = tuple(path.read_text().split())
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(problems=f"{path}: cannot be read: {type(error).__name__}") from None
    if not keys or min(map(len, keys)) < SHORTEST_SECRET:
        raise BadSettings(problems=f"{path}: expected keys of {SHORTEST_SECRET} characters or more, one a line")
    return keys


def _put(path: Path, text: str, *, replace: bool) -> None:
    """Whole or not at all; of several processes that make the first key at once, one wins and all use it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{FILE}-")  # made with mode 0600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(f"{text}\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path) if replace else _link(temporary, path)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise BadSettings(problems=f"{path}: cannot be written: {error.strerror}") from None


def _link(temporary: str, path: Path) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
