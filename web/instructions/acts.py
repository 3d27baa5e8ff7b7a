"""Recording an instruction, opening it, answering it, finishing it. What was typed comes back only to who typed it."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from models.errors import DubanError, WrongValue
from runtime.i18n import say
from services.instructions import recording, sight
from services.instructions.choices import code_of, leaders
from services.people import city_day
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.instructions.pages import Key, cover_page, form_page
from web.lists.reading import zone_of
from web.login import LoggedIn

router = APIRouter(prefix="/instructions")


@router.post("")
def record(here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Put one on record; those concerned are told to log in."""
    filled = _typed(form)
    try:
        key = recording.record(here.session, _wording(here, filled), by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return form_page(here, reader, filled, wrong=say(error), status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/instructions/{key}?done=recorded", 303)


@router.post("/{key}/open", response_class=HTMLResponse)
def open_it(key: Key, here: Here, reader: LoggedIn) -> HTMLResponse:
    """Show the text, once the reading is on record."""
    opened = sight.open_it(here.session, key, reader=reader.actor, now=here.now)
    here.session.commit()
    return here.pages.show(
        here.request,
        "instructions/one",
        found=opened.outside,
        opened=opened,
        zone=zone_of(here),
        done="",
        wrong="",
        typed="",
    )


@router.post("/{key}/answer")
def answer(key: Key, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Say what was done about it."""
    typed = forms.cleaned(form.get("words"))
    try:
        recording.answer(here.session, key, words=typed, by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return cover_page(here, reader, key, wrong=say(error), typed=typed, status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/instructions/{key}?done=answered", 303)


@router.post("/{key}/finish")
def finish(key: Key, here: Here, reader: LoggedIn) -> Response:
    """Nothing more is to be done."""
    try:
        recording.finish(here.session, key, by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return cover_page(here, reader, key, wrong=say(error), status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/instructions/{key}?done=finished", 303)


def _typed(form: FormData) -> dict[str, Any]:
    one = {name: forms.cleaned(form.get(name)) for name in ("leader", "said_on", "words", "issues", "area", "key")}
    one["marks"] = "1" if form.get("marks") == "1" else ""
    return {**one, "addressees": forms.texts(form, "addressee")}


def _wording(here: Desk, filled: dict[str, Any]) -> recording.Wording:
    """Raises WrongValue."""
    known = leaders(here.session, today=city_day(here.session, here.now))
    try:
        said_on = date.fromisoformat(filled["said_on"])
    except ValueError:
        raise WrongValue(field="said_on", value=filled["said_on"][:20], expected="2026-11-02") from None
    return recording.Wording(
        leader=code_of(filled["leader"], known),
        said_on=said_on,
        words=filled["words"],
        addressees=[code_of(one, known) for one in filled["addressees"]],
        issues=filled["issues"].replace(",", " ").replace("，", " ").split(),
        area=filled["area"],
        key=filled["key"],
        marks=bool(filled["marks"]),
    )
