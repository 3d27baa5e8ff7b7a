"""Uploads that resume after a cut: say how large the file is, send it in parts, ask how much has come.

As the pages do it (docs/reference/uploads.md); reports and actions then name the key. A photo that is sent in one piece
goes to POST /uploads.
"""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import Field

from runtime import clock
from runtime.i18n import gettext as _
from services import uploads
from services.photo_notes import Claim
from services.photos import MEGABYTE, TOO_LARGE, Unusable
from services.upload_parts import Busy, TooMuch, WrongOffset
from services.uploads import Wanted
from services.videos import MOST_MEGABYTES
from web.api.doors import Acts, Caller
from web.api.problems import ApiError, answers
from web.api.schemas import Given
from web.deps import Desk
from web.evidence.uploads import add_bytes, standing_of
from web.evidence.words import fault_words

router = APIRouter(prefix="/uploads/parts", tags=["evidence"])
Key = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
LARGEST = MOST_MEGABYTES * MEGABYTE
"""What a city can allow at most; what it does allow is asked when it begins."""
Offset = Annotated[int, Header(alias="Upload-Offset", ge=0, le=LARGEST, description="how much has come already")]
BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}, "required": True}
STANDING = {
    name: {"schema": {"type": "string"}, "description": words}
    for name, words in (
        ("Upload-Offset", "how much has come, in bytes"),
        ("Upload-Length", "how large it is"),
        ("Upload-Complete", "?1 once all has come and was looked at"),
    )
}


class Coming(Given):
    """A file that is to come. `key`: yours, made by chance, so that asking again registers nothing twice."""

    size: Annotated[int, Field(ge=1, le=LARGEST)]
    name: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    key: Annotated[str, Field(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lng: Annotated[float, Field(ge=-180, le=180)] | None = None


class Registered(Given):
    """Where to send it, and how much has come."""

    key: str
    offset: int
    size: int


@router.post("", status_code=201, responses=answers(400, 401, 403, 404, 409, 413, 422, 429))
def begin_upload(caller: Acts, given: Coming, request: Request) -> Registered:
    """Register a file that is to come; asked again with the same key: how far it has come."""
    wanted = Wanted(given.size, given.name, Claim(None, given.lat, given.lng), given.key)
    try:
        row = uploads.begin(caller.session, wanted, by=caller.actor.code, now=clock.true_now(caller.session))
    except Unusable as error:
        raise _unusable(error) from error
    caller.session.commit()
    come = standing_of(_desk(caller, request), row, 200).headers["Upload-Offset"]
    return Registered(key=row.key, offset=int(come), size=row.size)


@router.head(
    "/{key}",
    status_code=204,
    response_class=Response,
    responses={**answers(401, 403, 404, 422, 429), 204: {"description": "How much has come.", "headers": STANDING}},
)
def how_far(key: Key, caller: Acts, request: Request) -> Response:
    """How much has come, in headers."""
    return standing_of(_desk(caller, request), uploads.find(caller.session, key, by=caller.actor.code), 204)


@router.patch(
    "/{key}",
    status_code=204,
    response_class=Response,
    openapi_extra={"requestBody": BYTES},
    responses={
        **answers(400, 401, 403, 404, 409, 413, 422, 423, 429, 503),
        204: {"description": "It has come.", "headers": STANDING},
    },
)
async def go_on(key: Key, caller: Acts, request: Request, _offset: Offset) -> Response:
    """Bytes from `Upload-Offset` on. What arrives before a cut stays; with the last byte the file is looked at."""
    try:
        return await add_bytes(key, _desk(caller, request), caller.actor.code)
    except WrongOffset as error:
        words = _("The upload goes on at another place. Ask where, then send from there.")
        raise ApiError(409, "wrong_offset", words, {"Upload-Offset": str(error.offset)}) from None
    except Busy:
        words = _("This upload is being sent already. Try again in a moment.")
        raise ApiError(423, "busy", words, {"Retry-After": "5"}) from None
    except TooMuch:
        raise ApiError(413, "too_much", _("More was sent than was announced.")) from None
    except Unusable as error:
        raise _unusable(error) from error


@router.delete("/{key}", status_code=204, responses=answers(401, 403, 404, 422, 429))
def drop_upload(key: Key, caller: Acts) -> None:
    """It is not wanted any more. One that something has named stays."""
    uploads.drop(caller.session, caller.settings.uploads, key, by=caller.actor.code)
    caller.session.commit()


def _desk(caller: Caller, request: Request) -> Desk:
    return Desk(request, caller.session, caller.now, caller.settings, request.app.state.pages)


def _unusable(error: Unusable) -> ApiError:
    status = 413 if error.fault in TOO_LARGE else 400
    return ApiError(status, error.fault.value, fault_words(error.fault, error.facts))
