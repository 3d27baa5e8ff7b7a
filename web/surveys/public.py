"""The public form behind a QR code: no log-in, a minute at most, and nothing kept of who answers.

Its guards: a pace per address (pace.py), one answer per telephone and survey by a cookie of chance, a field that only
robots fill in, a page that we made ourselves and not long ago, the origin of the form, its size, the survey's last day.
"""

import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from itsdangerous import BadData, URLSafeSerializer
from starlette.datastructures import FormData

from models.errors import DubanError, NotFound
from models.survey import Audience, SurveyRound, SurveySign
from runtime import clock
from runtime.i18n import gettext as _
from runtime.i18n import language, say
from services.people import city_day
from services.surveys import answering, looking, signs
from services.surveys.answering import AnsweredAlready, Said
from services.surveys.forms import Form, frozen_form
from services.surveys.starting import SurveyOver, is_open
from web import forms
from web.accounts.going import is_secure
from web.deps import Db, Desk, Here
from web.errors import status_of
from web.link_guard import check_origin, limited

router = APIRouter(prefix="/s")
COOKIE, LASTS = "duban_answered", timedelta(days=180)
DEVICE = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
OPEN_FOR = timedelta(hours=12)
TRAP = "website"
"""A field that people do not see: what fills it in is no citizen. Nothing is stored, and nothing betrays that."""
MOST_FIELDS, LARGEST_FIELD = 60, 4096


@dataclass
class Filled:
    """What was chosen, to be shown again, and what is wrong with it."""

    answers: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def _sign(request: Request, key: str, session: Db) -> SurveySign:
    """The form of this key. Raises HTTPException 404; 429 for who guesses."""
    try:
        return signs.sign_of(session, key)
    except NotFound:
        guards, address = request.app.state.guards, request.client.host if request.client else ""
        if not guards.guesses.take(address):
            raise HTTPException(429, headers={"Retry-After": "60"}) from None
        raise HTTPException(404) from None


Of = Annotated[SurveySign, Depends(_sign)]


async def _form(request: Request, _of: Of) -> AsyncIterator[FormData]:
    """What was sent; nothing is read for a key that is none, or from a page that is not ours."""
    check_origin(request)
    async with limited(request).form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD) as form:
        yield form


Sent = Annotated[FormData, Depends(_form)]


@router.api_route("/{key}", methods=["GET", "HEAD"], response_class=HTMLResponse)
def show(sign: Of, here: Here) -> Response:
    """The form; thanks for a telephone that has answered; when it is open, where it is not."""
    round_ = here.session.get_one(SurveyRound, sign.round_id)
    if looking.has_answered(here.session, round_, device=_device(here)):
        return _told(here, sign, round_)
    if not is_open(round_, today=city_day(here.session, here.now)):
        return _closed(here, round_)
    return _page(here, sign, round_, Filled())


@router.get("/{key}/thanks", response_class=HTMLResponse)
def thanks(sign: Of, here: Here) -> Response:
    """After an answer, also where a telephone keeps no cookies."""
    return _told(here, sign, here.session.get_one(SurveyRound, sign.round_id))


@router.post("/{key}")
def answer(sign: Of, here: Here, form: Sent) -> Response:
    """Take the answers, once."""
    round_ = here.session.get_one(SurveyRound, sign.round_id)
    _keep_pace(here, sign)
    if not is_open(round_, today=city_day(here.session, here.now)):
        return _closed(here, round_)
    filled = _filled(form, frozen_form(here.session, round_.form_code))
    page = _page_key(here, sign, form)
    if page is None:
        filled.wrong[""] = _("This page was open for too long. Please send it once more.")
    if filled.wrong:
        return _page(here, sign, round_, filled, status=400)
    device = _device(here) or secrets.token_urlsafe(16)
    if not forms.text(form, TRAP, longest=LARGEST_FIELD):
        try:
            answering.answer(here.session, sign, Said(filled.answers, page or ""), device=device, now=here.now)
        except AnsweredAlready:
            here.session.rollback()
        except SurveyOver:
            here.session.rollback()
            return _closed(here, round_)
        except DubanError as error:
            here.session.rollback()
            filled.wrong[""] = say(error)
            return _page(here, sign, round_, filled, status=status_of(error))
        here.session.commit()
    return _remembered(here, RedirectResponse(f"/s/{sign.key}/thanks", 303), device)


def _filled(form: FormData, frozen: Form) -> Filled:
    filled = Filled()
    for question in frozen.asked(Audience.PUBLIC):
        code = forms.text(form, question.code, longest=LARGEST_FIELD)[:40]
        if question.choice(code):
            filled.answers[question.code] = code
        else:
            filled.wrong[question.code] = _("Please choose one.")
    return filled


def _keep_pace(here: Desk, sign: SurveySign) -> None:
    client = here.request.client
    today = clock.true_now(here.session).date()
    if not here.request.app.state.pace.take(address=client.host if client else "", sign=sign.key, today=today):
        raise HTTPException(429, headers={"Retry-After": "60"})


def _device(here: Desk) -> str | None:
    known = here.request.cookies.get(COOKIE, "")
    return known if DEVICE.fullmatch(known) else None


def _remembered(here: Desk, response: Response, device: str) -> Response:
    response.set_cookie(
        COOKIE,
        device,
        max_age=int(LASTS.total_seconds()),
        path="/s/",
        httponly=True,
        samesite="lax",
        secure=is_secure(here),
    )
    return response


def _page_key(here: Desk, sign: SurveySign, form: FormData) -> str | None:
    """Which of our pages this form was on; None when it was on none, or on one of yesterday."""
    sealed = forms.text(form, "page", longest=LARGEST_FIELD)
    try:
        key, nonce, at = _signer(here).loads(sealed) if sealed.isascii() else ("", "", 0)
    except (BadData, TypeError, ValueError):
        return None
    age = clock.true_now(here.session).timestamp() - at
    return str(nonce) if key == sign.key and 0 <= age <= OPEN_FOR.total_seconds() else None


def _sealed(here: Desk, sign: SurveySign) -> str:
    at = int(clock.true_now(here.session).timestamp())
    return str(_signer(here).dumps([sign.key, secrets.token_urlsafe(9), at]))


def _signer(here: Desk) -> URLSafeSerializer:
    """The library wants the key that signs last."""
    options = {"key_derivation": "hmac", "digest_method": sha256}
    return URLSafeSerializer(list(reversed(here.keys)), salt="duban survey", signer_kwargs=options)


def _page(here: Desk, sign: SurveySign, round_: SurveyRound, filled: Filled, *, status: int = 200) -> HTMLResponse:
    frozen = frozen_form(here.session, round_.form_code)
    return here.pages.show(
        here.request,
        "surveys/public",
        status=status,
        questions=frozen.asked(Audience.PUBLIC),
        title=frozen.words(language()),
        area=looking.area_name(here.session, sign.area_code),
        sign=sign,
        filled=filled,
        page=_sealed(here, sign),
        trap=TRAP,
    )


def _told(here: Desk, sign: SurveySign, round_: SurveyRound) -> HTMLResponse:
    title = frozen_form(here.session, round_.form_code).words(language())
    return here.pages.show(here.request, "surveys/thanks", title=title, sign=sign, closed=None)


def _closed(here: Desk, round_: SurveyRound) -> HTMLResponse:
    title = frozen_form(here.session, round_.form_code).words(language())
    return here.pages.show(here.request, "surveys/thanks", status=410, title=title, sign=None, closed=round_)
