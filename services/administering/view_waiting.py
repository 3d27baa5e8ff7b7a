"""Packs that somebody has uploaded and not confirmed yet: kept for a day, for that person alone."""

import hashlib
import re
from datetime import datetime, timedelta
from pathlib import Path

from models.errors import NotFound, NotStored

LASTS = timedelta(days=1)
_NAME = re.compile(r"[0-9a-f]{64}\.(zip|csv|xlsx)", re.ASCII)


def keep(folder: Path, data: bytes, *, suffix: str, by: str, now: datetime) -> str:
    """Keep what was uploaded; returns the name that `path_of` knows. What has waited too long goes.

    Raises NotStored where the folder cannot be written to.
    """
    name = f"{hashlib.sha256(by.encode() + b'/' + data).hexdigest()}.{suffix}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _clear(folder, now - LASTS)
        part = folder / f".{name}.part"
        part.write_bytes(data)
        part.replace(folder / name)
    except OSError as error:
        raise NotStored(folder=folder, why=error.strerror or str(error)) from error
    return name


def path_of(folder: Path, name: str, *, by: str) -> Path:
    """Where it lies. Raises NotFound for what is not there any more, or was somebody else's."""
    path = folder / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound(what="upload", code=name[:80])
    if hashlib.sha256(by.encode() + b"/" + path.read_bytes()).hexdigest() != path.stem:
        raise NotFound(what="upload", code=name)
    return path


def _clear(folder: Path, before: datetime) -> None:
    for path in folder.iterdir():
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
