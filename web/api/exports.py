"""Issues as a file: the same CSV as the page's, row by row, of what the caller may export."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from models.permissions import Right
from runtime.i18n import gettext as _
from runtime.i18n import language
from services.exports.chosen import all_of
from services.sight import scope_of
from web.api.doors import Exports
from web.api.issues import Filters
from web.api.problems import ApiError, answers
from web.lists.files import CSV, Turn, rows_of

LATER = {"Retry-After": "60"}
router = APIRouter(tags=["exports"])
ANSWER = {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "One row for each issue."}


@router.get(
    "/exports/issues.csv",
    response_class=StreamingResponse,
    responses={**answers(400, 401, 403, 404, 422, 429, 503), 200: ANSWER},
)
def issues_csv(caller: Exports, filters: Annotated[Filters, Query()], request: Request) -> StreamingResponse:
    """Everything that the filters name; `sort`, `after` and `limit` count for nothing."""
    caller.must(Right.EXPORT)
    wanted = filters.asked().wanted(caller.session, reader=caller.actor.code, zone=ZoneInfo(caller.zone))
    scope = scope_of(caller.actor, city=caller.city, right=Right.EXPORT)
    which = all_of(caller.session, wanted, scope=scope, now=caller.now)
    turn = Turn()
    if not turn:
        raise ApiError(503, "busy", _("Other files are being written just now. Try again in a minute."), LATER)
    rows = rows_of(turn, request.app.state.sessions, which, now=caller.now, lang=language())
    return StreamingResponse(rows, media_type=CSV)
