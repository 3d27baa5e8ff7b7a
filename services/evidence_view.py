"""What people are shown of evidence: the picture drawn anew (redacted where somebody redacted), never the sent bytes.

Those bytes, and what lies below a redaction, are for who may redact. Papers are handed on as downloads. A video is
shown as it was sent, without the notes in it, and in parts: nobody holds all of it at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from sqlmodel import Session

from models.errors import NotFound
from models.evidence import Photo, Video
from models.issue import Evidence, Issue
from models.permissions import Right, held
from models.rights import Actor
from services import developing, evidence, videos
from services.documents import DOCUMENTS, ENDINGS
from services.evidence import Place
from services.evidence_files import opened
from services.photos import IMAGES, SMALL_SIDE, Unusable, preview
from services.sight import sees
from services.video_facts import Patch, Source, patched
from services.videos import VIDEOS


class Size(StrEnum):
    """Which copy. `plain` and `original` are for who may redact."""

    FULL = "full"
    SMALL = "small"
    PLAIN = "plain"
    ORIGINAL = "original"


@dataclass(frozen=True)
class Parts:
    """A large file, of which `patches` are not shown. Reading raises NotFound, NotReadable."""

    place: Place
    sha256: str
    patches: Sequence[Patch] = ()

    def length(self) -> int:
        """Its bytes, once they were compared with its name."""
        return evidence.length(self.place, self.sha256)

    def part(self, start: int, end: int) -> bytes:
        """Those from `start` up to `end`."""
        data = evidence.part(self.place, self.sha256, start=start, end=end)
        return patched(data, start, self.patches)

    def whole(self) -> bytes:
        """All of it."""
        return self.part(0, self.length())


@dataclass(frozen=True)
class Copy:
    """One copy of a piece. `content` is the SHA-256 of what it is made from, and how: what a browser keeps it under.

    `inline`: may be shown in a page; everything else is a download. `parts`: it is large, and is read in parts.
    """

    content: str
    media_type: str
    name: str
    inline: bool
    read: partial[bytes]
    parts: Parts | None = None


def copy_of(session: Session, place: Place, key: int, *, reader: Actor, city: str, size: Size = Size.FULL) -> Copy:
    """A copy of a piece of evidence for somebody; nothing is read from the store yet.

    Raises NotFound, also for what the reader may not see.
    """
    piece = session.get(Evidence, key)
    issue = session.get(Issue, piece.issue_id) if piece else None
    if piece is None or issue is None or not sees(reader, issue) or not _may(reader, issue, size, city):
        raise NotFound(what="evidence", code=key)
    return copy_for(session, place, piece, size=size)


def copy_for(session: Session, place: Place, piece: Evidence, *, size: Size = Size.FULL) -> Copy:
    """A copy of a piece for somebody who is known to be allowed. Raises NotFound where there is no such copy."""
    photo, video = session.get(Photo, piece.sha256), session.get(Video, piece.sha256)
    media_type = (video.media_type if video else photo.media_type if photo else "") or piece.media_type
    if size is Size.ORIGINAL or media_type in DOCUMENTS:
        parts = Parts(place, piece.sha256)
        read = partial(evidence.read, place, piece.sha256)
        name = _name(piece, ENDINGS.get(media_type, ""))
        return Copy(piece.sha256, _download_type(media_type), name, False, read, parts)
    if media_type in VIDEOS:
        return _film(place, piece, video, size)
    if photo is None:
        return _not_looked_at(place, piece, size)
    kept = {Size.FULL: photo.shown, Size.SMALL: photo.small, Size.PLAIN: photo.plain}[size]
    if kept is None:
        raise NotFound(what="evidence", code=piece.id)
    return Copy(kept, "image/jpeg", _name(piece, ".jpg"), True, partial(evidence.read, place, kept))


def _may(reader: Actor, issue: Issue, size: Size, city: str) -> bool:
    if size in (Size.FULL, Size.SMALL):
        return True
    return held(reader, Right.REDACT, city=city).covers(area_path=issue.area_path, unit=issue.lead_unit)


def _not_looked_at(place: Place, piece: Evidence, size: Size) -> Copy:
    """Just handed in: drawn for this reader alone."""
    if piece.media_type and piece.media_type not in IMAGES:
        raise NotFound(what="evidence", code=piece.id)
    most = SMALL_SIDE if size is Size.SMALL else 1024
    content = f"{piece.sha256}-{most}"
    return Copy(content, "image/jpeg", _name(piece, ".jpg"), True, partial(_preview, place, piece.sha256, most))


def _film(place: Place, piece: Evidence, video: Video | None, size: Size) -> Copy:
    """A video has no small copy; one that is withheld has none but for who may redact."""
    film = video or _just_handed_in(place, piece)
    if size is Size.SMALL or film.fault or (film.withheld and size is Size.FULL):
        raise NotFound(what="evidence", code=piece.id)
    patches = tuple(Patch(at, length, bytes.fromhex(instead)) for at, length, instead in film.patches)
    parts, name = Parts(place, piece.sha256, patches), _name(piece, ENDINGS[film.media_type])
    return Copy(f"{piece.sha256}-shown", film.media_type, name, True, partial(parts.whole), parts)


def _just_handed_in(place: Place, piece: Evidence) -> Video:
    """Not on record yet: read for this reader alone. Raises NotFound."""
    try:
        with opened(place, piece.sha256) as file:
            return developing.video_of(piece.sha256, videos.read(Source(file)), now=piece.added_at)
    except Unusable as error:
        raise NotFound(what="evidence", code=piece.id) from error


def _preview(place: Place, sha256: str, most: int) -> bytes:
    try:
        return preview(evidence.read(place, sha256), most=most)
    except Unusable as error:
        raise NotFound(what="evidence", code=sha256[:12]) from error


def _download_type(media_type: str) -> str:
    return media_type if media_type in ENDINGS else "application/octet-stream"


def _name(piece: Evidence, ending: str) -> str:
    """The file's name with an ending that is true."""
    stem = piece.file_name.rpartition(".")[0] or piece.file_name or f"evidence-{piece.id}"
    return f"{stem}{ending}"
