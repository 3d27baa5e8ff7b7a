"""A change on its way: confirmed, corrected, made larger, or settled with what somebody else did meanwhile."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from models.errors import BadInput, NotFound, Refused, WrongValue
from models.permissions import Right
from runtime.i18n import say
from services import administering
from services.administering import FileEdit
from web import forms
from web.admin import file_form, proposing, row_form, trying
from web.admin.carrying import AnyEdit, carried, edits_of
from web.admin.row_form import RowForm, form_page, table_of
from web.admin.settling import settled
from web.admin.shared import address, show
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import Reader, allowed

router = APIRouter(prefix="/admin")
Changer = Annotated[Reader, Depends(allowed(Right.APPOINT))]
"""Whether it is theirs to change is for the service."""
FOUND = 20


@router.get("/change")
def nothing(_here: Here, _reader: Changer) -> Response:
    """Who changes the language in the middle of a change comes here."""
    return RedirectResponse("/admin", 303)


@router.post("/change")
def change(here: Here, reader: Changer, form: Sent) -> Response:
    """What the button says."""
    edits = edits_of(form)
    do, _colon, which = forms.text(form, "do", longest=200).partition(":")
    if do == "apply":
        return _apply(here, reader, edits, form)
    if do == "settle":
        edits = settled(edits, proposing.propose(here, reader, edits), form)
    elif do == "drop":
        edits = [one for number, one in enumerate(edits) if str(number) != which]
    elif do in ("again", "also", "try"):
        return _on(here, reader, edits, form, do, which)
    if not edits:
        return RedirectResponse("/admin", 303)
    return proposing.page(here, reader, edits, proposing.propose(here, reader, edits))


def _on(here: Desk, reader: Reader, edits: list[AnyEdit], form: FormData, do: str, which: str) -> Response:
    """For who edits the whole city: the other ways on."""
    if Right.MANAGE_CITY not in reader.rights:
        raise NotFound(what="table", code=which)
    if do == "again":
        return _again(here, reader, edits, which)
    if do == "try":
        proposal = proposing.propose(here, reader, edits)
        return proposing.page(here, reader, edits, proposal, replayed=trying.replayed(here, edits, proposal))
    return _also(here, reader, edits, form, which)


def _apply(here: Desk, reader: Reader, edits: Sequence[AnyEdit], form: FormData) -> Response:
    """Done, or shown again with what is in the way."""
    fingerprint = forms.cleaned(form.get("fingerprint"))[:200]
    why = forms.cleaned(form.get("why"))
    try:
        why = forms.text(form, "why", longest=500)
        done = administering.apply(
            here.session, edits, actor=reader.actor, why=why, fingerprint=fingerprint, now=here.now
        )
    except (BadInput, Refused) as error:
        here.session.rollback()
        proposal = proposing.propose(here, reader, edits)
        return proposing.page(here, reader, edits, proposal, wrong=say(error), why=why, status=status_of(error))
    here.session.commit()
    return RedirectResponse(after(reader, done.number), 303)


def after(reader: Reader, number: int | None) -> str:
    """Where what was done is to be seen."""
    if Right.MANAGE_CITY not in reader.rights:
        return address("/admin/posts", done=number)
    return address("/admin/history", change=number, done=1)


def _again(here: Desk, reader: Reader, edits: list[AnyEdit], which: str) -> Response:
    """The form of one edit, filled in as it was; the others are carried on."""
    if not which.isdecimal() or int(which) >= len(edits):
        raise WrongValue(field="do", value=which, expected=f"0–{len(edits) - 1}")
    one = edits.pop(int(which))
    if isinstance(one, FileEdit):
        return file_form.again(here, one, before=edits)
    return form_page(here, table_of(reader, one.table), row_form.again(here, one), before=edits)


def _also(here: Desk, reader: Reader, edits: list[AnyEdit], form: FormData, which: str) -> Response:
    """The form of one more row: a new one, the one that was named, or those that were found to choose from."""
    info = table_of(reader, forms.text(form, "also-table", longest=100))
    sought = which or forms.text(form, "also-key", longest=200)
    if not sought:
        return form_page(here, info, RowForm(info.name), before=edits)
    try:
        held = administering.row(here.session, info.name, sought)
    except NotFound:
        found = administering.page(here.session, info.name, query=sought, limit=FOUND)
        return show(
            here,
            "also",
            info=info,
            found=found,
            sought=sought,
            carried=carried(edits),
            title=row_form.title,
        )
    return form_page(here, info, RowForm.of(info.name, held), before=edits)
