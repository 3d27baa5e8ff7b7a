"""Two who filled in one sheet apart from each other and saw different things: somebody who steers the round decides."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.audit import Round
from models.errors import DubanError, WrongValue
from runtime.i18n import say
from services import audit_contradictions, audit_view
from services.audit_acts import must_steer
from services.audit_contradictions import Chosen
from web import forms
from web.audits.parts import counts_words, history
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import LoggedIn, Reader

router = APIRouter()
LARGEST_KEY = 2**63 - 1


@router.get("/{number}/contradictions", response_class=HTMLResponse)
def contradictions(number: str, here: Here, reader: LoggedIn) -> HTMLResponse:
    """What was handed in twice with different results, and waits."""
    return _page(here, reader, must_steer(here.session, number, by=reader.actor))


@router.post("/{number}/contradictions/{key}")
def decide(number: str, key: int, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Say which of two results counts."""
    round_ = must_steer(here.session, number, by=reader.actor)
    why = forms.text(form, "why", longest=forms.ENDLESS)
    try:
        forms.text(form, "why")
        audit_contradictions.decide(
            here.session,
            number,
            key=key if 0 < key <= LARGEST_KEY else 0,
            chosen=_chosen(forms.cleaned(form.get("chosen"))[:20]),
            by=reader.actor,
            now=here.now,
            why=why,
        )
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, round_, wrong={"key": key, "words": say(error), "why": why}, status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/audits/{number}/contradictions", 303)


def _chosen(written: str) -> Chosen:
    if written not in tuple(Chosen):
        raise WrongValue(field="chosen", value=written, expected=", ".join(Chosen))
    return Chosen(written)


def _page(
    here: Desk, reader: Reader, round_: Round, *, wrong: dict[str, Any] | None = None, status: int = 200
) -> HTMLResponse:
    return here.pages.show(
        here.request,
        "audits/contradictions",
        status=status,
        round=round_,
        waiting=audit_contradictions.waiting(here.session, round_),
        wrong=wrong or {"key": 0, "words": "", "why": ""},
        counts=counts_words(),
        me=reader.code,
        zone=audit_view.zone(here.session),
        **history(here, round_),
    )
