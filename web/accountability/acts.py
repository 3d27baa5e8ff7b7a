"""What is decided about a measure, replied to it, put on record about it."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response

from models.accountability import MeasureAct
from models.errors import DubanError
from runtime.i18n import say
from services.accountability import view
from services.accountability.verbs import VERBS, given_for
from services.papers.content import Interview
from services.papers.stationery import stationery_in_force
from web import forms
from web.accountability.pages import Key, Sees, show
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent

router = APIRouter(prefix="/accountability")
FIELDS = ("why", "when", "place")


@router.post("/{key}/{act}")
def act(key: Key, act: MeasureAct, here: Here, reader: Sees, form: Sent) -> Response:
    """Do it; a refusal shows the page again with what was typed."""
    view.the_measure(here.session, reader.actor, key)
    if act not in VERBS:  # what only rules and time do
        raise HTTPException(404)
    typed = {name: forms.cleaned(form.get(name)) for name in FIELDS}
    try:
        seen, why = forms.whole(form, "seen", least=1, most=2**31 - 1), forms.text(form, "why")
        more = given_for(
            act,
            stationery=lambda: stationery_in_force(here.session, otherwise=here.settings.city_pack / "papers"),
            interview=Interview(*(forms.text(form, name, longest=200) for name in ("when", "place"))),
        )
        VERBS[act](here.session, key, by=reader.actor, now=here.now, seen=seen, why=why, **more)
    except DubanError as error:
        here.session.rollback()
        return _again(here, reader, key, act, error, typed)
    here.session.commit()
    return RedirectResponse(f"/accountability/{key}?done={act}", 303)


def _again(here: Desk, reader: Sees, key: int, act: MeasureAct, error: DubanError, typed: dict[str, str]) -> Response:
    here.session.expire_all()
    return show(here, reader, key, wrong=say(error), typed=typed, tried=act, status=status_of(error))
