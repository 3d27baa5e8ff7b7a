"""Rounds: which there are, how far one has come, what came of it; taking in a file of results; ending it."""

import tempfile
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from models.audit import Round
from models.errors import BadRows, DubanError, MissingInput
from models.permissions import Right
from runtime.i18n import say
from services import audit_files, audit_results, audit_view
from services.audit_files import WORDS
from services.same_fault_view import first_of
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import LoggedIn, Reader

router = APIRouter()
LARGEST_FILE = 20 * 1024 * 1024
SHOWN_BAD_ROWS = 200


@router.get("", response_class=HTMLResponse)
def every_round(here: Here, reader: LoggedIn) -> HTMLResponse:
    """The newest rounds that the reader may know of: an inspector those with sheets of theirs."""
    return here.pages.show(
        here.request,
        "audits/list",
        rounds=audit_view.rounds(here.session, reader.actor),
        may_start=Right.START_AUDIT in reader.rights,
    )


@router.get("/{number}", response_class=HTMLResponse)
def one_round(number: str, here: Here, reader: LoggedIn) -> HTMLResponse:
    """How far it has come; the page asks again by itself while sheets are open."""
    return _page(here, reader, audit_view.must_see_round(here.session, reader.actor, number))


@router.get("/{number}/progress", response_class=HTMLResponse)
def progress(number: str, here: Here, reader: LoggedIn) -> HTMLResponse:
    """The part of the page that changes."""
    round_ = audit_view.must_see_round(here.session, reader.actor, number)
    return here.pages.show(here.request, "audits/progress", **_seen(here, reader, round_))


@router.post("/{number}/end")
def end(number: str, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """End it though sheets are open; it takes a reason."""
    round_ = audit_view.must_see_round(here.session, reader.actor, number)
    why = forms.text(form, "why", longest=forms.ENDLESS)
    try:
        forms.text(form, "why")
        audit_results.end(here.session, round_, by=reader.actor, why=why, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, round_, wrong_end=say(error), why=why, status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/audits/{number}", 303)


@router.post("/{number}/results")
def results(number: str, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Take in a file of results: all of it, or nothing and every bad row is told."""
    round_ = audit_view.must_see_round(here.session, reader.actor, number)
    try:
        done = _take_in(here, reader, round_, form)
    except DubanError as error:
        here.session.rollback()
        rows = error.rows[:SHOWN_BAD_ROWS] if isinstance(error, BadRows) else ()
        return _page(here, reader, round_, wrong_file=say(error), bad_rows=rows, status=status_of(error))
    here.session.commit()
    written, issues = sum(one.written for one in done), sum(len(one.issues) for one in done)
    return RedirectResponse(f"/audits/{number}?written={written}&issues={issues}", 303)


def _take_in(here: Desk, reader: Reader, round_: Round, form: FormData) -> list[audit_results.Recorded]:
    uploads = forms.files(form, "file")
    if not uploads:
        raise MissingInput(action="record", missing="file")
    with tempfile.TemporaryDirectory() as folder:
        rows = audit_files.read_results(_kept(uploads[0], Path(folder)))
    of_others = [row for row in rows if row.round != round_.number]
    if of_others:
        raise audit_files.other_round(of_others, round_.number, file=_name(uploads[0]))
    return audit_files.take_in(here.session, rows, file=_name(uploads[0]), by=reader.actor, now=here.now)


def _kept(upload: UploadFile, folder: Path) -> Path:
    path = folder / "results.csv"
    path.write_bytes(upload.file.read(LARGEST_FILE))
    return path


def _name(upload: UploadFile) -> str:
    return (upload.filename or "").replace("\\", "/").rsplit("/", 1)[-1][-60:]


def _seen(here: Desk, reader: Reader, round_: Round) -> dict[str, Any]:
    return {
        "round": round_,
        "first": first_of(here.session, round_, reader=reader.actor),
        "sheets": audit_view.sheets(here.session, round_),
        "progress": audit_results.progress(here.session, round_.number),
        "issues": audit_view.issues_of(here.session, round_),
        "zone": audit_view.zone(here.session),
        "me": reader.code,
    }


def _page(here: Desk, reader: Reader, round_: Round, *, status: int = 200, **more: Any) -> HTMLResponse:
    told = here.request.query_params
    return here.pages.show(
        here.request,
        "audits/round",
        status=status,
        **_seen(here, reader, round_),
        may_end=audit_results.may_end(here.session, round_, by=reader.actor),
        written=told.get("written", "") if told.get("written", "").isdecimal() else "",
        made=told.get("issues", "") if told.get("issues", "").isdecimal() else "",
        headings=", ".join(audit_files.NEEDED),
        words=", ".join(WORDS),
        **{"wrong_end": "", "wrong_file": "", "bad_rows": (), "why": "", **more},
    )
