"""The files of a bulletin: a Word file in the office's form, an annex for Excel. Once published, kept byte for byte.

Before that they are made anew each time, from the draft as it stands.
"""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.bulletin import BulletinFile
from models.errors import NotFound
from models.issue import Evidence
from models.publication import Publication, PublicationState
from services import evidence_view
from services.bulletins.periods import KINDS
from services.evidence import Place
from services.evidence_view import Size
from services.exports.bulletin_excel import write_annex
from services.exports.bulletin_word import Pictures, bulletin_file
from services.papers.stationery import Stationery
from services.rulebook import the_city

WORD = "word"
EXCEL: Mapping[str, str] = {"zh-CN": "excel.zh-CN", "en": "excel.en"}
NAMES = (WORD, *EXCEL.values())


@dataclass(frozen=True)
class Press:
    """What files are made with: the city's templates, and where the photos lie."""

    stationery: Stationery
    place: Place


def file_of(session: Session, row: Publication, name: str, *, press: Press) -> bytes:
    """One file: as it was published, or of the draft as it stands. Raises NotFound, UnreadableFile for a template."""
    if name not in NAMES or row.kind not in KINDS:
        raise NotFound(what="file", code=name)
    kept = _kept(session, row, name) if row.state is PublicationState.PUBLISHED else None
    return kept if kept is not None else made(session, row, name, press=press)


def made(session: Session, row: Publication, name: str, *, press: Press) -> bytes:
    """A file made now, from the content as it stands."""
    if name == WORD:
        template = press.stationery.bulletin(row.kind)
        pictures = _pictures(session, row, press.place)
        return bulletin_file(
            template.body,
            row.content,
            name=template.name,
            edition=row.edition,
            issued_on=_issued_on(session, row),
            pictures=pictures,
        )
    lang = next(lang for lang, called in EXCEL.items() if called == name)
    with _scratch() as path:
        write_annex(session, path, publication_id=row.id or 0, content=row.content, lang=lang)
        return path.read_bytes()


def _issued_on(session: Session, row: Publication) -> str:
    """The day of publication in the city; nothing for a draft."""
    if row.published_at is None:
        return ""
    return row.published_at.astimezone(ZoneInfo(the_city(session).timezone)).date().isoformat()


def keep_all(session: Session, row: Publication, *, press: Press) -> None:
    """Make every file and keep it, in the transaction in which the bulletin is published."""
    for name in NAMES:
        body = made(session, row, name, press=press)
        session.add(
            BulletinFile(publication_id=row.id or 0, name=name, sha256=hashlib.sha256(body).hexdigest(), body=body)
        )
    session.flush()


def _kept(session: Session, row: Publication, name: str) -> bytes | None:
    """None for a bulletin from before files were kept."""
    query = select(BulletinFile.body).where(BulletinFile.publication_id == row.id, col(BulletinFile.name) == name)
    found = session.exec(query).first()
    return None if found is None else bytes(found)


def _pictures(session: Session, row: Publication, place: Place) -> Pictures:
    """The small copies of the pairs that are shown, as people see them today; None for one that is not there.

    Raises NotReadable where the store does not answer: better a bulletin that waits than one without its photos.
    """
    keys = [pair[side] for pair in row.content["pairs"] if pair["shown"] for side in ("before", "after")]
    return {key: _picture(session, place, key) for key in keys}


def _picture(session: Session, place: Place, key: int) -> bytes | None:
    piece = session.get(Evidence, key)
    if piece is None:
        return None
    try:
        return evidence_view.copy_for(session, place, piece, size=Size.SMALL).read()
    except NotFound:
        return None


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="duban-bulletin-") as folder:
        yield Path(folder) / "annex.xlsx"
