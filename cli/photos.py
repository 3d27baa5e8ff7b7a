"""Photos, videos and papers handed in from the command line: looked at, hashed, and stored when the action succeeds."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.errors import NotAPhoto
from cli.showing import existing

if TYPE_CHECKING:
    from sqlmodel import Session

    from services.evidence import Place
    from services.videos import Limits


@dataclass(frozen=True)
class Photo:
    """The bytes of one file, and the row that names it. `milliseconds`: how long a video plays."""

    data: bytes
    piece: dict[str, Any]
    milliseconds: int = 0


def read(paths: Sequence[Path] | None, *, kind: str) -> list[Photo]:
    """The files, checked as uploads are, but for what the city takes of videos. Raises MissingFile, NotAPhoto."""
    return [_read(path, kind=kind) for path in paths or ()]


def _read(path: Path, *, kind: str) -> Photo:
    from services.videos import MOST_MEGABYTES, MOST_SECONDS, Limits

    most = Limits(MOST_MEGABYTES, MOST_SECONDS)
    if existing(path).stat().st_size > most.size:
        raise _refusal(path, most)
    data = path.read_bytes()
    media_type, milliseconds = _looked_at(path, data, kind, most)
    about = {"file_name": path.name, "media_type": media_type, "size": len(data)}
    return Photo(data, {"kind": kind, "sha256": hashlib.sha256(data).hexdigest(), **about}, milliseconds)


def _looked_at(path: Path, data: bytes, kind: str, most: "Limits") -> tuple[str, int]:
    from services import videos
    from services.documents import media_type_of, shows
    from services.photos import Unusable

    try:
        if videos.is_video(data[: videos.HEAD]):
            film = videos.look_at(BytesIO(data), limits=most)
            return film.media_type, film.milliseconds
        found = media_type_of(data)
    except Unusable as error:
        raise _refusal(path, most) from error
    if kind != "other" and not shows(found):
        raise _refusal(path, most)
    return found, 0


def check(photos: Sequence[Photo], session: "Session") -> None:
    """Whether the city takes these videos. Raises NotAPhoto."""
    from services import videos

    films = [photo for photo in photos if photo.milliseconds]
    limits = videos.limits(session) if films else videos.Limits()
    for photo in films:
        if len(photo.data) > limits.size or photo.milliseconds > limits.video_seconds * 1000:
            raise _refusal(photo.piece["file_name"], limits)


def _refusal(file: Path | str, limits: "Limits") -> NotAPhoto:
    return NotAPhoto(file=file, megabytes=limits.video_megabytes, seconds=limits.video_seconds)


def store(photos: Sequence[Photo], *, folder: "Place") -> None:
    """Put the bytes where evidence lies. Content-addressed: a second time changes nothing."""
    from services import evidence

    for photo in photos:
        evidence.store(folder, photo.data)
