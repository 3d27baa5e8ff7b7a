"""Steering a round: publishing it, handing its issues over, having a share of it done again, deciding what counts."""

import hashlib
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.audit import Round
from models.errors import DubanError, WrongValue
from models.permissions import Right
from runtime.i18n import language, say
from services import audit_differences, audit_dispatch, audit_publishing, audit_rechecks, audit_view
from services.audit_acts import must_steer
from services.audit_choices import choices
from services.audit_differences import Look
from services.audits import LARGEST_SEED
from services.papers.stationery import stationery_in_force
from services.people import city_day
from web import forms
from web.audits.parts import counts_words, history
from web.audits.rounds import page
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import LoggedIn, Reader

router = APIRouter()
USUAL_SHARE = "10"
LARGEST_KEY = 2**63 - 1


@router.post("/{number}/publish")
def publish(number: str, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Let everybody know of it, and what is not met become issues."""
    round_ = audit_view.must_see_round(here.session, reader.actor, number)
    why = forms.text(form, "publish_why", longest=forms.ENDLESS)
    try:
        forms.text(form, "publish_why")
        done = audit_publishing.publish(here.session, number, by=reader.actor, now=here.now, why=why)
    except DubanError as error:
        here.session.rollback()
        return page(here, reader, round_, wrong=say(error), publish_why=why, status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/audits/{number}?issues={len(done.issues)}", 303)


@router.post("/{number}/dispatch")
def dispatch(number: str, here: Here, reader: LoggedIn, _form: Sent) -> Response:
    """Hand its issues over: to each unit with one notice."""
    round_ = audit_view.must_see_round(here.session, reader.actor, number)
    stationery = stationery_in_force(here.session, otherwise=here.settings.city_pack / "papers")
    try:
        done = audit_dispatch.dispatch(here.session, number, by=reader.actor, now=here.now, stationery=stationery)
    except DubanError as error:
        here.session.rollback()
        return page(here, reader, round_, wrong=say(error), status=status_of(error))
    here.session.commit()
    told = f"assigned={done.assigned}&notices={len(done.notices)}&left={len(done.left)}"
    return RedirectResponse(f"/audits/{number}?{told}", 303)


@dataclass(frozen=True)
class Filled:
    """The form of a re-check as it was sent."""

    share: str = USUAL_SHARE
    seed: str = ""
    inspectors: frozenset[str] = frozenset()


@router.get("/{number}/again", response_class=HTMLResponse)
def again(number: str, here: Here, reader: LoggedIn) -> HTMLResponse:
    """The quality re-check: how far it is, how often two looks agree, where they differ."""
    return _page(here, reader, must_steer(here.session, number, by=reader.actor), Filled())


@router.post("/{number}/again")
def draw_again(number: str, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Have a drawn share of the full sheets done again."""
    round_ = must_steer(here.session, number, by=reader.actor)
    filled = Filled(
        forms.cleaned(form.get("share"))[:20],
        forms.cleaned(form.get("seed"))[:20],
        frozenset(forms.texts(form, "inspector")),
    )
    try:
        audit_rechecks.draw_again(
            here.session,
            number,
            share=_number("share", filled.share, most=100),
            seed=_number("seed", filled.seed, most=LARGEST_SEED) if filled.seed else _seed(here, round_),
            inspectors=sorted(filled.inspectors),
            by=reader.actor,
            now=here.now,
        )
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, round_, filled, wrong=say(error), status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/audits/{number}/again", 303)


@router.post("/{number}/again/{first}")
def decide(number: str, first: int, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Say which of two looks counts."""
    round_ = must_steer(here.session, number, by=reader.actor)
    why = forms.text(form, "why", longest=forms.ENDLESS)
    try:
        forms.text(form, "why")
        look = _look(forms.cleaned(form.get("look"))[:20])
        key = first if 0 < first <= LARGEST_KEY else 0
        audit_differences.decide(here.session, number, first_id=key, look=look, by=reader.actor, now=here.now, why=why)
    except DubanError as error:
        here.session.rollback()
        told = {"first": first, "words": say(error), "why": why}
        return _page(here, reader, round_, Filled(), wrong_choice=told, status=status_of(error))
    here.session.commit()
    return RedirectResponse(f"/audits/{number}/again#d{first}", 303)


def _look(written: str) -> Look:
    if written not in tuple(Look):
        raise WrongValue(field="look", value=written, expected=", ".join(Look))
    return Look(written)


def _number(name: str, written: str, *, most: int) -> int:
    if not (written.isascii() and written.isdecimal()) or int(written) > most:
        raise WrongValue(field=name, value=written, expected=f"1–{most}" if name == "share" else f"0–{most}")
    return int(written)


def _seed(here: Desk, round_: Round) -> int:
    """By chance, yet the same for a form that comes twice at once."""
    written = f"{round_.number}/{here.now.isoformat()}"
    return int.from_bytes(hashlib.sha256(written.encode()).digest()[:4]) & LARGEST_SEED


def _page(
    here: Desk, reader: Reader, round_: Round, filled: Filled, *, wrong: str = "", status: int = 200, **more: Any
) -> HTMLResponse:
    today = city_day(here.session, here.now)
    offered = choices(here.session, reader.held(Right.START_AUDIT), today=today, lang=language())
    return here.pages.show(
        here.request,
        "audits/again",
        status=status,
        round=round_,
        filled=filled,
        wrong=wrong,
        inspectors=offered.inspectors,
        sheets=[one for one in audit_view.sheets(here.session, round_, reader.actor) if one.again_of],
        agreements=audit_differences.agreements(here.session, round_),
        differences=audit_differences.differences(here.session, round_),
        counts=counts_words(),
        me=reader.code,
        zone=audit_view.zone(here.session),
        **history(here, round_),
        **{"wrong_choice": {}, **more},
    )
