"""The parts of a file on its way in: one growing file each, written by one request at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import FileIO
from pathlib import Path

from models.errors import NotStored

ENDING = ".part"


class Busy(Exception):
    """Another request is writing to it at this moment."""


class WrongOffset(Exception):
    """What is sent does not begin where what is there ends. `offset`: where that is."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__(offset)


class TooMuch(Exception):
    """More is sent than was announced."""


@dataclass
class Part:
    """An open file that grows."""

    file: FileIO
    offset: int
    size: int

    def write(self, data: bytes) -> None:
        """Add bytes. Raises TooMuch, NotStored."""
        if self.offset + len(data) > self.size:
            raise TooMuch
        left = memoryview(data)
        try:
            while left:
                written = self.file.write(left)
                self.offset += written
                left = left[written:]
        except OSError as error:
            raise NotStored(folder=self.file.name, why=error.strerror or error) from error

    @property
    def is_whole(self) -> bool:
        """Whether everything has come."""
        return self.offset >= self.size


def offset(folder: Path, key: str) -> int:
    """How much has come."""
    try:
        return _path(folder, key).stat().st_size
    except FileNotFoundError:
        return 0


@contextmanager
def open_part(folder: Path, key: str, *, offset: int, size: int) -> Iterator[Part]:
    """The file, at its end. What was written is on the disk afterwards, whatever happened. Raises Busy, WrongOffset.

    `key` holds letters, digits, - and _ alone (services/uploads.py has checked it).
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = _path(folder, key).open("a+b", buffering=0)
    except OSError as error:
        raise NotStored(folder=folder, why=error.strerror or error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        there = os.fstat(file.fileno()).st_size
        if there != offset:
            raise WrongOffset(there)
        try:
            yield Part(file, there, size)
        finally:
            os.fsync(file.fileno())


def drop(folder: Path, key: str) -> None:
    """Delete it; it may be gone already."""
    _path(folder, key).unlink(missing_ok=True)


def forget(folder: Path, *, before: datetime) -> None:
    """Delete those that nothing was added to since."""
    for path in folder.glob(f"*{ENDING}"):
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)


def _path(folder: Path, key: str) -> Path:
    return folder / f"{key}{ENDING}"
