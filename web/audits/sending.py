"""What a device kept comes in, one standard at a time; the answer is JSON for the script that keeps it until then."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import FormData

from models import terms
from models.audit import Observation
from models.errors import DubanError, MissingInput, NotFound, WrongValue
from models.issue import EvidenceKind
from runtime import clock
from runtime.i18n import gettext as _
from runtime.i18n import language, say
from services import audit_receiving, audit_view, uploads
from services.audit_receiving import Received
from services.audit_results import Seen
from services.audit_view import Asked, SheetView
from services.uploads import KEY
from web import forms
from web.audits.filling import seen_of
from web.audits.parts import counts_words
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import LoggedIn, Reader
from web.pages import local

router = APIRouter()
LONGEST_AGO = timedelta(days=60)


@router.post("/{number}/sheets/{key}/send")
def send(number: str, key: int, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Record one standard. Sent again, it is there already; where something else is there, that is told."""
    try:
        view = audit_view.sheet_view(here.session, reader.actor, number, key)
        done = _receive(here, reader, view, form)
    except DubanError as error:
        here.session.rollback()
        return _answer({"came": _refusal(error), "words": say(error)}, status_of(error))
    content = {"came": done.came.value, "words": _words(here, done)}
    here.session.commit()
    return _answer(content)


def _receive(here: Desk, reader: Reader, view: SheetView, form: FormData) -> Received:
    named = forms.text(form, "key", longest=64)
    if not KEY.fullmatch(named):
        raise WrongValue(field="key", value=named[:20], expected="16–64 letters, digits, - and _")
    seen = _seen(here, view, form, by=reader.code)
    return audit_receiving.receive(
        here.session,
        sheet_id=view.sheet.id or 0,
        seen=seen,
        key=named,
        insists=form.get("insists") == "1",
        by=reader.actor,
        now=here.now,
    )


def _seen(here: Desk, view: SheetView, form: FormData, *, by: str) -> Seen:
    code = forms.text(form, "standard", longest=64)
    asked = _asked(view, code)
    photo = _photo(here, forms.text(form, "upload", longest=64), by=by)
    found = seen_of(form, asked, photo=lambda: photo)
    if found is None:
        raise MissingInput(action="record", missing=f"{code}: result")
    return Seen(found.standard, found.result, found.note, found.photo, found.facts, made_at=_made_at(here, form))


def _asked(view: SheetView, code: str) -> Asked:
    found = next((one for one in view.asked if one.standard.code == code), None)
    if found is None:
        raise WrongValue(field="standard", value=code, expected=", ".join(one.standard.code for one in view.asked))
    return found


def _made_at(here: Desk, form: FormData) -> datetime:
    """The device says how long ago it was: what its clock shows need not be right. Seconds."""
    ago = forms.whole(form, "ago", least=0, most=int(LONGEST_AGO.total_seconds()))
    return here.now - timedelta(seconds=ago)


def _photo(here: Desk, upload: str, *, by: str) -> str | None:
    if not upload:
        return None
    now = clock.true_now(here.session)
    (piece,) = uploads.pieces(here.session, [upload], by=by, kind=EvidenceKind.BEFORE, now=now)
    return str(piece["sha256"])


def _refusal(error: DubanError) -> str:
    """A photo that is not there any more is sent again by the script itself."""
    return "no_photo" if isinstance(error, NotFound) and error.params.get("what") == "upload" else "refused"


def _words(here: Desk, done: Received) -> str:
    """What is recorded instead, in words; empty where nothing is."""
    if done.known is None:
        return ""
    at = local(done.known.observed_at, audit_view.zone(here.session))
    return _("{what} ({who}, {time})").format(what=_what(done.known), who=done.who, time=at)


def _what(known: Observation) -> str:
    names: Mapping[str, str] = counts_words()
    counted = [f"{names[name]} {value}" for name, value in known.facts.items() if name in names]
    said = " · ".join([terms.term(terms.RESULTS, known.result, language()), *counted])
    return f"{said}{_(': ')}{known.note}" if known.note else said


def _answer(content: Mapping[str, Any], status: int = 200) -> JSONResponse:
    return JSONResponse(dict(content), status, headers={"Cache-Control": "no-store"})
