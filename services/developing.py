"""Looking at what was handed in: each photo once, drawn anew to be shown, each video; compared with what is known.

Handing in only checks that a file is what it says and stores it (services/photos.py); this takes longer and comes
after, within a minute or as soon as somebody asks. Doing it twice changes nothing, and a process that dies leaves only
files without a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from models.errors import NotFound
from models.evidence import Photo, Video
from services import bulk, evidence, flag_rules, rulebook, videos
from services.evidence import Place
from services.evidence_files import opened
from services.likeness import bands, likeness, pixels
from services.photo_notes import notes_of
from services.photos import IMAGES, LONGEST_SIDE, SMALL_SIDE, Drawn, Unusable, draw, jpeg
from services.video_facts import Film, Source
from services.videos import VIDEOS

MOST, MOST_DRAWN = 1000, 10
"""Pieces in one go, and how many of them are drawn anew: about half a second each."""
WAITING = "looked_at IS NULL AND (CAST(:issue AS bigint) IS NULL OR issue_id = :issue)"
CLAIM = f"SELECT id, sha256, media_type FROM evidence WHERE {WAITING} ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED"
DONE = """
UPDATE evidence e SET looked_at = :now,
       media_type = coalesce(nullif(e.media_type, ''), (SELECT media_type FROM video v WHERE v.sha256 = e.sha256),
                             (SELECT media_type FROM photo p WHERE p.sha256 = e.sha256), '')
 WHERE e.id = ANY(:ids)
"""


@dataclass(frozen=True)
class Looked:
    """What one go did: pieces looked at, photos drawn anew, flags raised."""

    pieces: int = 0
    drawn: int = 0
    flags: int = 0


def something_waits(session: Session) -> bool:
    """Whether anything was handed in that nobody has looked at."""
    return (
        session.connection().execute(text("SELECT 1 FROM evidence WHERE looked_at IS NULL LIMIT 1")).first() is not None
    )


def look(session: Session, place: Place, *, now: datetime, issue_id: int | None = None) -> Looked:
    """Look at what waits, of one issue or of all, the oldest first. The caller commits. Raises NotStored."""
    claimed = session.connection().execute(text(CLAIM), {"issue": issue_id, "most": MOST}).all()
    if not claimed:
        return Looked()
    zone = rulebook.the_city(session).timezone
    drawn = 0
    ids = []
    for key, sha256, media_type in claimed:
        if _is_new(session, sha256, media_type):
            if drawn >= MOST_DRAWN:
                break
            drawn += _develop(session, place, sha256, zone=zone, now=now)
        ids.append(key)
    flags = flag_rules.raise_flags(session, ids, now=now)
    session.connection().execute(text(DONE), {"now": now, "ids": ids})
    return Looked(len(ids), drawn, flags)


def _is_new(session: Session, sha256: str, media_type: str) -> bool:
    """Ledgers from elsewhere name photos without saying of what kind they are."""
    if media_type and media_type not in IMAGES and media_type not in VIDEOS:
        return False
    return session.get(Photo, sha256) is None and session.get(Video, sha256) is None


def _develop(session: Session, place: Place, sha256: str, *, zone: str, now: datetime) -> bool:
    """Whether it is there. What is not may come back with a backup: nothing is noted of it."""
    try:
        with opened(place, sha256) as file:
            if videos.is_video(file.read(videos.HEAD)):
                _keep_video(session, sha256, file, now=now)
                return True
    except NotFound:
        return False
    keep(session, place, sha256, evidence.read(place, sha256), zone=zone, now=now)
    return True


def _keep_video(session: Session, sha256: str, file: BinaryIO, *, now: datetime) -> None:
    """It is kept already: how large or long it may be was asked when it came."""
    try:
        keep_film(session, sha256, videos.read(Source(file)), now=now)
    except Unusable as error:
        _insert(session, Video(sha256=sha256, fault=error.fault.value, looked_at=now))


def keep_film(session: Session, sha256: str, film: Film, *, now: datetime) -> None:
    """Note what a video is. The caller commits."""
    _insert(session, video_of(sha256, film, now=now))


def video_of(sha256: str, film: Film, *, now: datetime) -> Video:
    """A video as it is noted."""
    return Video(
        sha256=sha256,
        **{name: getattr(film, name) for name in ("media_type", "milliseconds", "width", "height", "coding")},
        patches=[[patch.at, patch.length, patch.instead.hex()] for patch in film.patches],
        **{name: getattr(film.claim, name) for name in ("taken_at", "lat", "lng")},
        looked_at=now,
    )


def _insert(session: Session, row: Photo | Video) -> None:
    table = bulk.table_of(type(row))
    session.connection().execute(insert(table).values(row.model_dump()).on_conflict_do_nothing())


def keep(session: Session, place: Place, sha256: str, data: bytes, *, zone: str, now: datetime) -> str:
    """Draw a photo anew, store what people are to see of it, and note what it is. Returns what is wrong with it, if
    anything. `zone` is the city's. Raises NotStored."""
    try:
        row = _row(place, draw(data), zone)
    except Unusable as error:
        row = {"fault": error.fault.value}
    _insert(session, Photo(**row, sha256=sha256, looked_at=now))
    return str(row.get("fault", ""))


def _row(place: Place, drawn: Drawn, zone: str) -> dict[str, Any]:
    bits, said = likeness(drawn.upright), notes_of(drawn.exif, zone=zone)
    plain = evidence.store(place, jpeg(drawn.upright, most=LONGEST_SIDE, quality=85))
    small = evidence.store(place, jpeg(drawn.upright, most=SMALL_SIDE, quality=75))
    return {
        "media_type": drawn.photo.media_type,
        "width": drawn.width,
        "height": drawn.height,
        "plain": plain,
        "shown": plain,
        "small": small,
        "pixels": pixels(drawn.upright),
        "likeness": bits,
        "bands": bands(bits),
        "taken_at": said.taken_at,
        "lat": said.lat,
        "lng": said.lng,
    }


def forget_unused(session: Session, *, before: datetime) -> int:
    """Photos and videos that were looked at and that nothing names: uploads that no form used. Their files go when
    swept up."""
    done = [session.connection().execute(text(statement), {"before": before}) for statement in FORGET]
    return sum(int(gone.rowcount) for gone in done)


USERS: Sequence[tuple[str, str]] = (
    ("evidence", "sha256"),
    ("upload", "sha256"),
    ("observation", "photo"),
    ("contradiction", "photo"),
    ("filing_file", "sha256"),
    ("redaction", "sha256"),
    ("withholding", "sha256"),
)
FORGET = tuple(
    f"DELETE FROM {kept} p WHERE looked_at < :before"
    + "".join(f" AND NOT EXISTS (SELECT 1 FROM {table} WHERE {column} = p.sha256)" for table, column in USERS)
    for kept in ("photo", "video")
)
