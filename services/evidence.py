"""The evidence store: files under their SHA-256, in a folder that the operator backs up beside the database.

A file lies there before its row is committed, so a process that dies in between leaves a file that no row names, never
a row without its file. `sweep_up` takes such files away.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from models.errors import NotStored, WrongValue

HEX = frozenset("0123456789abcdef")
UNFINISHED, LOCK = ".new-", ".lock"
UNFINISHED_FOR = timedelta(days=1)
UNNAMED_FOR = timedelta(days=30)
"""So long a file may wait for its row: also for one that comes back with a newer backup of the database."""
PAGE = 1000


@dataclass(frozen=True)
class Swept:
    """What was taken away: bytes that never got their name, and whole files that no row names."""

    unfinished: int
    unnamed: int


def store(folder: Path, data: bytes) -> str:
    """Keep the bytes and return their SHA-256. Once this returns they are on disk, whole; the same bytes lie once.

    Raises NotStored when the disk is full or the folder cannot be written to.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        _keep(folder, path_of(folder, sha256), data)
    except OSError as error:
        raise NotStored(folder=folder, why=error.strerror or error) from error
    return sha256


def _keep(folder: Path, path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(folder, fcntl.LOCK_SH):
        if not _renew(path):
            _write(path, data)
    for kept in (path.parent, folder):  # also for a file that is there: who wrote it may have died before this
        _sync_folder(kept)


def path_of(folder: Path, sha256: str) -> Path:
    """Where a piece lies: `ab/abcd…`. Raises WrongValue for what is no SHA-256, such as a path that leads elsewhere."""
    if len(sha256) != 64 or not HEX.issuperset(sha256):
        raise WrongValue(field="sha256", value=sha256[:80], expected="64 hexadecimal digits")
    return folder / sha256[:2] / sha256


def _write(path: Path, data: bytes) -> None:
    """Under another name first: whoever looks sees the whole file or none."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _renew(path: Path) -> bool:
    """Whether it is there; if so it counts as new, for its row is still to come. What it says of itself stays."""
    try:
        known = path.stat()
        os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    """Shared by those who store, alone for the one who sweeps."""
    with (folder / LOCK).open("ab") as file:
        fcntl.flock(file, how)
        yield


def _sync_folder(folder: Path) -> None:
    """Without this a crash may forget the new name although the bytes are there."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep_up(session: Session, folder: Path, *, at: datetime) -> Swept:
    """Delete what processes that died have left here: files without a row, and unfinished ones. Reads the rows only.

    `at` is the machine's time, for it is compared with what the file system says of a file's last change; a demo
    city's clock must not make files old.
    """
    unfinished = [path for path in folder.glob(f"*/{UNFINISHED}*") if _is_older(path, at - UNFINISHED_FOR)]
    for path in unfinished:
        path.unlink(missing_ok=True)
    old = (path for path in folder.glob("[0-9a-f][0-9a-f]/*") if _is_older(path, at - UNNAMED_FOR))
    unnamed = 0
    while page := list(islice((path for path in old if _is_ours(path)), PAGE)):
        unnamed += sum(_take_away(path, folder, at) for path in _without_row(session, page))
    return Swept(len(unfinished), unnamed)


def _is_ours(path: Path) -> bool:
    return len(path.name) == 64 and HEX.issuperset(path.name)


def _is_older(path: Path, than: datetime) -> bool:
    """By the time of the last change of any kind: a file restored from a backup counts from then."""
    try:
        return path.stat().st_ctime < than.timestamp()
    except FileNotFoundError:
        return False


def _without_row(session: Session, paths: Sequence[Path]) -> list[Path]:
    query = text(
        "SELECT sha256 FROM evidence WHERE sha256 = ANY(:names)"
        " UNION SELECT photo FROM observation WHERE photo = ANY(:names)"
    )
    rows = session.connection().execute(query, {"names": [path.name for path in paths]})
    named = {name for (name,) in rows}
    return [path for path in paths if path.name not in named]


def _take_away(path: Path, folder: Path, at: datetime) -> bool:
    """Unless somebody has stored the same bytes again in the meantime."""
    with _locked(folder, fcntl.LOCK_EX):
        gone = _is_older(path, at - UNNAMED_FOR)
        if gone:
            path.unlink(missing_ok=True)
    return gone
