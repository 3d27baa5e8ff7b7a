"""The list of material: narrowed, as a workbook, taken in from one. One piece of it; its files as downloads."""

import tempfile
from pathlib import Path as FilePath
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Path
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.background import BackgroundTask

from models.errors import BadRows, DubanError, MissingInput, WrongValue
from models.filing import FilingState
from models.permissions import Right
from runtime.i18n import language, say
from services.audit_view import zone
from services.exports.filing import export_filing
from services.exports.register import read_register
from services.filing import looking
from services.filing.after import After
from services.filing.looking import Asked
from services.imports import filing as lists
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.evidence.copies import answer
from web.filing.shown import show_item
from web.forms import Sent
from web.lists.files import EXCEL
from web.login import LoggedIn, Reader, allowed
from web.security import NOT_KEPT

router = APIRouter()
Sees = Annotated[Reader, Depends(allowed(Right.SEE_FILING))]
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]
LARGEST_FILE = 20 * 1024 * 1024
SHOWN_BAD_ROWS = 200
STATES = [state.value for state in FilingState]


@router.get("", response_class=HTMLResponse)
def every(here: Here, reader: Sees) -> HTMLResponse:
    """What is asked for and how it stands, the nearest deadline first; how far each unit has come."""
    return _page(here, reader)


@router.get("/list.xlsx")
def workbook(here: Here, reader: Sees) -> Response:
    """The list as a workbook that imports again; without material, its headings."""
    lines = looking.every_line(here.session, _asked(here), reader=reader.actor, now=here.now)
    register = read_register(here.session, now=here.now)
    with tempfile.NamedTemporaryFile(prefix="duban-", suffix=".xlsx", delete=False) as file:
        path = FilePath(file.name)
    try:
        export_filing(lines, path, register=register, lang=language())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    gone = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, headers=NOT_KEPT, media_type=EXCEL, filename="filing.xlsx", background=gone)


@router.post("/import")
def take_in(here: Here, reader: Sees, form: Sent) -> Response:
    """Take in a list: all of it, or nothing and every bad row is told."""
    if Right.MANAGE_FILING not in reader.rights:
        raise HTTPException(403)
    sent = forms.files(form, "file")
    try:
        if not sent:
            raise MissingInput(action="import", missing="file")
        with tempfile.TemporaryDirectory() as folder:
            path = FilePath(folder) / _name(sent[0].filename)
            path.write_bytes(sent[0].file.read(LARGEST_FILE))
            planned = lists.plan(here.session, path, by=reader.actor, now=here.now)
            lists.apply(here.session, planned, by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        rows = error.rows[:SHOWN_BAD_ROWS] if isinstance(error, BadRows) else ()
        return _page(here, reader, wrong=say(error), bad_rows=rows, status=status_of(error))
    here.session.commit()
    told = {"new": len(planned.new), "changed": len(planned.changed), "same": planned.unchanged}
    return RedirectResponse(f"/filing?{urlencode(told)}", 303)


@router.get("/{key}", response_class=HTMLResponse)
def one(key: Key, here: Here, reader: LoggedIn) -> HTMLResponse:
    """One piece of material."""
    return show_item(here, looking.item(here.session, key, reader=reader.actor))


@router.get("/{key}/files/{file}")
def file(key: Key, file: Key, here: Here, reader: LoggedIn) -> Response:
    """A file as a download: nothing of it is opened or shown here."""
    place = here.settings.evidence
    return answer(here.request, looking.copy_of(here.session, place, key, file, reader=reader.actor))


def _name(given: str | None) -> str:
    return (given or "").replace("\\", "/").rsplit("/", 1)[-1][-60:].replace("\x00", "") or "list.xlsx"


def _asked(here: Desk) -> Asked:
    given = here.request.query_params
    year, after = given.get("year", ""), given.get("after", "")
    return Asked(
        unit=forms.cleaned(given.get("unit"))[:100],
        state=forms.cleaned(given.get("state"))[:40],
        late=given.get("late") == "1",
        version=forms.cleaned(given.get("version"))[:100],
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
        after=_after(after),
    )


def _after(written: str) -> After | None:
    """An address that is bent begins at the first."""
    try:
        return After.parse(written) if written else None
    except WrongValue:
        return None


def _page(here: Desk, reader: Reader, *, status: int = 200, **more: Any) -> HTMLResponse:
    asked, given = _asked(here), here.request.query_params
    lines, following = looking.lines(here.session, asked, reader=reader.actor, now=here.now)
    told = {name: given.get(name, "") for name in ("new", "changed", "same")}
    return here.pages.show(
        here.request,
        "filing/list",
        status=status,
        asked=asked,
        lines=lines,
        more=f"/filing?{urlencode({**dict(given), 'after': str(following)})}" if following else "",
        narrowed=urlencode({name: value for name, value in given.items() if name not in ("after", *told)}),
        progress=looking.progress(here.session, asked, reader=reader.actor, now=here.now),
        states=STATES,
        may_manage=Right.MANAGE_FILING in reader.rights,
        told=told if all(value.isdecimal() for value in told.values()) else None,
        zone=zone(here.session),
        **{"wrong": "", "bad_rows": (), **more},
    )
