"""Filling one sheet: each standard met, not met, or not applicable; what is not met wants a word and takes a photo
or a video.

Where a standard is counted or timed the form asks for that, and the counts may say the result.
"""

import json
from collections.abc import Callable
from functools import partial

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from models.audit import Result
from models.errors import BadInput, DubanError, MissingInput, WrongValue
from models.issue import EvidenceKind
from runtime import clock
from runtime.i18n import say
from services import audit_facts, audit_results, audit_view, uploads
from services.audit_facts import Facts
from services.audit_results import Seen
from services.audit_view import Asked, SheetView
from services.photos import Unusable
from services.uploads import clean_name
from web import forms
from web.audits.offline import app_data, measured
from web.deps import Desk, Here
from web.errors import status_of
from web.evidence.words import fault_words
from web.forms import Sent
from web.login import LoggedIn, Reader

router = APIRouter()


class NoPhoto(BadInput):
    code = "no_photo"
    template = "{name}: {why}"


@router.get("/{number}/sheets/{key}", response_class=HTMLResponse)
def sheet(number: str, key: int, here: Here, reader: LoggedIn) -> HTMLResponse:
    """The point with its standards, those seen already with what was seen."""
    return _page(here, reader, audit_view.sheet_view(here.session, reader.actor, number, key))


@router.post("/{number}/sheets/{key}")
def fill(number: str, key: int, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Record what was chosen; the rest can follow later."""
    view = audit_view.sheet_view(here.session, reader.actor, number, key)
    filled = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    try:
        audit_results.record(
            here.session,
            sheet_id=key,
            by=reader.actor,
            now=here.now,
            observations=_observations(here, view, form, reader.code),
        )
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, view, filled=filled, wrong=say(error), status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/audits/{number}/sheets/{key}", 303)


def _observations(here: Desk, view: SheetView, form: FormData, by: str) -> list[Seen]:
    """What was chosen; a form that comes twice says what is known. Raises MissingInput, WrongValue, NotStored."""
    found = []
    for one in view.asked:
        seen = seen_of(form, one, photo=partial(_photo, here, form, one.standard.code, by))
        if seen:
            found.append(seen)
    if not found:
        raise MissingInput(action="record", missing="observations")
    return found


def seen_of(form: FormData, one: Asked, *, photo: Callable[[], str | None]) -> Seen | None:
    """What a form says of one standard; None where it says nothing. Raises MissingInput, WrongValue."""
    facts = _facts(form, one)
    result = _result(form, one, facts)
    if result is None:
        return None
    code = one.standard.code
    return Seen(code, result, _note(form, code, result), photo(), facts)


def _facts(form: FormData, one: Asked) -> Facts:
    code = one.standard.code
    given = {name: forms.text(form, f"{name}-{code}", longest=40) for name in one.counts}
    return audit_facts.read(given, standard=code)


def _result(form: FormData, one: Asked, facts: Facts) -> Result | None:
    """What was ticked; else what the counts say; None where neither is there."""
    code = one.standard.code
    written = forms.text(form, f"result-{code}", longest=40)
    if not written:
        said = audit_facts.verdict(facts, one.standard, one.measure)
        if facts and said is None:
            raise MissingInput(action="record", missing=f"{code}: {', '.join(one.counts)}")
        return said
    if written not in tuple(Result):
        raise WrongValue(field=code, value=written, expected=", ".join(Result))
    return Result(written)


def _note(form: FormData, code: str, result: Result) -> str:
    note = forms.text(form, f"note-{code}", longest=forms.ENDLESS)
    if len(note) > forms.LONGEST_TEXT:
        raise WrongValue(
            field="note", value=f"{code}: {note[:40]}…", expected=f"at most {forms.LONGEST_TEXT} characters"
        )
    if result != Result.MET and not note:
        raise MissingInput(action="record", missing=f"{code}: note")
    return note


def _photo(here: Desk, form: FormData, code: str, by: str) -> str | None:
    """The photo of one standard, looked at and kept; None without."""
    given = forms.files(form, f"photo-{code}")
    return _keep(here, given[0], by) if given else None


def _keep(here: Desk, upload: UploadFile, by: str) -> str:
    """Kept, and noted as used. Raises WrongValue, also for a paper; TooManyUploads, NotStored."""
    name = clean_name(upload.filename or "")
    try:
        row = uploads.take(
            here.session,
            data=upload.file,
            name=name,
            by=by,
            store=here.settings.evidence,
            zone=audit_view.zone(here.session),
            now=clock.true_now(here.session),
        )
    except Unusable as error:
        raise NoPhoto(name=name, why=fault_words(error.fault, error.facts)) from error
    (piece,) = uploads.pieces(here.session, [row.key], by=by, kind=EvidenceKind.BEFORE, now=row.began_at)
    return str(piece["sha256"])


def _page(
    here: Desk,
    reader: Reader,
    view: SheetView,
    *,
    filled: dict[str, str] | None = None,
    wrong: str = "",
    status: int = 200,
) -> HTMLResponse:
    return here.pages.show(
        here.request,
        "audits/sheet",
        status=status,
        view=view,
        filled=filled or {},
        wrong=wrong,
        app=app_data(here, reader),
        measures={one.standard.code: json.dumps(measured(one.standard, one.measure)) for one in view.asked},
    )
