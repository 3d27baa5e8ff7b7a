"""Rounds: which there are, how far one has come, what came of it; taking in a file of results; ending it."""

import tempfile
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from models.audit import Round
from models.errors import BadRows, DubanError, MissingInput
from models.permissions import Right
from runtime.expectations import expected
from runtime.i18n import language, say
from services import audit_contradictions, audit_dispatch, audit_files, audit_results, audit_view
from services.audit_acts import may_steer
from services.exports.audit_sheets import export_sheets
from services.imports.audit_sheets import read_sheets
from web import forms
from web.audits.parts import EXCEL, as_file, history, seen
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import LoggedIn, Reader

router = APIRouter()
LARGEST_FILE = 20 * 1024 * 1024
SHOWN_BAD_ROWS = 200
ZIP = b"PK"
COUNTED = ("written", "issues", "assigned", "notices", "left")
"""What a page that was sent on tells of."""


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
    return page(here, reader, audit_view.must_see_round(here.session, reader.actor, number))


@router.get("/{number}/progress", response_class=HTMLResponse)
def progress(number: str, here: Here, reader: LoggedIn) -> HTMLResponse:
    """The part of the page that changes."""
    round_ = audit_view.must_see_round(here.session, reader.actor, number)
    return here.pages.show(here.request, "audits/progress", **seen(here, reader, round_))


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
        return page(here, reader, round_, wrong_end=say(error), why=why, status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/audits/{number}", 303)


@router.get("/{number}/sheets.xlsx", response_class=FileResponse)
def workbook(number: str, here: Here, reader: LoggedIn) -> FileResponse:
    """The sheets as a workbook, for inspectors without a network: all of them, or the reader's own."""
    round_ = audit_view.must_see_round(here.session, reader.actor, number)
    write = lambda path: export_sheets(here.session, path, round_, by=reader.actor, lang=language())  # noqa: E731
    return as_file(write, name=f"{round_.number}.xlsx", kind=EXCEL)


@router.post("/{number}/results")
def results(number: str, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Take in a file of results: all of it, or nothing and every bad row is told."""
    round_ = audit_view.must_see_round(here.session, reader.actor, number)
    try:
        done = _take_in(here, reader, round_, form)
    except DubanError as error:
        here.session.rollback()
        rows = error.rows[:SHOWN_BAD_ROWS] if isinstance(error, BadRows) else ()
        return page(here, reader, round_, wrong_file=say(error), bad_rows=rows, status=status_of(error))
    here.session.commit()
    written, issues = sum(one.written for one in done), sum(len(one.issues) for one in done)
    return RedirectResponse(f"/audits/{number}?written={written}&issues={issues}", 303)


def _take_in(here: Desk, reader: Reader, round_: Round, form: FormData) -> list[audit_results.Recorded]:
    uploads = forms.files(form, "file")
    if not uploads:
        raise MissingInput(action="record", missing="file")
    with tempfile.TemporaryDirectory() as folder:
        path = _kept(uploads[0], Path(folder))
        rows = read_sheets(path) if path.suffix == ".xlsx" else audit_files.read_results(path)
    of_others = [row for row in rows if row.round != round_.number]
    if of_others:
        raise audit_files.other_round(of_others, round_.number, file=_name(uploads[0]))
    return audit_files.take_in(here.session, rows, file=_name(uploads[0]), by=reader.actor, now=here.now)


def _kept(upload: UploadFile, folder: Path) -> Path:
    """What it is shows in its first bytes, whatever it is called."""
    data = upload.file.read(LARGEST_FILE)
    path = folder / ("results.xlsx" if data.startswith(ZIP) else "results.csv")
    path.write_bytes(data)
    return path


def _name(upload: UploadFile) -> str:
    return (upload.filename or "").replace("\\", "/").rsplit("/", 1)[-1][-60:]


def page(here: Desk, reader: Reader, round_: Round, *, status: int = 200, **more: Any) -> HTMLResponse:
    """The page of a round, with what went wrong."""
    told = {name: here.request.query_params.get(name, "") for name in COUNTED}
    steers = may_steer(here.session, round_, by=reader.actor)
    return here.pages.show(
        here.request,
        "audits/round",
        status=status,
        **seen(here, reader, round_),
        **history(here, round_),
        may_end=audit_results.may_end(here.session, round_, by=reader.actor),
        steers=steers,
        to_dispatch=steers and audit_dispatch.waits(here.session, round_),
        contradictions=len(audit_contradictions.waiting(here.session, round_)) if steers else 0,
        told={name: value if value.isascii() and value.isdecimal() else "" for name, value in told.items()},
        headings=", ".join(audit_files.NEEDED),
        expected=expected,
        words=", ".join(audit_files.SAID),
        **{"wrong": "", "wrong_end": "", "wrong_file": "", "bad_rows": (), "why": "", "publish_why": "", **more},
    )
