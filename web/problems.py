"""A failure as a program reads it: application/problem+json (RFC 9457) with our code."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel

MEDIA_TYPE = "application/problem+json"
NOWHERE = "about:blank"
API = "/api/"
"""Below this address everything is told so."""


CODES: Mapping[int, str] = {
    400: "bad_input",
    401: "token_needed",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    412: "somebody_was_faster",
    413: "too_large",
    415: "unsupported_media_type",
    422: "bad_input",
    429: "too_many_requests",
}


class Wrong(BaseModel):
    """One place that is wrong: a field, or a row of a file."""

    where: str
    what: str


class Problem(BaseModel):
    """What went wrong. `code` never changes; `title` and `detail` are for people."""

    type: str = NOWHERE
    title: str
    status: int
    detail: str
    code: str
    errors: list[Wrong] = []


def problem(
    status: int,
    *,
    code: str,
    detail: str,
    errors: list[Wrong] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer that tells a problem."""
    told = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, code=code, errors=errors or [])
    return JSONResponse(jsonable_encoder(told), status, headers=dict(headers or {}), media_type=MEDIA_TYPE)
