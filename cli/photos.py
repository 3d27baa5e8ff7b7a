"""Photos and papers handed in from the command line: looked at, hashed, and stored when the action succeeds."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.errors import NotAPhoto
from cli.showing import existing

SIGNS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftyp", "image/heic"),
    (0, b"%PDF-", "application/pdf"),
)


@dataclass(frozen=True)
class Photo:
    """The bytes of one file, and the row that names it."""

    data: bytes
    piece: dict[str, Any]


def read(paths: Sequence[Path] | None, *, kind: str) -> list[Photo]:
    """The files, checked. Raises MissingFile, NotAPhoto."""
    return [_read(path, kind=kind) for path in paths or ()]


def _read(path: Path, *, kind: str) -> Photo:
    data = existing(path).read_bytes()
    media_type = next((name for at, sign, name in SIGNS if data[at : at + len(sign)] == sign), None)
    if media_type is None:
        raise NotAPhoto(file=path)
    piece = {
        "kind": kind,
        "sha256": hashlib.sha256(data).hexdigest(),
        "file_name": path.name,
        "media_type": media_type,
        "size": len(data),
    }
    return Photo(data, piece)


def store(photos: Sequence[Photo], *, folder: Path) -> None:
    """Put the bytes where evidence lies. Content-addressed: a second time changes nothing."""
    from services import evidence

    for photo in photos:
        evidence.store(folder, photo.data)
