"""A month's places as a workbook."""

import logging
import tempfile
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from models.permissions import Right
from runtime.i18n import language
from services.exports import ranking_book
from services.ranking.table import Table
from web.boards.page import Code
from web.deps import Here
from web.lists.files import EXCEL, Busy, Turn
from web.login import allowed
from web.ranking.months import Leads, seen
from web.security import NOT_KEPT

log = logging.getLogger("duban.web")
router = APIRouter(prefix="/ranking")


@router.get("/{month}.xlsx")
def workbook(month: str, here: Here, reader: Leads, area: Code = "", draft: str = "") -> Response:
    """The lines that the reader may see, in their order."""
    allowed(Right.EXPORT)(reader)
    view = seen(here, reader, month, area=area, draft=bool(draft))
    path = written(view.table)
    log.info("%s took the ranking of %s", reader.code, view.month)
    name = f"duban-ranking-{view.area_code}-{view.month}-{view.standing}.xlsx"
    return FileResponse(
        path, headers=NOT_KEPT, media_type=EXCEL, filename=name, background=BackgroundTask(path.unlink, missing_ok=True)
    )


def written(table: Table) -> Path:
    """The file, whole or not at all. Raises Busy while others are being written."""
    turn = Turn()
    if not turn:
        raise Busy
    with tempfile.NamedTemporaryFile(prefix="duban-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        ranking_book.write(table, path, lang=language())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        turn.end()
    return path
