"""Errors of the API: application/problem+json (RFC 9457) with our codes, in the reader's language."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from models.errors import ActionNotAllowed, BadRows, DubanError, SomebodyWasFaster
from runtime.i18n import gettext as _
from runtime.i18n import say
from web.api.etags import NotModified
from web.errors import status_of
from web.problems import CODES, MEDIA_TYPE, Problem, Wrong, problem

log = logging.getLogger("duban.api")


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


def _not_modified(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers={"ETag": error.tag})


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = error.status_code
    if isinstance(error, ApiError):
        return problem(status, code=error.code, detail=str(error.detail), headers=error.headers)
    code, words = CODES.get(status, "refused"), _words().get(status, str(error.detail))
    return problem(status, code=code, detail=words, headers=error.headers)


def _words() -> Mapping[int, str]:
    """What the framework tells in its own words, and in English only."""
    return {
        400: _("The body cannot be read. JSON in UTF-8 is taken."),
        404: _("There is no such address. All of them stand in /api/docs."),
        405: _("This address does not take this method. What it takes stands in /api/docs."),
        413: _("That is more than one request may bring. Photos go to /uploads, one by one or in parts."),
    }


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
