"""An interviewer at a door: one screen, whole answers, and the next household. A slip is corrected, never changed."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from models.errors import DubanError, WrongValue
from models.survey import SAMPLED, Audience, SurveyPlace, SurveyReply
from runtime.i18n import gettext as _
from runtime.i18n import say
from services.surveys import answering, looking
from services.surveys.answering import Said
from services.surveys.forms import frozen_form
from services.surveys.looking import PlaceLine, Seen
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import LoggedIn, Reader
from web.surveys.public import Filled

router = APIRouter()
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/{code}/places/{key}", response_class=HTMLResponse)
def place(code: str, key: Key, here: Here, reader: LoggedIn) -> HTMLResponse:
    """The form, and how many are still wanted."""
    seen, row, line = _place(here, reader, code, key)
    return _page(here, seen, row, line, Filled(), _audience(here.request.query_params.get("audience", "")))


@router.post("/{code}/places/{key}")
def record(code: str, key: Key, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Keep one interview, then show the form for the next."""
    seen, row, line = _place(here, reader, code, key)
    audience = _audience(forms.text(form, "audience", longest=forms.ENDLESS))
    filled = read_answers(here, seen, form, audience)
    if not filled.wrong:
        try:
            said = Said(filled.answers, _form_key(form))
            answering.record(here.session, row, audience, said, by=reader.actor, now=here.now)
        except DubanError as error:
            here.session.rollback()
            filled.wrong[""] = say(error)
            return _page(here, seen, row, line, filled, audience, form=form, status=status_of(error))
        here.session.commit()
        return RedirectResponse(f"/surveys/{code}/places/{key}?audience={audience.value}&done=1", 303)
    return _page(here, seen, row, line, filled, audience, form=form, status=400)


@router.get("/{code}/replies/{key}", response_class=HTMLResponse)
def reply(code: str, key: Key, here: Here, reader: LoggedIn) -> HTMLResponse:
    """One interview, to be entered again."""
    seen, row, old = _reply(here, reader, code, key)
    return _again(here, seen, row, old, Filled(looking.answers_of_reply(here.session, old)))


@router.post("/{code}/replies/{key}")
def correct(code: str, key: Key, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Another interview in its place; the old one stays on record."""
    seen, row, old = _reply(here, reader, code, key)
    filled, why = read_answers(here, seen, form, old.audience), forms.text(form, "why", longest=forms.ENDLESS)
    if filled.wrong:
        return _again(here, seen, row, old, filled, why=why, form=form, status=400)
    try:
        said = Said(filled.answers, _form_key(form))
        answering.correct(here.session, key, said, why=why, by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        filled.wrong[""] = say(error)
        return _again(here, seen, row, old, filled, why=why, form=form, status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/surveys/{code}/places/{row.id}?done=1", 303)


def read_answers(here: Desk, seen: Seen, form: FormData, audience: Audience) -> Filled:
    """What was chosen, and which questions have no answer yet."""
    filled = Filled()
    for question in frozen_form(here.session, seen.round.form_code).asked(audience):
        code = forms.text(form, question.code, longest=forms.ENDLESS)[:40]
        if question.choice(code):
            filled.answers[question.code] = code
        else:
            filled.wrong[question.code] = _("Please choose one.")
    return filled


def _audience(written: str) -> Audience:
    """Raises WrongValue."""
    if not written:
        return Audience.HOUSEHOLD
    if written not in SAMPLED:
        raise WrongValue(field="audience", value=written[:40], expected=", ".join(SAMPLED))
    return Audience(written)


def _form_key(form: FormData) -> str:
    return forms.text(form, "key", longest=forms.ENDLESS)[:40] or secrets.token_urlsafe(12)


def _place(here: Desk, reader: Reader, code: str, key: int) -> tuple[Seen, SurveyPlace, PlaceLine]:
    seen = looking.survey(here.session, code, reader=reader.actor, now=here.now)
    row, line = looking.place_of(here.session, seen, key)
    answering.may_record(here.session, row, by=reader.actor)
    return seen, row, line


def _reply(here: Desk, reader: Reader, code: str, key: int) -> tuple[Seen, SurveyPlace, SurveyReply]:
    old = looking.reply(here.session, key)
    seen, row, _line = _place(here, reader, code, old.place_id or 0)
    return seen, row, old


def _page(
    here: Desk,
    seen: Seen,
    row: SurveyPlace,
    line: PlaceLine,
    filled: Filled,
    audience: Audience,
    *,
    form: FormData | None = None,
    status: int = 200,
) -> HTMLResponse:
    return here.pages.show(
        here.request,
        "surveys/place",
        status=status,
        seen=seen,
        place=line,
        filled=filled,
        audience=audience.value,
        audiences=[one.value for one in SAMPLED],
        questions=frozen_form(here.session, seen.round.form_code).asked(audience),
        key=_form_key(form) if form else secrets.token_urlsafe(12),
        replies=looking.replies_of(here.session, row)[:20],
        zone=looking.zone(here.session),
        kept=here.request.query_params.get("done") == "1",
    )


def _again(
    here: Desk,
    seen: Seen,
    row: SurveyPlace,
    old: SurveyReply,
    filled: Filled,
    *,
    why: str = "",
    form: FormData | None = None,
    status: int = 200,
) -> HTMLResponse:
    return here.pages.show(
        here.request,
        "surveys/reply",
        status=status,
        seen=seen,
        place=row,
        old=old,
        filled=filled,
        why=why,
        questions=frozen_form(here.session, seen.round.form_code).asked(old.audience),
        key=_form_key(form) if form else secrets.token_urlsafe(12),
        zone=looking.zone(here.session),
    )
