"""Photos and papers: getting a copy, and sending one that an action or a report then names by its key."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from runtime import clock
from services import evidence_view, uploads
from services.evidence_view import Size
from services.photos import LARGEST, Fault, Unusable
from services.uploads import clean_name
from web.api.doors import Acts, Caller, Reads
from web.api.problems import ApiError, answers
from web.api.schemas import Code, Told
from web.evidence.copies import answer
from web.evidence.words import fault_words

router = APIRouter(tags=["evidence"])
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]
BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}, "required": True}
PICTURE = {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}, "description": "The copy."}


class Uploaded(Told):
    """A file that was taken; reports and actions name it by its key, once, within 14 days."""

    key: str
    size: int


@router.get(
    "/evidence/{key}",
    responses={**answers(401, 403, 404, 422, 429, 503), 200: PICTURE, 304: {"description": "As it was read."}},
    response_class=Response,
)
def copy_of(key: Key, caller: Reads, request: Request, size: Size = Size.FULL) -> Response:
    """A copy of a piece of evidence; `plain` and `original` are for who may redact."""
    place = caller.settings.evidence
    return answer(
        request,
        evidence_view.copy_of(caller.session, place, key, reader=caller.actor, city=caller.city, size=size),
    )


@router.post(
    "/uploads",
    status_code=201,
    responses=answers(400, 401, 403, 413, 422, 429, 503),
    openapi_extra={"requestBody": BYTES},
)
async def upload(request: Request, caller: Acts, name: Annotated[Code, Query()] = "photo.jpg") -> Uploaded:
    """Send a photo as it is, in the body. It is looked at, drawn anew and kept."""
    data = await _body(request)
    return await run_in_threadpool(_take, caller, data, name)


async def _body(request: Request) -> bytes:
    """All of it, up to the largest photo. Raises ApiError 413."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > LARGEST:
            raise ApiError(413, "too_large", fault_words(Fault.TOO_LARGE))
    return bytes(data)


def _take(caller: Caller, data: bytes, name: str) -> Uploaded:
    """Raises ApiError 400 for what is no photo or paper, TooManyUploads, NotStored."""
    try:
        row = uploads.take(
            caller.session,
            data=data,
            name=clean_name(name),
            by=caller.actor.code,
            store=caller.settings.evidence,
            zone=caller.zone,
            now=clock.true_now(caller.session),
        )
    except Unusable as error:
        raise ApiError(400, error.fault.value, fault_words(error.fault)) from error
    caller.session.commit()
    return Uploaded(key=row.key, size=row.size)
