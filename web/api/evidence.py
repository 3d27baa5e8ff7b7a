"""Photos, videos and papers: getting a copy, and sending one that an action or a report then names by its key."""

from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, BinaryIO, cast

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from runtime import clock
from services import evidence_view, uploads, videos
from services.evidence_view import Size
from services.photos import LARGEST, MEGABYTE, TOO_LARGE, Fault, Unusable
from services.uploads import clean_name
from web.api.doors import Acts, Caller, Reads
from web.api.problems import ApiError, answers
from web.api.schemas import Code, Told
from web.evidence.copies import answer
from web.evidence.words import fault_words

router = APIRouter(tags=["evidence"])
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]
BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}, "required": True}
IN_MEMORY = 1024 * 1024
"""Bytes of a body beyond which it waits on the disk."""
FILE = {"schema": {"type": "string", "format": "binary"}}
PICTURE = {
    "content": dict.fromkeys(("image/jpeg", *videos.ENDINGS), FILE),
    "description": "The copy: a photo drawn anew, or a video. `Range` asks for a part of a video.",
}
PARTS: dict[int | str, dict[str, Any]] = {
    206: {"description": "A part of it, as `Range` asked."},
    416: {"description": "No such part: `Content-Range` says how large it is."},
}


class Uploaded(Told):
    """A file that was taken; reports and actions name it by its key, once, within 14 days."""

    key: str
    size: int


@router.get(
    "/evidence/{key}",
    responses={**answers(401, 403, 404, 422, 429, 503), 200: PICTURE, 304: {"description": "As it was read."}, **PARTS},
    response_class=Response,
)
def copy_of(key: Key, caller: Reads, request: Request, size: Size = Size.FULL) -> Response:
    """A copy of a piece of evidence; `plain` and `original` are for who may redact. A video has no `small` one."""
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
    """Send a photo, a video or a paper as it is, in the body. It is looked at, a photo drawn anew, and kept."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        await _body(request, file, most=await run_in_threadpool(_most, caller))
        return await run_in_threadpool(_take, caller, cast(BinaryIO, file), name)


def _most(caller: Caller) -> int:
    return max(LARGEST, videos.limits(caller.session).size)


async def _body(request: Request, file: "SpooledTemporaryFile[bytes]", *, most: int) -> None:
    """All of it, up to the largest file that is taken. Raises ApiError 413."""
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise ApiError(413, "too_large", fault_words(Fault.VIDEO_LARGE, {"most": most // MEGABYTE}))
        await run_in_threadpool(file.write, chunk)


def _take(caller: Caller, data: BinaryIO, name: str) -> Uploaded:
    """Raises ApiError 400 or 413 for what is no photo, video or paper, TooManyUploads, NotStored."""
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
        status = 413 if error.fault in TOO_LARGE else 400
        raise ApiError(status, error.fault.value, fault_words(error.fault, error.facts)) from error
    caller.session.commit()
    return Uploaded(key=row.key, size=row.size)
