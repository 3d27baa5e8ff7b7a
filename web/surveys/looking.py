"""Surveys in a list, and one with its results: each figure with n and interval, the public apart."""

import tempfile
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.background import BackgroundTask

from models.area import Area
from models.errors import DubanError
from models.permissions import Right
from runtime.i18n import language, say
from services.exports.surveys import export_results
from services.scores.formula import in_force
from services.surveys import looking, starting
from services.surveys.looking import Seen
from services.surveys.results import Results, results
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.lists.files import EXCEL
from web.login import LoggedIn, Reader
from web.security import NOT_KEPT

router = APIRouter()


@router.get("", response_class=HTMLResponse)
def every(here: Here, reader: LoggedIn) -> HTMLResponse:
    """The newest surveys that the reader may know of: an interviewer those with places of theirs."""
    return here.pages.show(
        here.request,
        "surveys/list",
        surveys=looking.surveys(here.session, reader=reader.actor, now=here.now),
        may_start=Right.RUN_SURVEYS in reader.rights,
    )


@router.get("/{code}", response_class=HTMLResponse)
def one(code: str, here: Here, reader: LoggedIn) -> HTMLResponse:
    """Its places, and for a desk its results, of the area asked for."""
    return _page(here, _seen(here, reader, code))


@router.get("/{code}/results.xlsx")
def workbook(code: str, here: Here, reader: LoggedIn) -> Response:
    """The results as a workbook."""
    seen = _seen(here, reader, code)
    found = _results(here, seen)
    if found is None:
        raise HTTPException(404)
    with tempfile.NamedTemporaryFile(prefix="duban-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        export_results(found, seen.round, path, lang=language())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    gone = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, headers=NOT_KEPT, media_type=EXCEL, filename=f"{seen.round.code}.xlsx", background=gone)


@router.post("/{code}/end")
def end(code: str, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """End it before its last day; it takes a reason."""
    seen = _seen(here, reader, code)
    why = forms.text(form, "why", longest=forms.ENDLESS)
    try:
        forms.text(form, "why")
        starting.end(here.session, seen.round, by=reader.actor, why=why, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return _page(here, _seen(here, reader, code), wrong=say(error), why=why, status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/surveys/{code}", 303)


def _seen(here: Desk, reader: Reader, code: str) -> Seen:
    return looking.survey(here.session, code, reader=reader.actor, now=here.now)


def _results(here: Desk, seen: Seen) -> Results | None:
    """Of the area that is asked for, where the reader may see it; of the widest that they may see otherwise."""
    if not seen.areas:
        return None
    wanted = here.session.get(Area, forms.cleaned(here.request.query_params.get("area"))[:40])
    inside = wanted is not None and any(_within(wanted, area) for area in seen.areas)
    area = wanted if wanted is not None and inside else seen.areas[0]
    return results(here.session, seen.round, area, rules=in_force(here.session))


def _within(inner: Area, outer: Area) -> bool:
    return inner.path == outer.path or inner.path.startswith(f"{outer.path}/")


def _page(here: Desk, seen: Seen, *, status: int = 200, **more: Any) -> HTMLResponse:
    return here.pages.show(
        here.request,
        "surveys/one",
        status=status,
        seen=seen,
        round=seen.round,
        found=_results(here, seen),
        repeats=starting.drawn_again(here.session, seen.round) if seen.areas else True,
        **{"wrong": "", "why": "", **more},
    )
