"""An edition brought in from a workbook: first what it would change, then it is done."""

from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from models.errors import BadRows, DubanError, MissingInput, Refused, WrongValue
from runtime import clock
from runtime.i18n import say
from services.administering.view_waiting import keep, path_of
from services.systems.bringing import Proposal, bring, propose
from services.uploads import clean_name
from web import forms
from web.admin.shared import MANAGER
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import Reader
from web.systems.shared import show

router = APIRouter()
LARGEST = 8 * 1024 * 1024
SUFFIX = "xlsx"


@router.get("/systems/import", response_class=HTMLResponse)
def form(here: Here, _reader: MANAGER) -> HTMLResponse:
    """The form."""
    return _form(here)


@router.post("/systems/import")
def look(here: Here, reader: MANAGER, form: Sent) -> Response:
    """What the workbook would change; with `fingerprint` and a reason it is done."""
    name = theirs = ""
    try:
        theirs = forms.text(form, "theirs", longest=200) or _theirs(form)
        name = forms.text(form, "kept", longest=100) or _kept(here, reader, form)
        path = path_of(_folder(here), name, by=reader.code)
        if "fingerprint" in form:
            return _done(here, reader, form, path, theirs)
        proposal = propose(here.session, path, actor=reader.actor, now=here.now, file=theirs)
    except DubanError as error:
        here.session.rollback()
        if name and error.params.get("file") == name:  # the name under which we keep it says nothing to its owner
            error.params["file"] = theirs or name
        bad = error.rows if isinstance(error, BadRows) else ()
        return _form(here, wrong=say(error), bad=bad, status=status_of(error))
    return _seen(here, proposal, kept=name)


def _done(here: Desk, reader: Reader, form: FormData, path: Path, theirs: str) -> Response:
    """Raises BadRows, EditionInUse, ActionNotAllowed."""
    fingerprint, why = forms.cleaned(form.get("fingerprint"))[:200], forms.cleaned(form.get("why"))
    try:
        why = forms.text(form, "why", longest=500)
        seen = propose(here.session, path, actor=reader.actor, now=here.now, file=theirs)
        bring(here.session, path, actor=reader.actor, why=why, fingerprint=fingerprint, now=here.now, file=theirs)
    except (MissingInput, WrongValue, Refused) as error:
        here.session.rollback()
        seen = propose(here.session, path, actor=reader.actor, now=here.now, file=theirs)
        return _seen(here, seen, kept=path.name, wrong=say(error), why=why, status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/systems/{quote(seen.code, safe='')}", 303)


def _kept(here: Desk, reader: Reader, form: FormData) -> str:
    """Raises MissingInput, WrongValue, NotStored."""
    given = forms.files(form, "file")
    if not given:
        raise MissingInput(action="upload_pack", missing="file")
    name, data = clean_name(given[0].filename or ""), given[0].file.read(LARGEST + 1)
    if name.rsplit(".", 1)[-1].lower() != SUFFIX:
        raise WrongValue(field="file", value=name, expected=f".{SUFFIX}")
    if len(data) > LARGEST:
        raise WrongValue(field="file", value=name, expected=f"at most {LARGEST // 1024**2} MB")
    return keep(_folder(here), data, suffix=SUFFIX, by=reader.code, now=clock.true_now(here.session))


def _theirs(form: FormData) -> str:
    """What its owner calls the file that was sent just now."""
    return next((clean_name(one.filename or "")[:200] for one in forms.files(form, "file")), "")


def _folder(here: Desk) -> Path:
    return here.settings.home / "administration"


def _seen(here: Desk, proposal: Proposal, *, kept: str, status: int = 200, **more: Any) -> HTMLResponse:
    said = 400 if status < 400 and (proposal.bad or proposal.errors) else status
    counts = Counter((one.place, one.kind) for one in proposal.changes)
    values = {"proposal": proposal, "counts": counts, "kept": kept, "wrong": "", "why": ""}
    return show(here, "seen", status=said, **{**values, **more})


def _form(here: Desk, *, status: int = 200, **more: Any) -> HTMLResponse:
    return show(here, "bring", status=status, largest=LARGEST // 1024**2, **{"wrong": "", "bad": (), **more})
