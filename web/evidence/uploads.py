"""Uploads that resume: the phone says how large the file is, sends it in parts, and asks how much has come after a cut.

What refuses answers in JSON, `{"code", "words"}`: a script reads it. How it works: docs/reference/uploads.md.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from models.errors import DubanError, NotFound
from models.evidence import Upload
from runtime import clock
from runtime.i18n import gettext as _
from runtime.i18n import say
from services import upload_parts, uploads, videos
from services.photo_notes import Claim
from services.photos import TOO_LARGE, Unusable
from services.rulebook import the_city
from services.upload_parts import Busy, Part, TooMuch, WrongOffset
from services.uploads import TooManyUploads, Wanted
from web.deps import Desk, Here
from web.errors import status_of
from web.evidence.copies import HEADERS
from web.evidence.words import fault_words
from web.forms import Sent
from web.login import LoggedIn

router = APIRouter(prefix="/uploads")
PATIENCE = 20.0
"""Seconds without a byte after which a connection counts as cut; until then nobody else may go on with that file."""


class Begun(BaseModel):
    """What the phone says of a file that is to come."""

    size: Annotated[int, Field(le=2**62)]
    name: str = ""
    key: str | None = None
    taken_at: datetime | None = None
    lat: float | None = None
    lng: float | None = None


def _begun(form: Sent) -> Begun:
    """Read by ourselves: FastAPI would take in a form of any size before it asks who sends it."""
    said = {name: value for name, value in form.items() if isinstance(value, str) and value}
    try:
        return Begun.model_validate(said)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None


@router.post("")
def begin(here: Here, reader: LoggedIn, begun: Annotated[Begun, Depends(_begun)]) -> Response:
    """Register a file that is to come. Asked again with the same key: how far it has come."""
    at = begun.taken_at
    known = at if at is not None and at.tzinfo is not None else None
    wanted = Wanted(begun.size, begun.name, Claim(known, begun.lat, begun.lng), begun.key)
    now = clock.true_now(here.session)
    try:
        row = uploads.begin(here.session, wanted, by=reader.code, now=now)
    except (DubanError, Unusable) as error:
        return _refused(error)
    status = 201 if row.began_at == now else 200
    answer = standing_of(here, row, status)
    answer.headers["Location"] = f"/uploads/{row.key}"
    here.session.commit()
    return answer


@router.head("/{key}")
def standing(key: str, here: Here, reader: LoggedIn) -> Response:
    """How much has come."""
    try:
        return standing_of(here, uploads.find(here.session, key, by=reader.code), 200)
    except NotFound:
        return Response(status_code=404)


@router.get("/{key}")
def thumb(key: str, here: Here, reader: LoggedIn) -> Response:
    """A small copy of an own finished upload, for showing a form again."""
    found = uploads.small_of(here.session, here.settings.evidence, key, by=reader.code)
    return Response(found, media_type="image/jpeg", headers=HEADERS)


@router.delete("/{key}")
def drop(key: str, here: Here, reader: LoggedIn) -> Response:
    """It is not wanted any more. One that a form has named stays."""
    uploads.drop(here.session, here.settings.uploads, key, by=reader.code)
    here.session.commit()
    return Response(status_code=204)


@router.patch("/{key}")
async def add(key: str, here: Here, reader: LoggedIn) -> Response:
    """Bytes from `Upload-Offset` on. What arrives before a cut stays; with the last byte the file is looked at."""
    try:
        return await add_bytes(key, here, reader.code)
    except WrongOffset as error:
        words = _("The upload goes on at another place. Ask where, then send from there.")
        return _said(409, "wrong_offset", words, **{"Upload-Offset": str(error.offset)})
    except Busy:
        return _said(
            423, "busy", _("This upload is being sent already. Try again in a moment."), **{"Retry-After": "5"}
        )
    except TooMuch:
        return _said(413, "too_much", _("More was sent than was announced."))
    except (DubanError, Unusable) as error:
        return _refused(error)


async def add_bytes(key: str, here: Desk, person: str) -> Response:
    """Bytes from the offset that the header says. Raises WrongOffset, Busy, TooMuch, NotFound, Unusable."""
    row = await run_in_threadpool(uploads.find, here.session, key, by=person)
    offset, size, finished = _offset(here.request), row.size, row.finished_at
    here.session.rollback()  # a slow phone does not keep a connection to the database waiting
    if finished:
        if offset != size:
            raise WrongOffset(size)
        return standing_of(here, await run_in_threadpool(uploads.find, here.session, key, by=person), 204)
    with upload_parts.open_part(here.settings.uploads, key, offset=offset, size=size) as part:
        async for chunk in _arriving(here.request):
            await run_in_threadpool(part.write, chunk)
        await run_in_threadpool(_look, here, key, person, part)
        return Response(status_code=204, headers=_headers(part.offset, size, complete=part.is_whole))


async def _arriving(request: Request) -> AsyncIterator[bytes]:
    """The parts of the body, until it ends or the connection is cut."""
    stream = request.stream()
    while True:
        try:
            yield await asyncio.wait_for(anext(stream), PATIENCE)
        except (StopAsyncIteration, ClientDisconnect, TimeoutError):
            return


def _look(here: Desk, key: str, person: str, part: Part) -> None:
    """Looked at and stored once it is whole, or gone: whoever chose the wrong file chooses another one.

    What can be no video is told as soon as it is larger than a photo may be. Raises Unusable, NotStored.
    """
    try:
        if part.is_whole:
            _finish(here, key, person, part)
        elif part.offset >= videos.HEAD:
            uploads.check_beginning(part.file, size=part.size)
    except Unusable:
        here.session.rollback()
        uploads.drop(here.session, here.settings.uploads, key, by=person)
        here.session.commit()
        raise


def _finish(here: Desk, key: str, person: str, part: Part) -> None:
    session, settings = here.session, here.settings
    row = uploads.find(session, key, by=person)
    zone, now = the_city(session).timezone, clock.true_now(session)
    uploads.finish(session, row, data=part.file, store=settings.evidence, zone=zone, now=now)
    session.commit()
    upload_parts.drop(settings.uploads, key)


def _offset(request: Request) -> int:
    """Raises WrongOffset where it is not said."""
    written = request.headers.get("upload-offset", "")
    if not (written.isascii() and written.isdecimal() and len(written) < 19):
        raise WrongOffset(0)
    return int(written)


def standing_of(here: Desk, row: Upload, status: int) -> Response:
    """How much has come, in headers."""
    come = row.size if row.finished_at else upload_parts.offset(here.settings.uploads, row.key)
    return Response(status_code=status, headers=_headers(come, row.size, complete=row.finished_at is not None))


def _headers(come: int, size: int, *, complete: bool) -> dict[str, str]:
    said = {"Upload-Offset": str(come), "Upload-Length": str(size), "Upload-Complete": "?1" if complete else "?0"}
    return {**said, "Cache-Control": "no-store"}


def _refused(error: DubanError | Unusable) -> Response:
    if isinstance(error, Unusable):
        status = 413 if error.fault in TOO_LARGE else 422
        return _said(status, error.fault.value, fault_words(error.fault, error.facts))
    return _said(429 if isinstance(error, TooManyUploads) else status_of(error), error.code, say(error))


def _said(status: int, code: str, words: str, **headers: str) -> Response:
    return JSONResponse({"code": code, "words": words}, status, headers={**headers, "Cache-Control": "no-store"})
