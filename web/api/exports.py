"""Issues as a file: the same CSV and workbook as the page's, of what the caller may export."""

import tempfile
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, StreamingResponse
from starlette.background import BackgroundTask

from models.permissions import Right
from runtime.i18n import gettext as _
from runtime.i18n import language
from services.exports.chosen import all_of, count_of
from services.exports.ledger import Filter, export_ledger
from services.filters import Scope, Wanted
from services.sight import scope_of
from web.api.doors import Caller, Exports
from web.api.issues import Filters
from web.api.problems import ApiError, answers
from web.lists.files import CSV, EXCEL, MOST, TooManyRows, Turn, rows_of

LATER = {"Retry-After": "60"}
router = APIRouter(tags=["exports"])
ANSWER = {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "One row for each issue."}
BOOK = {"content": {EXCEL: {"schema": {"type": "string", "format": "binary"}}}, "description": "A workbook."}


@router.get(
    "/exports/issues.csv",
    response_class=StreamingResponse,
    responses={**answers(400, 401, 403, 404, 422, 429, 503), 200: ANSWER},
)
def issues_csv(caller: Exports, filters: Annotated[Filters, Query()], request: Request) -> StreamingResponse:
    """Everything that the filters name; `sort`, `after` and `limit` count for nothing."""
    wanted, scope = _wanted(caller, filters)
    which = all_of(caller.session, wanted, scope=scope, now=caller.now)
    rows = rows_of(_turn(), request.app.state.sessions, which, now=caller.now, lang=language())
    return StreamingResponse(rows, media_type=CSV)


@router.get(
    "/exports/issues.xlsx",
    response_class=FileResponse,
    responses={**answers(400, 401, 403, 404, 409, 422, 429, 503), 200: BOOK},
)
def issues_xlsx(caller: Exports, filters: Annotated[Filters, Query()]) -> FileResponse:
    """The same as a workbook, up to 50,000 rows."""
    wanted, scope = _wanted(caller, filters)
    if count_of(caller.session, wanted, scope=scope, now=caller.now, most=MOST) > MOST:
        raise TooManyRows(most=f"{MOST:,}")
    which = all_of(caller.session, wanted, scope=scope, now=caller.now)
    turn = _turn()
    try:
        path = _written(caller, which)
    finally:
        turn.end()
    return FileResponse(path, media_type=EXCEL, background=BackgroundTask(path.unlink, missing_ok=True))


def _written(caller: Caller, which: Filter) -> Path:
    with tempfile.NamedTemporaryFile(prefix="duban-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        caller.session.rollback()  # the file is of one moment: a transaction of its own
        export_ledger(caller.session, path, now=caller.now, which=which, lang=language())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _wanted(caller: Caller, filters: Filters) -> tuple[Wanted, Scope | None]:
    caller.must(Right.EXPORT)
    wanted = filters.asked().wanted(caller.session, reader=caller.actor.code, zone=ZoneInfo(caller.zone))
    return wanted, scope_of(caller.actor, city=caller.city, right=Right.EXPORT)


def _turn() -> Turn:
    turn = Turn()
    if not turn:
        raise ApiError(503, "busy", _("Other files are being written just now. Try again in a minute."), LATER)
    return turn
