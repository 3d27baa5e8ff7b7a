"""The desk with its piles, one pile page by page, and the part of both that keeps the time."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from models.lifecycle import State
from services import tallies, work, work_errands
from services.rulebook import the_city
from services.sight import scope_of
from services.standings import Counted
from services.work_piles import Pile
from web.deps import Desk, Here
from web.issue.page import forms_of
from web.issue.showing import just_done
from web.login import LoggedIn, Reader
from web.work import said
from web.work.errands import address

router = APIRouter(prefix="/desk")
LAST_PAGE = work.MOST // work.PAGE
SHOWN = (State.FOUND, State.ASSIGNED, State.RECTIFYING, State.RECTIFIED, State.VERIFIED, State.SHELVED)


@router.get("", response_class=HTMLResponse)
def desk(here: Here, reader: LoggedIn, done: str = "", issue: str = "") -> HTMLResponse:
    """What waits for the reader, the first few of each pile."""
    return _show(
        here,
        "work/desk",
        heaps=work.desk(here.session, reader.actor, now=here.now),
        sheets=work.sheets(here.session, reader.actor),
        errands=work_errands.errands(here.session, reader.actor, now=here.now),
        address=partial(address, city=reader.city),
        done=just_done(here, reader, issue, done),
        counts=_counts(here, reader),
        shown=SHOWN,
    )


@router.get("/left", response_class=HTMLResponse)
def left(here: Here, reader: LoggedIn) -> HTMLResponse:
    """The time left on each card of the desk, for a page that asks each minute."""
    return _show(here, "work/left", heaps=work.desk(here.session, reader.actor, now=here.now))


@router.get("/errands", response_class=HTMLResponse)
def errands(here: Here, reader: LoggedIn) -> HTMLResponse:
    """What waits for the reader beside issues, all of it."""
    found = work_errands.errands(here.session, reader.actor, now=here.now)
    where = partial(address, city=reader.city)
    return _show(here, "work/all_errands", errands=found, address=where, EACH=work_errands.EACH)


@router.get("/{pile}", response_class=HTMLResponse)
def pile(
    pile: Pile,
    here: Here,
    reader: LoggedIn,
    page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
    done: str = "",
    issue: str = "",
) -> HTMLResponse:
    """One pile, PAGE cards at a time."""
    heap = work.heap(here.session, reader.actor, pile, page=page, now=here.now)
    return _show(here, "work/pile", heap=heap, page=page, done=just_done(here, reader, issue, done))


def _show(here: Desk, name: str, **values: Any) -> HTMLResponse:
    zone = the_city(here.session).timezone
    return here.pages.show(here.request, name, said=said, zone=zone, PAGE=work.PAGE, **forms_of(here, None), **values)


def _counts(here: Desk, reader: Reader) -> Counted:
    """How many issues stand where in the reader's places and units: the numbers that lists and boards show."""
    scope = scope_of(reader.actor, city=reader.city)
    return tallies.kept(here.session, now=here.now, scope=scope.as_counted() if scope else None)
