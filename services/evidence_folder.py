"""Evidence in a folder of this machine (or one that several share), which the operator backs up beside the database."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from models.errors import WrongValue

HEX = frozenset("0123456789abcdef")
UNFINISHED, LOCK = ".new-", ".lock"
BLOCK = 1024 * 1024


def check_name(sha256: str) -> str:
    """The name itself. Raises WrongValue for what is no SHA-256, such as a path that leads elsewhere."""
    if not is_name(sha256):
        raise WrongValue(field="sha256", value=sha256[:80], expected="64 hexadecimal digits")
    return sha256


def is_name(sha256: str) -> bool:
    """Whether it can be a SHA-256."""
    return len(sha256) == 64 and HEX.issuperset(sha256)


def path_of(folder: Path, sha256: str) -> Path:
    """Where a piece lies: `ab/abcd…`. Raises WrongValue for what is no SHA-256."""
    check_name(sha256)
    return folder / sha256[:2] / sha256


@dataclass(frozen=True)
class Folder:
    """The store in a folder."""

    folder: Path

    def keep(self, sha256: str, file: BinaryIO) -> None:
        """Once this returns the bytes are on the disk, whole, under their name."""
        path = path_of(self.folder, sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._locked(fcntl.LOCK_SH):
            if not _renew(path):
                _write(path, file)
        for kept in (path.parent, self.folder):  # also for a file that is there: who wrote it may have died before this
            _sync_folder(kept)

    def read(self, sha256: str) -> bytes:
        """The bytes. Raises FileNotFoundError."""
        return path_of(self.folder, sha256).read_bytes()

    def part(self, sha256: str, start: int, end: int) -> bytes:
        """Some of the bytes. Raises FileNotFoundError."""
        with path_of(self.folder, sha256).open("rb") as file:
            file.seek(start)
            return file.read(end - start)

    def stamp(self, sha256: str) -> tuple[int, object]:
        """How large it is, and what changes when it is written to. Raises FileNotFoundError."""
        known = path_of(self.folder, sha256).stat()
        return known.st_size, (known.st_mtime_ns, known.st_ctime_ns)

    def drop_unfinished(self, *, before: datetime) -> int:
        """Delete bytes that never got their name."""
        unfinished = [path for path in self.folder.glob(f"*/{UNFINISHED}*") if _is_older(path, before)]
        for path in unfinished:
            path.unlink(missing_ok=True)
        return len(unfinished)

    def old(self, *, before: datetime) -> Iterator[str]:
        """The names of files that have not changed since."""
        paths = (path for path in self.folder.glob("[0-9a-f][0-9a-f]/*") if is_name(path.name))
        return (path.name for path in paths if _is_older(path, before))

    def take_away(self, sha256: str, *, before: datetime) -> bool:
        """Delete a file, unless somebody has stored the same bytes again in the meantime."""
        path = path_of(self.folder, sha256)
        with self._locked(fcntl.LOCK_EX):
            gone = _is_older(path, before)
            if gone:
                path.unlink(missing_ok=True)
        return gone

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        """Shared by those who store, alone for the one who sweeps."""
        with (self.folder / LOCK).open("ab") as file:
            fcntl.flock(file, how)
            yield


def _write(path: Path, source: BinaryIO) -> None:
    """Under another name first: whoever looks sees the whole file or none."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(source, file, BLOCK)
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


def _sync_folder(folder: Path) -> None:
    """Without this a crash may forget the new name although the bytes are there."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_older(path: Path, than: datetime) -> bool:
    """By the time of the last change of any kind: a file restored from a backup counts from then."""
    try:
        return path.stat().st_ctime < than.timestamp()
    except FileNotFoundError:
        return False
