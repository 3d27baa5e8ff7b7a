"""Beginning a survey: which questionnaire, where, how many, who goes."""

import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from models.errors import DubanError, WrongValue
from models.permissions import Right
from runtime.i18n import language, say
from services.audit_choices import choices
from services.people import city_day
from services.surveys import starting
from services.surveys.forms import forms_in_force
from services.surveys.starting import SurveyOrder
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import Reader, allowed

router = APIRouter()
Runner = Annotated[Reader, Depends(allowed(Right.RUN_SURVEYS))]
FIELDS = ("form", "title", "area", "other_area", "opens_on", "closes_on", "places", "per_place", "raters", "seed")
USUAL_DAYS = timedelta(days=14)
LONGEST = 200


@dataclass(frozen=True)
class Filled:
    """The form as it was sent, to be shown again."""

    form: str = ""
    title: str = ""
    area: str = ""
    other_area: str = ""
    opens_on: str = ""
    closes_on: str = ""
    places: str = "10"
    per_place: str = "20"
    raters: str = "5"
    seed: str = ""
    interviewers: frozenset[str] = frozenset()
    key: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def place(self) -> str:
        """The code that was typed goes before the place that was chosen."""
        return self.other_area or self.area


@router.get("/new", response_class=HTMLResponse)
def new(here: Here, reader: Runner) -> HTMLResponse:
    """The form, with days that are usual."""
    today = city_day(here.session, here.now)
    return _page(here, reader, Filled(opens_on=str(today), closes_on=str(today + USUAL_DAYS)))


@router.post("/new")
def start(here: Here, reader: Runner, form: Sent) -> Response:
    """Draw the communities, share them out."""
    filled = _filled(form)
    try:
        round_ = starting.start(here.session, _order(reader, filled), by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, filled, wrong=say(error), status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/surveys/{round_.code}", 303)


def _filled(form: FormData) -> Filled:
    one = {name: forms.cleaned(form.get(name))[:LONGEST] for name in FIELDS}
    key = forms.cleaned(form.get("key"))[:40]
    return Filled(**one, interviewers=frozenset(forms.texts(form, "interviewer")), **({"key": key} if key else {}))


def _order(reader: Reader, filled: Filled) -> SurveyOrder:
    """Raises WrongValue."""
    return SurveyOrder(
        form=filled.form,
        title=filled.title,
        area=filled.place,
        opens_on=_day("opens_on", filled.opens_on),
        closes_on=_day("closes_on", filled.closes_on),
        places=_number("places", filled.places),
        per_place=_number("per_place", filled.per_place),
        raters=_number("raters", filled.raters or "0"),
        seed=_number("seed", filled.seed) if filled.seed else None,
        interviewers=tuple(sorted(filled.interviewers)),
        key=f"page:{reader.code}:{filled.key}",
    )


def _number(name: str, written: str) -> int:
    if not written.isdecimal() or len(written) > 10:
        raise WrongValue(field=name, value=written[:40], expected="a whole number, 0 or more")
    return int(written)


def _day(name: str, written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise WrongValue(field=name, value=written[:40], expected="2026-11-02") from None


def _page(here: Desk, reader: Reader, filled: Filled, *, wrong: str = "", status: int = 200) -> HTMLResponse:
    lang, today = language(), city_day(here.session, here.now)
    given = choices(here.session, reader.held(Right.RUN_SURVEYS), today=today, lang=lang)
    try:
        known = [(name, form.words(lang)) for name, form in forms_in_force(here.session).items()]
    except DubanError as error:
        known, wrong = [], wrong or say(error)
    return here.pages.show(
        here.request,
        "surveys/new",
        status=status,
        filled=filled,
        wrong=wrong,
        forms=known,
        areas=given.areas,
        interviewers=given.inspectors,
    )
