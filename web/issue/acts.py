"""Doing something about an issue: a form of its page, or one tap on a card of My work.

The address names the action, the form what the page had seen. Sent twice, it is done once; refused, it comes back with
everything that was typed.
"""

import re
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from models.errors import DubanError, NotFound, SomebodyWasFaster
from models.issue import Issue
from models.lifecycle import Action
from services.acting import Seen, act, since
from services.issue_view import view
from services.offers import NOT_FOR_PAGES
from services.sight import must_see
from web import forms
from web.accounts.going import own_path
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.issue import photos
from web.issue.filled import Asker, Filled, blame, read
from web.issue.page import show
from web.login import LoggedIn, Reader

router = APIRouter(prefix="/issues")
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
LARGEST = 2**31 - 1
KEPT = ("lang", "theme", "large")


@router.post("/{number}/do/{action}")
def do(number: str, action: Action, here: Here, reader: LoggedIn, form: Sent) -> Response:
    """Do it, or show the form again with what is wrong."""
    if action in NOT_FOR_PAGES:
        raise HTTPException(404)
    issue = must_see(here.session, reader.actor, number)
    shown = view(here.session, issue, now=here.now)
    filled, given = read(form, Asker(here.session, reader.actor, shown, action))
    if photos.takes_photos(action):
        photos.take_in(here, reader, form, filled, zone=shown.timezone)
    key, seen = forms.text(form, "key", longest=100), _seen(form)
    if not KEY.fullmatch(key):
        raise HTTPException(400)
    if filled.wrong:
        return show(here, reader, issue, filled=filled, status=400)
    try:
        _do(here, reader, issue, action, filled, given, seen=seen, key=forms.worded(key, given))
    except DubanError as error:
        return _refused(here, reader, number, filled, error, seen)
    here.session.commit()
    return RedirectResponse(_back(here, reader, form, number, action), 303)


@router.get("/{number}/do/{action}")
def come_back(number: str, action: Action, here: Here, reader: LoggedIn) -> Response:
    """The address of a form that was sent, opened again (another language, a page turned back to): the form anew."""
    must_see(here.session, reader.actor, number)
    chosen = {name: value for name, value in here.request.query_params.items() if name in KEPT}
    return RedirectResponse(f"/issues/{number}?{urlencode({'do': action.value, **chosen})}", 303)


def _do(
    here: Desk,
    reader: Reader,
    issue: Issue,
    action: Action,
    filled: Filled,
    given: dict[str, Any],
    *,
    seen: Seen,
    key: str,
) -> None:
    if photos.takes_photos(action):
        shows = given.pop("kind", None)
        given["evidence"] = photos.pieces(here, reader, filled, action, kind=shows)
    act(here.session, action, issue, given=given, by=reader.actor, seen=seen, key=key, now=here.now)


def _refused(here: Desk, reader: Reader, number: str, filled: Filled, error: DubanError, seen: Seen) -> Response:
    """The page as it is now, the form as it was typed; where somebody was faster, what they did."""
    here.session.rollback()
    here.session.expire_all()
    issue = must_see(here.session, reader.actor, number)
    blame(filled, error, view(here.session, issue, now=here.now).name)
    meanwhile = since(here.session, issue, seen) if isinstance(error, SomebodyWasFaster) else ()
    status = 400 if isinstance(error, NotFound) else status_of(error)  # what a field names, not the page
    return show(here, reader, issue, filled=filled, meanwhile=meanwhile, status=status)


def _seen(form: FormData) -> Seen:
    """Raises WrongValue for a form that is not of our page."""
    whole = {name: forms.whole(form, name, least=0, most=LARGEST) for name in ("version", "events")}
    return Seen(**whole)


def _back(here: Desk, reader: Reader, form: FormData, number: str, action: Action) -> str:
    """Where to go on: the page that the form was on, one of ours; to the desk from an issue that is theirs no more."""
    here.session.expire_all()
    wanted = forms.text(form, "next", longest=300)
    path = own_path(wanted) if wanted or not _still_theirs(here, reader, number) else f"/issues/{number}"
    return f"{path}{'&' if '?' in path else '?'}{urlencode({'done': action.value, 'issue': number})}"


def _still_theirs(here: Desk, reader: Reader, number: str) -> bool:
    """Whether the reader may see it after what they did: who returns an issue may not."""
    try:
        must_see(here.session, reader.actor, number)
    except NotFound:
        return False
    return True
