"""What a reader sees when something is not there or goes wrong: a page with a sentence, never a traceback."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.exceptions import HTTPException

from models.errors import BadInput, DubanError, NotFound, NotStored, Refused
from runtime.errors import NotReady
from runtime.i18n import gettext as _
from runtime.i18n import say
from web.lapsed import log_in_first
from web.login import LoginNeeded
from web.pages import Pages
from web.problems import API, CODES, problem
from web.security import protect

log = logging.getLogger("duban.web")
STATUS: tuple[tuple[type[DubanError], int], ...] = (
    *((NotFound, 404), (BadInput, 400), (Refused, 409)),
    *((NotReady, 503), (NotStored, 503)),
)


def install(app: FastAPI) -> None:
    """Answer every failure with a page."""
    app.add_exception_handler(LoginNeeded, log_in_first)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(DubanError, _ours)
    app.add_exception_handler(SQLAlchemyError, _database)
    app.add_exception_handler(Exception, _unexpected)


def _show(request: Request, status: int, words: str) -> Response:
    """A page; a problem where a program asked for what the API does not have."""
    if request.url.path.startswith(API):
        return problem(status, code=CODES.get(status, "refused"), detail=words)
    pages: Pages = request.app.state.pages
    return pages.show(request, "error", status=status, status_code=status, words=words)


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return _show(request, 404, _("There is no such page."))
    if status == 403:
        return _show(request, 403, _("You may not do this, or not from there."))
    if status == 413:
        return _show(request, 413, _("That is more than this page takes. Write less, or send fewer or smaller photos."))
    return _show(request, status, _("This request cannot be answered."))


def _bad_request(request: Request, _error: Exception) -> Response:
    return _show(request, 400, _("This request cannot be answered."))


def status_of(error: DubanError) -> int:
    """The status of the answer that tells it."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, DubanError)
    return _show(request, status_of(error), say(error))


def _database(request: Request, error: Exception) -> Response:
    if isinstance(error, DataError):  # no column takes it, such as a number of 30 digits in an address
        log.warning("a value that the database does not take: %s", error)
        return _bad_request(request, error)
    log.error("the database failed: %s", error)
    return _show(request, 503, _("The database cannot be reached. Please try again in a moment."))


def _unexpected(request: Request, _error: Exception) -> Response:
    """The server logs the traceback itself. This answer goes out past everything that is around the application."""
    answer = _show(request, 500, _("Something went wrong here. It has been noted in the log."))
    protect(answer.headers, path=request.url.path)
    return answer
