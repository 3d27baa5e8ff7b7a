"""The files of a bulletin, as they were published; and the photos of its pairs, for all who read it."""

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from models.errors import NotFound
from models.issue import Evidence
from runtime.i18n import language
from services import evidence_view
from services.bulletins.files import EXCEL, WORD, file_of
from services.bulletins.pairs import shown
from services.evidence_view import Size
from services.exports.bulletin_words import title
from web.bulletins.reading import Key, Leads, press, read
from web.deps import Desk, Here
from web.evidence.copies import answer
from web.login import Reader

router = APIRouter()
TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("/{key}/word")
def word(key: Key, here: Here, reader: Leads) -> Response:
    """In the office's form."""
    return _file(here, reader, key, WORD, ".docx")


@router.get("/{key}/excel")
def excel(key: Key, here: Here, reader: Leads) -> Response:
    """The annex: every table, charts, every row."""
    return _file(here, reader, key, EXCEL[language()], ".xlsx")


@router.get("/{key}/photos/{evidence}")
def photo(key: Key, evidence: Key, here: Here, reader: Leads, size: Size = Size.SMALL) -> Response:
    """A photo of a pair, as people are shown it today: what is redacted later is unseen here too."""
    found, piece = read(here, reader, key), here.session.get(Evidence, evidence)
    there = shown(found.content, evidence, drafts=bool(found.may))
    if piece is None or not there or size not in (Size.SMALL, Size.FULL):
        raise NotFound(what="evidence", code=evidence)
    return answer(here.request, evidence_view.copy_for(here.session, here.settings.evidence, piece, size=size))


def _file(here: Desk, reader: Reader, key: int, name: str, ending: str) -> Response:
    found = read(here, reader, key)
    body = file_of(here.session, found.row, name, press=press(here))
    called = quote(f"{found.content['area']}{title(found.content, language())}{ending}", safe="")
    disposition = f"attachment; filename=\"bulletin-{key}{ending}\"; filename*=UTF-8''{called}"
    return Response(
        body, media_type=TYPES[ending], headers={"Content-Disposition": disposition, "Cache-Control": "no-store"}
    )
