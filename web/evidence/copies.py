"""Copies of evidence: pictures drawn anew, papers as downloads. Nothing of them may act in a page of ours."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from services import evidence_view
from services.evidence_view import Copy, Size
from web.deps import Here
from web.evidence.ranges import in_parts
from web.login import LoggedIn

router = APIRouter()
LARGEST = 2**63 - 1
Key = Annotated[int, Path(ge=1, le=LARGEST)]
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
    "Content-Encoding": "identity",  # pictures are packed already: not once more
}

FILM = "default-src 'none'; media-src 'self'; sandbox allow-same-origin; frame-ancestors 'none'"
"""For a video that is opened by itself: the page that a browser makes of it asks for the same address once more, and
from nowhere it would get nothing. Scripts stay forbidden."""


@router.api_route("/evidence/{key}", methods=["GET", "HEAD"])
def piece(key: Key, here: Here, reader: LoggedIn, size: Size = Size.FULL) -> Response:
    """A piece of evidence, for who may see its issue."""
    place = here.settings.evidence
    return answer(
        here.request,
        evidence_view.copy_of(here.session, place, key, reader=reader.actor, city=reader.city, size=size),
    )


def answer(request: Request, copy: Copy) -> Response:
    """The copy, or that the browser's own is still good."""
    headers = {**HEADERS, "ETag": f'"{copy.content}"', "Content-Disposition": _disposition(copy)}
    if headers["ETag"] in [
        tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")
    ]:
        return Response(status_code=304, headers=headers)
    if copy.parts is not None:
        if copy.inline:
            headers["Content-Security-Policy"] = FILM
        return in_parts(request, copy.parts, media_type=copy.media_type, headers=headers)
    return Response(copy.read(), media_type=copy.media_type, headers=headers)


def _disposition(copy: Copy) -> str:
    """With a plain name too, for browsers of old; nothing of the name can end the header."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in copy.name)
    kind = "inline" if copy.inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(copy.name, safe='')}"
