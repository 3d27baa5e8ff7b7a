"""Errors of the API: application/problem+json (RFC 9457) with our codes, in the reader's language."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from models.errors import ActionNotAllowed, BadRows, DubanError, SomebodyWasFaster
from runtime.i18n import gettext as _
from runtime.i18n import say
from web.api.etags import NotModified
from web.errors import status_of

log = logging.getLogger("duban.api")
MEDIA_TYPE = "application/problem+json"
NOWHERE = "about:blank"
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


class ApiError(HTTPException):
    """A problem that is none of the field's: about the request itself."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, dict(headers) if headers else None)
        self.code = code


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route may answer besides its result, for the OpenAPI page."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    described = {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}
    return {status: {**answer, "model": Problem} for status, answer in described.items()}


def install(api: FastAPI) -> None:
    """Answer every failure with a problem."""
    api.add_exception_handler(NotModified, _not_modified)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(DubanError, _ours)
    api.add_exception_handler(SQLAlchemyError, _database)
    api.add_exception_handler(Exception, _unexpected)


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


def _not_modified(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers={"ETag": error.tag})


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = error.code if isinstance(error, ApiError) else CODES.get(error.status_code, "refused")
    return problem(error.status_code, code=code, detail=str(error.detail), headers=error.headers)


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = [Wrong(where=".".join(map(str, one["loc"])), what=str(one["msg"])) for one in error.errors()]
    return problem(422, code="bad_input", detail=_("The input cannot be used."), errors=wrong)


def _ours(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DubanError)
    rows = error.rows if isinstance(error, BadRows) else ()
    wrong = [Wrong(where=f"{row.row}: {row.column}", what=f"{row.value} ≠ {row.expected}") for row in rows]
    return problem(_status(error), code=error.code, detail=say(error), errors=wrong)


def _status(error: DubanError) -> int:
    if isinstance(error, SomebodyWasFaster):
        return 412
    return 403 if isinstance(error, ActionNotAllowed) else status_of(error)


def _database(_request: Request, error: Exception) -> JSONResponse:
    log.error("the database failed: %s", error)
    words = _("The database cannot be reached. Please try again in a moment.")
    return problem(503, code="not_ready", detail=words, headers={"Retry-After": "5"})


def _unexpected(_request: Request, _error: Exception) -> JSONResponse:
    return problem(500, code="error", detail=_("Something went wrong here. It has been noted in the log."))
