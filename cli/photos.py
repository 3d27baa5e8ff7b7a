"""Photos and papers handed in from the command line: looked at, hashed, and stored when the action succeeds."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.errors import NotAPhoto
from cli.showing import existing

if TYPE_CHECKING:
    from services.evidence import Place


@dataclass(frozen=True)
class Photo:
    """The bytes of one file, and the row that names it."""

    data: bytes
    piece: dict[str, Any]


def read(paths: Sequence[Path] | None, *, kind: str) -> list[Photo]:
    """The files, checked as uploads are. Raises MissingFile, NotAPhoto."""
    return [_read(path, kind=kind) for path in paths or ()]


def _read(path: Path, *, kind: str) -> Photo:
    data = existing(path).read_bytes()
    piece = {
        "kind": kind,
        "sha256": hashlib.sha256(data).hexdigest(),
        "file_name": path.name,
        "media_type": _media_type(path, data, kind),
        "size": len(data),
    }
    return Photo(data, piece)


def _media_type(path: Path, data: bytes, kind: str) -> str:
    from services.documents import is_photo, media_type_of
    from services.photos import Unusable

    try:
        found = media_type_of(data)
    except Unusable as error:
        raise NotAPhoto(file=path) from error
    if kind != "other" and not is_photo(found):
        raise NotAPhoto(file=path)
    return found


def store(photos: Sequence[Photo], *, folder: "Place") -> None:
    """Put the bytes where evidence lies. Content-addressed: a second time changes nothing."""
    from services import evidence

    for photo in photos:
        evidence.store(folder, photo.data)
