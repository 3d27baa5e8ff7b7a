"""The filtered list as a file: Excel with every column of the problem ledger, or CSV, which begins at once.

A few files are written at a time, so that pages stay quick.
"""

import logging
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Annotated
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse, Response, StreamingResponse
from sqlmodel import Session
from starlette.background import BackgroundTask

from models.errors import Refused
from models.permissions import Right
from runtime.i18n import gettext as _
from runtime.i18n import language, say
from services.exports.chosen import all_of, count_of
from services.exports.ledger import Filter, export_ledger
from services.exports.ledger_csv import ledger_csv
from web.deps import Desk, Here
from web.lists.asked import Asked
from web.lists.page import UNREADABLE
from web.lists.reading import Question, question
from web.login import Reader, allowed

log = logging.getLogger("duban.web")
router = APIRouter()
AT_ONCE = BoundedSemaphore(2)
MOST = 50_000
"""Rows of a workbook: it is sent when its last row is written."""
CSV = "text/csv; charset=utf-8"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Exports = Annotated[Reader, Depends(allowed(Right.EXPORT))]


class TooManyRows(Refused):
    code = "too_many_rows"
    template = "More than {most} issues are too many for a workbook. Narrow the filters, or take the CSV file."


class NotWritten(Refused):
    code = "not_written"
    template = "The file cannot be written here just now ({why}). Tell whoever runs the server."


class Busy(Refused):
    code = "busy"
    template = "Other files are being written just now. Try again in a minute."


class Turn:
    """One of the few, or none when they are all taken. It ends with the answer, whatever becomes of that."""

    def __init__(self) -> None:
        self._held = AT_ONCE.acquire(blocking=False)

    def __bool__(self) -> bool:
        return self._held

    def end(self) -> None:
        if self._held:
            self._held = False
            AT_ONCE.release()

    def __del__(self) -> None:
        """A reader may be gone before the first row: then nobody else ends it."""
        self.end()


@router.get("/issues.xlsx")
def excel(here: Here, reader: Exports) -> Response:
    """A workbook, whole or not at all."""
    asking = _question(here, reader)
    if isinstance(asking, Response):
        return asking
    if count_of(here.session, asking.wanted, scope=asking.scope, now=here.now, most=MOST) > MOST:
        return _refused(here, TooManyRows(most=f"{MOST:,}"), 409)
    turn = Turn()
    if not turn:
        return _refused(here, Busy(), 503)
    try:
        path = _write(here, asking)
    except OSError as error:
        log.error("a workbook could not be written: %s", error)
        return _refused(here, NotWritten(why=error.strerror or error), 503)
    finally:
        turn.end()
    log.info("%s took a workbook of issues: %s", reader.code, asking.asked.query)
    headers = _attachment(here, asking, ".xlsx")
    return FileResponse(
        path, media_type=EXCEL, headers=headers, background=BackgroundTask(path.unlink, missing_ok=True)
    )


def _write(here: Desk, asking: Question) -> Path:
    with tempfile.NamedTemporaryFile(prefix="duban-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        which = all_of(here.session, asking.wanted, scope=asking.scope, now=here.now)
        here.session.rollback()  # the file is of one moment: a transaction of its own
        export_ledger(here.session, path, now=here.now, which=which, lang=language())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


@router.get("/issues.csv")
def csv(here: Here, reader: Exports) -> Response:
    """A CSV file for Excel (UTF-8 with a mark), row by row."""
    asking = _question(here, reader)
    if isinstance(asking, Response):
        return asking
    which = all_of(here.session, asking.wanted, scope=asking.scope, now=here.now)
    turn = Turn()
    if not turn:
        return _refused(here, Busy(), 503)
    log.info("%s took a CSV file of issues: %s", reader.code, asking.asked.query)
    rows = rows_of(turn, here.request.app.state.sessions, which, now=here.now, lang=language())
    return StreamingResponse(rows, media_type=CSV, headers=_attachment(here, asking, ".csv"))


def rows_of(turn: Turn, sessions: Callable[[], Session], which: Filter, *, now: datetime, lang: str) -> Iterator[str]:
    """A CSV file row by row, in a session of its own; the turn ends with it."""
    try:
        with sessions() as session:
            yield from ledger_csv(session, now=now, which=which, lang=lang)
    finally:
        turn.end()


def _question(here: Desk, reader: Reader) -> Question | Response:
    try:
        return question(here, reader, Asked.read(here.request.query_params), right=Right.EXPORT)
    except UNREADABLE as error:
        here.session.rollback()
        return here.pages.show(here.request, "error", status=400, status_code=400, words=say(error))


def _refused(here: Desk, error: Refused, status: int) -> Response:
    return here.pages.show(here.request, "error", status=status, status_code=status, words=say(error))


def _attachment(here: Desk, asking: Question, suffix: str) -> dict[str, str]:
    day = f"{here.now.astimezone(ZoneInfo(asking.zone)):%Y%m%d}"
    ledger = _("problem-ledger")
    name = f"{ledger}-{day}{suffix}"
    return {
        "Content-Disposition": f"attachment; filename=\"issues-{day}{suffix}\"; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
