"""The evidence store: files under their SHA-256, in a folder that the operator backs up beside the database."""

import hashlib
import os
import tempfile
from pathlib import Path

from models.errors import WrongValue

HEX = frozenset("0123456789abcdef")


def store(folder: Path, data: bytes) -> str:
    """Keep the bytes and return their SHA-256. Once this returns they are on disk, whole; the same bytes lie once."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(folder, sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, data)
    return sha256


def path_of(folder: Path, sha256: str) -> Path:
    """Where a piece lies: `ab/abcd…`. Raises WrongValue for what is no SHA-256, such as a path that leads elsewhere."""
    if len(sha256) != 64 or not HEX.issuperset(sha256):
        raise WrongValue(field="sha256", value=sha256[:80], expected="64 hexadecimal digits")
    return folder / sha256[:2] / sha256


def _write(path: Path, data: bytes) -> None:
    """Under another name first: whoever looks sees the whole file or none."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    for kept in (path.parent, path.parent.parent):
        _sync_folder(kept)


def _sync_folder(folder: Path) -> None:
    """Without this a crash may forget the new name although the bytes are there."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
