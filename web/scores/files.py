"""Scores as workbooks."""

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from models.permissions import Right
from runtime.i18n import language
from services.exports.scores import write_month, write_round
from services.ranking.seeing import units_seen
from services.scores.standards import standards_of
from web.deps import Here
from web.lists.files import EXCEL, Busy, Turn
from web.login import allowed
from web.scores.months import Code, month_of
from web.scores.parts import Leads
from web.scores.rounds import Live, look, viewed
from web.security import NOT_KEPT

log = logging.getLogger("duban.web")
router = APIRouter(prefix="/scores")


@router.get("/rounds/{number}.xlsx")
def of_round(number: str, here: Here, reader: Leads, live: Live = "", draft: Live = "") -> Response:
    """A round, observation by observation, as it was published or as it stands."""
    allowed(Right.EXPORT)(reader)
    looked = look(here, reader, number, view=viewed(live, draft))
    words = standards_of(here.session, looked.figures.edition, sorted({row.standard for row in looked.figures.rows}))
    log.info("%s took the scores of %s", reader.code, number)
    return _sent(
        lambda path: write_round(looked.figures, path, lang=language(), words=words),
        name=f"duban-scores-{number}-{looked.view}.xlsx",
    )


@router.get("/months/{month}.xlsx")
def of_month(month: str, here: Here, reader: Leads, area: Code = "") -> Response:
    """A month of the units in the reader's boards, as it stands."""
    allowed(Right.EXPORT)(reader)
    which, scores = month_of(here, reader, month, area)
    seen = units_seen(here.session, reader.actor, list(scores.units))
    log.info("%s took the scores of %s", reader.code, which)
    return _sent(
        lambda path: write_month(scores, path, lang=language(), units=seen), name=f"duban-scores-{which}-live.xlsx"
    )


def _sent(write: Callable[[Path], object], *, name: str) -> FileResponse:
    """The file, whole or not at all. Raises Busy while others are being written."""
    turn = Turn()
    if not turn:
        raise Busy
    with tempfile.NamedTemporaryFile(prefix="duban-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        write(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        turn.end()
    return FileResponse(
        path, headers=NOT_KEPT, media_type=EXCEL, filename=name, background=BackgroundTask(path.unlink, missing_ok=True)
    )
