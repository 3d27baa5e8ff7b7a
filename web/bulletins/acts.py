"""What is done to a bulletin: counted again, approved, sent back, published, withdrawn, corrected.

Each form carries the hash of what was looked at: nobody approves what they have not seen.
"""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from models.errors import ActionNotPossible, DubanError, MissingInput
from models.publication import Publication, PublicationAct
from runtime.i18n import say
from services import publications
from services.bulletins import deciding, drafting
from web import forms
from web.bulletins.page import show
from web.bulletins.reading import Key, Leads, press, read
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import Reader

router = APIRouter()
Act = PublicationAct
Done = Callable[[dict[str, Any]], Publication]


@router.post("/{key}/approve")
def approve(key: Key, here: Here, reader: Leads, form: Sent) -> Response:
    """It may be published as it stands."""
    return _do(here, reader, key, form, Act.APPROVED, lambda seen: deciding.approve(here.session, key, **seen))


@router.post("/{key}/send-back")
def send_back(key: Key, here: Here, reader: Leads, form: Sent) -> Response:
    """Back to a draft, with a reason."""

    def done(seen: dict[str, Any]) -> Publication:
        return deciding.send_back(here.session, key, **seen, why=_reason(form))

    return _do(here, reader, key, form, Act.SENT_BACK, done)


@router.post("/{key}/publish")
def publish(key: Key, here: Here, reader: Leads, form: Sent) -> Response:
    """Freeze it for ever, and tell."""

    def done(seen: dict[str, Any]) -> Publication:
        return deciding.publish(here.session, key, **seen, press=press(here))

    return _do(here, reader, key, form, Act.PUBLISHED, done)


@router.post("/{key}/withdraw")
def withdraw(key: Key, here: Here, reader: Leads, form: Sent) -> Response:
    """Give it up, with a reason."""

    def done(seen: dict[str, Any]) -> Publication:
        return deciding.withdraw(here.session, key, **seen, why=_reason(form))

    return _do(here, reader, key, form, Act.WITHDRAWN, done)


@router.post("/{key}/count")
def count(key: Key, here: Here, reader: Leads, form: Sent) -> Response:
    """Count a draft again, as things stand now."""

    def done(seen: dict[str, Any]) -> Publication:
        return drafting.count_again(here.session, read(here, reader, key).row, **seen)

    return _do(here, reader, key, form, Act.CHANGED, done)


def _reason(form: FormData) -> str:
    """Raises MissingInput, WrongValue."""
    found = forms.text(form, "why")
    if not found:
        raise MissingInput(action="decide", missing="reason")
    return found


def _do(here: Desk, reader: Reader, key: int, form: FormData, act: Act, done: Done) -> Response:
    """Do it and go back to the page; told there why not. What was done already by the same tap counts as done."""
    read(here, reader, key)
    seen = {"by": reader.actor, "seen": forms.text(form, "seen", longest=100), "now": here.now}
    try:
        row = done(seen)
    except DubanError as error:
        here.session.rollback()
        here.session.expire_all()
        found = read(here, reader, key)
        if isinstance(error, ActionNotPossible) and found.row.state is publications.TO[act]:
            return RedirectResponse(f"/bulletins/{key}", 303)
        typed = forms.cleaned(form.get("why"))
        return show(here, found, wrong=say(error), status=status_of(error), why=typed, act=act.value)
    here.session.commit()
    return RedirectResponse("/bulletins" if row.state == "withdrawn" else f"/bulletins/{key}", 303)
