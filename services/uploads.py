"""Files on their way in: sent in parts by a phone between two streets, checked when whole, then named by a form.

The parts lie in a folder of this machine, and how long that file is says how far it has come: what arrived before a cut
stays. Once checked, the bytes are in the evidence store. Times here are the machine's, not the city's.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import text, update
from sqlmodel import Session, col, select

from models.errors import NotFound, Refused, WrongValue
from models.evidence import Photo, Upload
from models.issue import EvidenceKind
from services import developing, evidence, upload_parts, videos
from services.documents import is_photo, media_type_of, shows
from services.evidence import Place
from services.photo_notes import Claim, place
from services.photos import LARGEST, Fault, Unusable

KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
MOST = 9
"""Files of one form."""
MOST_OPEN, MOST_WAITING = 60, 300 * 1024 * 1024
"""Of one person, that no form has named yet: files, and bytes."""
UNFINISHED_FOR, UNUSED_FOR = timedelta(days=2), timedelta(days=14)
LONGEST_NAME = 80
_UNSEEN = re.compile("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class TooManyUploads(Refused):
    """So many of one person wait that no form has named."""

    code = "too_many_uploads"
    template = (
        "Too many files are waiting to be handed in ({files} files, {megabytes} MB). Send a form with them first."
    )


NOTHING_SAID = Claim()


@dataclass(frozen=True)
class Wanted:
    """What somebody is about to send. `claim`: what the phone knows of it, when shrinking loses the camera's notes."""

    size: int
    name: str
    claim: Claim = NOTHING_SAID
    key: str | None = None


def begin(session: Session, wanted: Wanted, *, by: str, now: datetime) -> Upload:
    """Register a file that is to come; the same key again gives the one that is there. The caller commits.

    Raises Unusable for a size that is none, TooManyUploads, WrongValue for a key that is none, NotFound for somebody
    else's.
    """
    key = wanted.key or secrets.token_urlsafe(24)
    if not KEY.fullmatch(key):
        raise WrongValue(field="key", value=key[:20], expected="16–64 letters, digits, - and _")
    _one_at_a_time(session, by)
    if session.get(Upload, key) is not None:
        return find(session, key, by=by)
    if wanted.size <= 0:
        raise Unusable(Fault.EMPTY)
    _check_size(session, wanted.size)
    _check_limits(session, by, wanted.size)
    lat, lng = place(wanted.claim.lat, wanted.claim.lng)
    row = Upload(
        key=key,
        person_code=by,
        name=clean_name(wanted.name),
        size=wanted.size,
        taken_at=wanted.claim.taken_at,
        lat=lat,
        lng=lng,
        began_at=now,
    )
    session.add(row)
    session.flush()
    return row


def find(session: Session, key: str, *, by: str) -> Upload:
    """An upload of this person. Raises NotFound, for somebody else's too."""
    row = session.get(Upload, key) if KEY.fullmatch(key) else None
    if row is None or row.person_code != by:
        raise NotFound(what="upload", code=key[:64])
    return row


def take(
    session: Session,
    *,
    data: bytes | BinaryIO,
    name: str,
    by: str,
    store: Place,
    zone: str,
    now: datetime,
    claim: Claim | None = None,
    key: str | None = None,
) -> Upload:
    """A whole file at once, from a form without scripts. Raises what `begin` and `finish` raise. The caller commits."""
    file = BytesIO(data) if isinstance(data, bytes) else data
    row = begin(session, Wanted(file.seek(0, SEEK_END), name, claim or NOTHING_SAID, key), by=by, now=now)
    return row if row.finished_at else finish(session, row, data=file, store=store, zone=zone, now=now)


def finish(session: Session, row: Upload, *, data: BinaryIO, store: Place, zone: str, now: datetime) -> Upload:
    """All of it is there: looked at and stored, a photo drawn anew. Raises Unusable, NotStored. The caller commits."""
    if looks_like_video(data):
        film = videos.look_at(data, limits=videos.limits(session))
        row.media_type, row.sha256 = film.media_type, evidence.store_file(store, data)
        developing.keep_film(session, row.sha256, film, now=now)
    else:
        whole = _small(data)
        row.media_type, row.sha256 = media_type_of(whole), evidence.store(store, whole)
        if is_photo(row.media_type):
            developing.keep(session, store, row.sha256, whole, zone=zone, now=now)
    row.finished_at = now
    session.flush()
    return row


def looks_like_video(file: BinaryIO) -> bool:
    """Whether what is there of a file begins as a video does."""
    file.seek(0)
    return videos.is_video(file.read(videos.HEAD))


def check_beginning(file: BinaryIO, *, size: int) -> None:
    """A file that is larger than a photo must begin as a video: told before all of it has come. Raises Unusable."""
    if size > LARGEST and not looks_like_video(file):
        raise Unusable(Fault.TOO_LARGE)


