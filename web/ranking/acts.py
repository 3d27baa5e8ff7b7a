"""What is done to a month: drafted, made anew, approved, sent back, published, withdrawn, corrected."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response

from models.errors import DubanError
from services.ranking import acting
from services.ranking.months import Month
from services.ranking.view import MonthAct
from web import forms
from web.boards.page import plain
from web.deps import Here
from web.forms import Sent
from web.ranking.months import Leads, seen, show
from web.ranking.words import link

router = APIRouter(prefix="/ranking")
HASH = 64
TO_THE_DRAFT = (MonthAct.CORRECT, MonthAct.AGAIN, MonthAct.BACK, MonthAct.APPROVE)


@router.post("/{month}/{act}")
def do(month: str, act: str, here: Here, reader: Leads, form: Sent) -> Response:
    """Do it to what was looked at; the page again, with what was typed, where it is refused."""
    if act not in tuple(MonthAct):
        raise HTTPException(404)
    which, what = Month.parse(month), MonthAct(act)
    area = plain(forms.text(form, "area", longest=40)) or reader.city
    why = forms.text(form, "why", longest=forms.ENDLESS)
    try:
        why, sha = forms.text(form, "why"), forms.text(form, "seen", longest=HASH)
        acting.act(here.session, what, month=which, area_code=area, by=reader.actor, now=here.now, seen=sha, why=why)
    except DubanError as error:
        here.session.rollback()
        view = seen(here, reader, month, area=area, draft=True)
        return show(here, reader, view, wrong=error, why=why)
    here.session.commit()
    asked = {"area": area if area != reader.city else "", "draft": "1" if what in TO_THE_DRAFT else ""}
    return RedirectResponse(link(f"/ranking/{which}", **asked, done=act), 303)
