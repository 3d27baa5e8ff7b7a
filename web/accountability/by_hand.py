"""Proposing a measure by hand: which one, about which unit, why, and the issues that it rests on."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from models import terms
from models.accountability import HAND_KINDS, MeasureKind
from models.errors import DubanError, MissingInput, WrongValue
from models.permissions import Right
from runtime.i18n import language, say
from services.accountability import by_hand
from services.accountability.by_hand import Proposed
from services.people import city_day
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import Reader, allowed

router = APIRouter(prefix="/accountability")
Proposes = Annotated[Reader, Depends(allowed(Right.PROPOSE_MEASURE))]
FIELDS = ("kind", "unit", "why", "issues", "key")
KEY = 60


@router.get("/new", response_class=HTMLResponse)
def new(here: Here, reader: Proposes, unit: str = "", kind: str = "", issues: str = "") -> HTMLResponse:
    """The form; what the address says is filled in."""
    given = {"unit": unit, "kind": kind, "issues": issues}
    return _page(here, reader, {name: forms.cleaned(value) for name, value in given.items()})


@router.post("")
def propose(here: Here, reader: Proposes, form: Sent) -> Response:
    """Put it on record; a refusal shows the form again with what was typed."""
    typed = {name: forms.text(form, name, longest=forms.ENDLESS) for name in FIELDS}
    try:
        made = by_hand.propose(here.session, _proposed(here, reader, form, typed), by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, typed, wrong=say(error), status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/accountability/{made.id}?done=propose", 303)


def _proposed(here: Desk, reader: Reader, form: FormData, typed: Mapping[str, str]) -> Proposed:
    """Raises MissingInput, WrongValue. A page that one turned back to and changed is another proposal."""
    if typed["kind"] not in HAND_KINDS:
        raise WrongValue(field="measure", value=typed["kind"][:40], expected=", ".join(words for _, words in _kinds()))
    if not typed["unit"]:
        raise MissingInput(action=by_hand.ACT, missing="unit")
    units = by_hand.units_to_propose(here.session, reader.actor, today=city_day(here.session, here.now))
    numbers = typed["issues"].replace(",", " ").replace("，", " ").replace("、", " ").split()
    key = forms.worded(typed["key"][:KEY], {name: typed[name] for name in FIELDS[:-1]})
    return Proposed(MeasureKind(typed["kind"]), _code_of(typed["unit"], units), forms.text(form, "why"), numbers, key)


def _kinds() -> Sequence[tuple[str, str]]:
    return [(kind.value, terms.term(terms.MEASURES, kind, language())) for kind in HAND_KINDS]


def _code_of(typed: str, among: Sequence[tuple[str, str]]) -> str:
    """The code of a unit that was typed by code or by a name that only one of them has; else what was typed."""
    found = [code for code, name in among if name == typed]
    return found[0] if len(found) == 1 else typed


def _page(
    here: Desk, reader: Proposes, typed: Mapping[str, str], *, wrong: str = "", status: int = 200
) -> HTMLResponse:
    return here.pages.show(
        here.request,
        "accountability/new",
        status=status,
        wrong=wrong,
        typed={"key": secrets.token_urlsafe(12), **{name: value for name, value in typed.items() if value}},
        kinds=_kinds(),
        units=by_hand.units_to_propose(here.session, reader.actor, today=city_day(here.session, here.now)),
        longest=by_hand.LONGEST,
    )
