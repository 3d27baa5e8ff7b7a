"""Drafting, approving and publishing scores: the same publications as everything else that is published."""

from collections.abc import Callable

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from models.errors import DubanError, MissingInput
from models.publication import Publication, PublicationAct, PublicationKind
from services import publications
from services.scores import publishing
from services.scores.seeing import must_see_publication, must_see_round
from web import forms
from web.deps import Desk, Here
from web.forms import Sent
from web.login import Reader
from web.scores import rounds, years
from web.scores.parts import Leads
from web.scores.years import whole

router = APIRouter(prefix="/scores")
LARGEST = 2**63 - 1
HASH = 64


@router.post("/rounds/{number}/draft")
def draft_round(number: str, here: Here, reader: Leads) -> Response:
    """Draft the score of a round."""
    must_see_round(here.session, reader.actor, number)
    try:
        publishing.draft_round(here.session, number, by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return rounds.show(here, reader, number, view=rounds.LIVE_VIEW, narrowed={}, wrong=error)
    here.session.commit()
    return RedirectResponse(f"/scores/rounds/{number}?draft=1", 303)


@router.post("/years/{year}/draft")
def draft_year(year: str, here: Here, reader: Leads, form: Sent) -> Response:
    """Draft the score of a year."""
    system = forms.text(form, "system", longest=60)
    try:
        publishing.draft_year(here.session, whole(year), system=system, by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return years.show(here, reader, year, system=system, view=rounds.LIVE_VIEW, wrong=error)
    here.session.commit()
    return RedirectResponse(f"/scores/years/{year}?system={system}&draft=1", 303)


@router.post("/publications/{key}/{act}")
def do(key: str, act: str, here: Here, reader: Leads, form: Sent) -> Response:
    """Do it to what was looked at; the page again, with what was typed, where it is refused."""
    if not key.isdecimal() or int(key) > LARGEST or act not in ACTS:
        raise HTTPException(404)
    row = must_see_publication(here.session, reader.actor, int(key))
    why = forms.text(form, "why", longest=forms.ENDLESS)
    try:
        ACTS[act](here, reader, row, form)
    except DubanError as error:
        here.session.rollback()
        return _again(here, reader, row, wrong=error, why=why)
    here.session.commit()
    over = act in (PublicationAct.PUBLISHED, PublicationAct.WITHDRAWN)
    return RedirectResponse(_address(row, more="" if over else "draft=1"), 303)


Do = Callable[[Desk, Reader, Publication, FormData], Publication]


def _renew(here: Desk, reader: Reader, row: Publication, form: FormData) -> Publication:
    return publishing.made_anew(here.session, row.id or 0, by=reader.actor, seen=_seen(form), now=here.now)


def _approve(here: Desk, reader: Reader, row: Publication, form: FormData) -> Publication:
    return publications.approve(here.session, row.id or 0, by=reader.actor, seen=_seen(form), now=here.now)


def _publish(here: Desk, reader: Reader, row: Publication, form: FormData) -> Publication:
    return publications.publish(here.session, row.id or 0, by=reader.actor, seen=_seen(form), now=here.now)


def _send_back(here: Desk, reader: Reader, row: Publication, form: FormData) -> Publication:
    why = _reason(form)
    return publications.send_back(here.session, row.id or 0, by=reader.actor, seen=_seen(form), now=here.now, why=why)


def _withdraw(here: Desk, reader: Reader, row: Publication, form: FormData) -> Publication:
    why = _reason(form)
    return publications.withdraw(here.session, row.id or 0, by=reader.actor, seen=_seen(form), now=here.now, why=why)


ACTS: dict[str, Do] = {
    "renew": _renew,
    PublicationAct.APPROVED.value: _approve,
    PublicationAct.PUBLISHED.value: _publish,
    PublicationAct.SENT_BACK.value: _send_back,
    PublicationAct.WITHDRAWN.value: _withdraw,
}


def _reason(form: FormData) -> str:
    why = forms.text(form, "why")
    if not why:
        raise MissingInput(action="publication", missing="why")
    return why


def _seen(form: FormData) -> str:
    return forms.text(form, "seen", longest=HASH)


def _address(row: Publication, *, more: str) -> str:
    if row.kind is PublicationKind.ROUND_SCORES:
        return f"/scores/rounds/{row.subject}{'?' + more if more else ''}"
    return f"/scores/years/{row.period_from.year}?system={row.subject}{'&' + more if more else ''}"


def _again(here: Desk, reader: Reader, row: Publication, *, wrong: DubanError, why: str) -> Response:
    if row.kind is PublicationKind.ROUND_SCORES:
        return rounds.show(here, reader, row.subject, view=rounds.DRAFT_VIEW, narrowed={}, wrong=wrong, why=why)
    year = str(row.period_from.year)
    return years.show(here, reader, year, system=row.subject, view=rounds.DRAFT_VIEW, wrong=wrong, why=why)
