"""The evidence store: files under their SHA-256, in a folder or in S3-compatible storage, never in the database.

A file lies there before its row is committed, so a process that dies in between leaves a file that no row names, never
a row without its file. `sweep_up` takes such files away.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr
from sqlalchemy import text
from sqlmodel import Session

from models.errors import DubanError, NotFound, NotReadable, NotStored
from services.evidence_bucket import bucket
from services.evidence_folder import Folder, path_of

__all__ = ["path_of"]
Place = Path | SecretStr
"""Where evidence lies: a folder, or the address of a bucket, which holds its keys."""
UNFINISHED_FOR = timedelta(days=1)
UNNAMED_FOR = timedelta(days=30)
"""So long a file may wait for its row: also for one that comes back with a newer backup of the database."""
PAGE = 1000
CHUNK = 4 * 1024 * 1024
MOST_COMPARED = 1000
_compared: dict[tuple[str, str, int, object], None] = {}
"""Large files that were compared with their names: place, name, size, last change; the oldest first."""
NAMED = """
SELECT sha256 FROM evidence WHERE sha256 = ANY(:names)
UNION SELECT photo FROM observation WHERE photo = ANY(:names)
UNION SELECT photo FROM contradiction WHERE photo = ANY(:names)
UNION SELECT sha256 FROM filing_file WHERE sha256 = ANY(:names)
UNION SELECT sha256 FROM upload WHERE sha256 = ANY(:names)
UNION SELECT n FROM unnest(CAST(:names AS text[])) AS n JOIN photo ON plain = n
UNION SELECT n FROM unnest(CAST(:names AS text[])) AS n JOIN photo ON small = n
UNION SELECT name FROM redaction, unnest(ARRAY[shown, small]) AS name WHERE name = ANY(:names)
"""


class Store(Protocol):
    """What a place for evidence does. `before`: what has changed since is left alone; `stamp`: size, last change."""

    def keep(self, sha256: str, file: BinaryIO) -> None: ...
    def read(self, sha256: str) -> bytes: ...
    def part(self, sha256: str, start: int, end: int) -> bytes: ...
    def stamp(self, sha256: str) -> tuple[int, object]: ...
    def drop_unfinished(self, *, before: datetime) -> int: ...
    def old(self, *, before: datetime) -> Iterator[str]: ...
    def take_away(self, sha256: str, *, before: datetime) -> bool: ...


@dataclass(frozen=True)
class Swept:
    """What was taken away: bytes that never got their name, and whole files that no row names."""

    unfinished: int
    unnamed: int


def store(place: Place, data: bytes) -> str:
    """Keep the bytes and return their SHA-256. Once this returns they are there, whole; the same bytes lie once.

    Raises NotStored when the disk is full, the folder cannot be written to, or the bucket cannot be reached.
    """
    return store_file(place, BytesIO(data))


def store_file(place: Place, file: BinaryIO) -> str:
    """Keep what is in a file, however large, and return its SHA-256. As `store`."""
    sha256 = _hashed(file)
    try:
        _open(place).keep(sha256, file)
    except OSError as error:
        raise NotStored(folder=name_of(place), why=error.strerror or error) from error
    except Exception as error:  # the library of the bucket has errors of its own; whatever it raises, nothing is kept
        raise NotStored(folder=name_of(place), why=_why(error)) from error
    return sha256


def read(place: Place, sha256: str) -> bytes:
    """The bytes of that name, which are what they were. Raises NotFound where there are none, NotReadable."""
    with _reading(place, sha256) as lies:
        data = lies.read(sha256)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotReadable(folder=name_of(place), why=f"{sha256[:12]}… is damaged")
    return data


def length(place: Place, sha256: str) -> int:
    """How many bytes it has, once all of them were compared with their name. Raises NotFound, NotReadable.

    A large file is read bit by bit, many times, and compared again only when it has changed.
    """
    with _reading(place, sha256) as lies:
        size, changed = lies.stamp(sha256)
        known = (name_of(place), sha256, size, changed)
        if known not in _compared:
            _compare(place, sha256, lies, size)
            _compared[known] = None
            for old in list(_compared)[:-MOST_COMPARED]:
                _compared.pop(old, None)
    return size


def part(place: Place, sha256: str, *, start: int, end: int) -> bytes:
    """The bytes from `start` up to `end`, of a file whose `length` was asked for. Raises NotFound, NotReadable."""
    with _reading(place, sha256) as lies:
        return lies.part(sha256, start, end)


def _compare(place: Place, sha256: str, lies: "Store", size: int) -> None:
    seen = hashlib.sha256()
    for start in range(0, size, CHUNK):
        seen.update(lies.part(sha256, start, min(start + CHUNK, size)))
    if seen.hexdigest() != sha256:
        raise NotReadable(folder=name_of(place), why=f"{sha256[:12]}… is damaged")


@contextmanager
def _reading(place: Place, sha256: str) -> Iterator["Store"]:
    try:
        yield _open(place)
    except FileNotFoundError as error:
        raise NotFound(what="evidence", code=sha256[:12]) from error
    except DubanError:
        raise
    except Exception as error:  # as above
        raise NotReadable(folder=name_of(place), why=_why(error)) from error


def _hashed(file: BinaryIO) -> str:
    """Its SHA-256; it stands at its beginning afterwards."""
    file.seek(0)
    seen = hashlib.sha256()
    while piece := file.read(CHUNK):
        seen.update(piece)
    file.seek(0)
    return seen.hexdigest()


def name_of(place: Place) -> str:
    """The place for people and logs, without keys."""
    if isinstance(place, Path):
        return str(place)
    parts = urlsplit(place.get_secret_value())
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _open(place: Place) -> Store:
    return Folder(place) if isinstance(place, Path) else bucket(place.get_secret_value())


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or str(error) or type(error).__name__)


def sweep_up(session: Session, place: Place, *, at: datetime) -> Swept:
    """Delete what processes that died have left here: files without a row, and unfinished ones. Reads the rows only.

    `at` is the machine's time, for it is compared with what the file system says of a file's last change; a demo
    city's clock must not make files old.
    """
    lies = _open(place)
    unfinished = lies.drop_unfinished(before=at - UNFINISHED_FOR)
    old, unnamed = lies.old(before=at - UNNAMED_FOR), 0
    while page := list(islice(old, PAGE)):
        unnamed += sum(lies.take_away(name, before=at - UNNAMED_FOR) for name in _without_row(session, page))
    return Swept(unfinished, unnamed)


def _without_row(session: Session, names: Sequence[str]) -> list[str]:
    rows = session.connection().execute(text(NAMED), {"names": list(names)})
    named = {name for (name,) in rows}
    return [name for name in names if name not in named]
