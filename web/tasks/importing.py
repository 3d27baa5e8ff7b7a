"""The table taken out as a workbook, edited, and taken in again: first what would change, then it is done."""

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.background import BackgroundTask
from starlette.datastructures import FormData

from models.errors import BadRows, DubanError, MissingInput, WrongValue
from models.permissions import Right
from runtime import clock
from runtime.expectations import expected
from runtime.i18n import gettext as _
from runtime.i18n import language, say
from services.administering.view_waiting import keep, path_of
from services.imports import tasks
from services.imports.tasks import Plan
from services.tasks.table_file import write_table
from services.uploads import clean_name
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import Reader, allowed
from web.security import NOT_KEPT
from web.tasks import wording
from web.tasks.asked import address, known_years, year_asked
from web.tasks.coverage import EXCEL

router = APIRouter(prefix="/tasks")
Manages = Annotated[Reader, Depends(allowed(Right.MANAGE_CITY))]
LARGEST = 20 * 1024 * 1024
SHOWN = 200


@router.get("/table.xlsx")
def take_out(here: Here, reader: Annotated[Reader, Depends(allowed(Right.EXPORT))]) -> Response:
    """One year's table, in the columns that are read again."""
    year = year_asked(here)
    folder = tempfile.TemporaryDirectory(prefix="duban-")
    path = Path(folder.name) / f"tasks-{year}.xlsx"
    try:
        write_table(here.session, path, year=year, lang=language(), by=reader.actor)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        path, headers=NOT_KEPT, media_type=EXCEL, filename=path.name, background=BackgroundTask(folder.cleanup)
    )


@router.get("/import", response_class=HTMLResponse)
def choose(here: Here, _reader: Manages) -> HTMLResponse:
    """Which file."""
    return _page(here)


@router.post("/import")
def look(here: Here, reader: Manages, form: Sent) -> Response:
    """What the file would change; with `seen`, that is done."""
    kept, whole = "", "whole" in form
    try:
        kept = forms.text(form, "kept", longest=100) or _kept(here, reader, form)
        planned = tasks.plan(here.session, path_of(_folder(here), kept, by=reader.code), now=here.now)
        planned = replace(planned, file=_theirs(form))  # the name under which we keep it says nothing to its owner
        if planned.bad:
            raise BadRows(file=planned.file, rows=planned.bad)
        if forms.text(form, "seen", longest=100) == _mark(planned) and "seen" in form:
            return _done(here, reader, planned, whole=whole)
    except DubanError as error:
        here.session.rollback()
        if kept and error.params.get("file") == kept:
            error.params["file"] = _theirs(form)
        bad = error.rows if isinstance(error, BadRows) else ()
        return _page(here, wrong=say(error), bad=bad, status=status_of(error))
    here.session.rollback()
    again = _("The table has changed meanwhile. Look again at what the file would do.") if "seen" in form else ""
    return _page(here, planned=planned, kept=kept, theirs=_theirs(form), whole=whole, wrong=again)


def _done(here: Desk, reader: Reader, planned: Plan, *, whole: bool) -> Response:
    gone = planned.gone if whole else ()
    tasks.apply(here.session, planned, by=reader.actor, now=here.now, gone=gone)
    here.session.commit()
    counts = {"new": len(planned.new_tasks), "changed": len(planned.changes), "gone": len(gone)}
    return RedirectResponse(address("/tasks/import", done="1", **counts), 303)


def _mark(planned: Plan) -> str:
    """What was shown, as a hash: only that is done."""
    shown = (planned.new_points, planned.new_tasks, planned.changes, planned.gone)
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _kept(here: Desk, reader: Reader, form: FormData) -> str:
    """Raises MissingInput, WrongValue, NotStored."""
    given = forms.files(form, "file")
    if not given:
        raise MissingInput(action="import_tasks", missing="file")
    name, data = clean_name(given[0].filename or ""), given[0].file.read(LARGEST + 1)
    if not name.lower().endswith(".xlsx"):
        raise WrongValue(field="file", value=name, expected=".xlsx")
    if len(data) > LARGEST:
        raise WrongValue(field="file", value=name, expected=f"at most {LARGEST // 1024**2} MB")
    return keep(_folder(here), data, suffix="xlsx", by=reader.code, now=clock.true_now(here.session))


def _theirs(form: FormData) -> str:
    """What its owner calls the file."""
    sent = next((clean_name(one.filename or "") for one in forms.files(form, "file")), "")
    return sent or clean_name(forms.text(form, "name", longest=200))


def _folder(here: Desk) -> Path:
    return here.settings.home / "administration"


def _page(here: Desk, *, status: int = 200, **more: Any) -> HTMLResponse:
    planned: Plan | None = more.get("planned")
    query = here.request.query_params
    told = [query.get(name, "") for name in ("new", "changed", "gone")]
    done = query.get("done") == "1" and all(one.isdecimal() and len(one) < 8 for one in told)
    return here.pages.show(
        here.request,
        "tasks/import",
        status=status,
        years=known_years(here),
        largest=LARGEST // 1024**2,
        expected=expected,
        columns=wording.columns(),
        shown=SHOWN,
        mark=_mark(planned) if planned else "",
        done=told if done else (),
        address=address,
        **{"planned": None, "kept": "", "theirs": "", "whole": False, "wrong": "", "bad": (), **more},
    )
