"""Patrols of the four chiefs: one's own to record, and how the chiefs of a place do."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import DubanError, NotFound
from models.permissions import Right
from runtime.i18n import say
from services.patrols import recording, view
from web import forms
from web.boards.reading import Leads
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.lists.reading import zone_of
from web.login import Reader, allowed

router = APIRouter(prefix="/patrols")
Chief = Annotated[Reader, Depends(allowed(Right.RECORD_PATROL))]
FOUND = "found"


@router.get("", response_class=HTMLResponse)
def page(
    here: Here,
    reader: Leads,
    area: Annotated[str, Query(max_length=20)] = "",
    done: Annotated[str, Query(max_length=10)] = "",
) -> HTMLResponse:
    """The form of a chief first, then the places and the leaders, the worst first."""
    return _show(here, reader, area=area, done=done)


@router.post("")
def record(here: Here, reader: Chief, form: Sent) -> Response:
    """Nothing found: done. Something found: on record too, and on to the form of a report."""
    found = forms.cleaned(form.get("what")) == FOUND
    typed = {name: forms.cleaned(form.get(name)) for name in ("post", "place", "note", "key")}
    try:
        seen = recording.Seen(typed["post"], typed["place"], found, typed["key"], typed["note"])
        recording.record(here.session, seen, by=reader.actor, now=here.now)
    except DubanError as error:
        here.session.rollback()
        return _show(here, reader, typed=typed, wrong=say(error), status=status_of(error))
    here.session.commit()
    return RedirectResponse("/report" if found else "/patrols?done=1", 303)


def _show(
    here: Desk,
    reader: Reader,
    *,
    area: str = "",
    done: str = "",
    typed: dict[str, str] | None = None,
    wrong: str = "",
    status: int = 200,
) -> HTMLResponse:
    return here.pages.show(
        here.request,
        "patrols/page",
        status=status,
        mine=view.mine(here.session, reader.actor, now=here.now),
        latest=view.latest(here.session, reader.code),
        table=_table(here, reader, area),
        typed=typed or {},
        key=secrets.token_urlsafe(12),
        wrong=wrong,
        done=done,
        zone=zone_of(here),
    )


def _table(here: Desk, reader: Reader, area: str) -> view.Table | None:
    """Of the place asked for. Raises NotFound; somebody who leads no place at all has none."""
    try:
        return view.table(here.session, reader.actor, now=here.now, area=area or None)
    except NotFound:
        if area:
            raise
        return None