def _small(file: BinaryIO) -> bytes:
    """A file that is no video. Raises Unusable for one that is too large."""
    file.seek(0)
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Unusable(Fault.TOO_LARGE)
    return data


def of(session: Session, keys: Sequence[str], *, by: str) -> list[Upload]:
    """The finished uploads of this person among these, in their order, each once; others are left out."""
    wanted = list(dict.fromkeys(key for key in keys if KEY.fullmatch(key)))[:MOST]
    query = select(Upload).where(
        col(Upload.key).in_(wanted), Upload.person_code == by, col(Upload.finished_at).is_not(None)
    )
    found = {row.key: row for row in session.exec(query)}
    return [found[key] for key in wanted if key in found]


def pieces(
    session: Session, keys: Sequence[str], *, by: str, kind: EvidenceKind, now: datetime
) -> list[dict[str, Any]]:
    """Uploads as evidence, for the verbs of services/issues.py; noted as used when the caller commits.

    Raises NotFound for one that is not there (any more), is not finished or is somebody else's; WrongValue for a paper
    where a photo or video is wanted, and for too many.
    """
    wanted = list(dict.fromkeys(key for key in keys if key))
    if len(wanted) > MOST:
        raise WrongValue(field="evidence", value=str(len(wanted)), expected=f"at most {MOST}")
    rows = of(session, wanted, by=by)
    missing = set(wanted) - {row.key for row in rows}
    if missing:
        raise NotFound(what="upload", code=min(missing)[:64])
    for row in rows:
        if kind is not EvidenceKind.OTHER and not shows(row.media_type):
            raise WrongValue(field="evidence", value=row.name, expected="a photo or a video")
    session.connection().execute(update(Upload).where(col(Upload.key).in_(wanted)).values(used_at=now))
    return [_piece(row, kind) for row in rows]


def _piece(row: Upload, kind: EvidenceKind) -> dict[str, Any]:
    about = {"file_name": row.name, "media_type": row.media_type, "size": row.size}
    return {"kind": kind.value, "sha256": row.sha256, **about, "taken_at": row.taken_at, "lat": row.lat, "lng": row.lng}


def clean_name(given: str) -> str:
    """The last part of a file's name, short, without signs that nobody sees or that turn the writing around."""
    last = _UNSEEN.sub("", given).replace("\\", "/").rsplit("/", 1)[-1].strip()
    return last[-LONGEST_NAME:] or "photo"


def _one_at_a_time(session: Session, by: str) -> None:
    """A phone that is in doubt asks twice at once."""
    session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext('upload'), hashtext(:by))"), {"by": by})


def _check_size(session: Session, size: int) -> None:
    """Of what kind it is nobody knows yet. Raises Unusable."""
    if size <= LARGEST:
        return
    most = videos.limits(session)
    if size > most.size:
        large = Fault.VIDEO_LARGE if most.video_megabytes else Fault.TOO_LARGE
        raise Unusable(large, most=most.video_megabytes)


def _check_limits(session: Session, by: str, size: int) -> None:
    query = text("SELECT count(*), coalesce(sum(size), 0) FROM upload WHERE person_code = :by AND used_at IS NULL")
    files, waiting = session.connection().execute(query, {"by": by}).one()
    if files >= MOST_OPEN or waiting + size > MOST_WAITING:
        raise TooManyUploads(files=files, megabytes=int(waiting) // 1024 // 1024)


def forget(session: Session, folder: Path, *, now: datetime) -> int:
    """Delete uploads that were never finished or never used, and parts without a row. Reads `now` as the machine's."""
    gone = session.connection().execute(
        text(
            "DELETE FROM upload WHERE (finished_at IS NULL AND began_at < :unfinished)"
            " OR (finished_at IS NOT NULL AND coalesce(used_at, finished_at) < :unused)"
        ),
        {"unfinished": now - UNFINISHED_FOR, "unused": now - UNUSED_FOR},
    )
    upload_parts.forget(folder, before=now - UNFINISHED_FOR)
    return int(gone.rowcount)


def small_of(session: Session, store: Place, key: str, *, by: str) -> bytes:
    """A small copy of an own finished photo. Raises NotFound, NotReadable."""
    row = find(session, key, by=by)
    photo = session.get(Photo, row.sha256) if row.sha256 else None
    if photo is None or photo.small is None:
        raise NotFound(what="upload", code=key[:64])
    return evidence.read(store, photo.small)


def drop(session: Session, folder: Path, key: str, *, by: str) -> None:
    """An upload is not wanted any more; one that is not there, is somebody else's or was used is left alone."""
    if not KEY.fullmatch(key):
        return
    gone = session.connection().execute(
        text("DELETE FROM upload WHERE key = :key AND person_code = :by AND used_at IS NULL"), {"key": key, "by": by}
    )
    if gone.rowcount:
        upload_parts.drop(folder, key)
