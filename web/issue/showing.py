"""The issue's page, and the small part of it that keeps the time."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.lifecycle import Action
from services.acting import has_just_done
from services.sight import must_see
from services.time_left import running
from web.deps import Desk, Here
from web.issue import words
from web.issue.page import show
from web.login import LoggedIn, Reader

router = APIRouter(prefix="/issues")


@router.get("/{number}", response_class=HTMLResponse)
def page(number: str, here: Here, reader: LoggedIn, do: str = "", done: str = "") -> HTMLResponse:
    """One issue. `do`: the action whose form is open; `done`: what was done just now."""
    issue = must_see(here.session, reader.actor, number)
    return show(here, reader, issue, opened=known(do), done=just_done(here, reader, number, done))


@router.get("/{number}/left", response_class=HTMLResponse)
def left(number: str, here: Here, reader: LoggedIn) -> HTMLResponse:
    """How much time is left, for a page that asks each minute."""
    issue = must_see(here.session, reader.actor, number)
    found = running(here.session, issue, now=here.now)
    return here.pages.show(here.request, "issue/left", issue=issue, running=found, words=words)


def known(action: str) -> Action | None:
    """The action of this name, if there is one."""
    return next((one for one in Action if one.value == action), None)


def just_done(here: Desk, reader: Reader, number: str, action: str) -> str:
    """What the reader did just now, in words; nothing where the record does not say so."""
    of = known(action)
    if of is None or not has_just_done(here.session, reader.actor, number, of, now=here.now):
        return ""
    return words.done(of, number)
