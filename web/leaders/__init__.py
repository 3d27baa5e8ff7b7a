"""The leaders' view: what one leader wants to know in a minute, on a phone."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.permissions import Right
from runtime.i18n import gettext as _
from services.leaders.me import Led, me
from services.work_piles import Pile
from web.accountability import words as measure_words
from web.boards.links import Place
from web.boards.reading import Leads
from web.deps import Here
from web.lists.reading import zone_of
from web.login import LoggedIn
from web.work import said

router = APIRouter(prefix="/leaders")


@router.get("")
def start(_reader: LoggedIn) -> Response:
    """There is one page so far: one's own."""
    return RedirectResponse("/leaders/me", 303)


@router.get("/me", response_class=HTMLResponse)
def mine(here: Here, reader: Leads) -> HTMLResponse:
    """Big numbers first, then what waits, points, units, places, patrols, each with the worst first."""
    found = me(here.session, reader.actor, now=here.now)
    return here.pages.show(
        here.request,
        "leaders/me",
        me=found,
        titles={pile: said.title(pile) for pile in Pile},
        measure_titles=measure_words.piles(),
        link=_link,
        leads_a_place=bool(found.places),
        zone=zone_of(here),
        may_patrol=Right.RECORD_PATROL in reader.rights,
        trend=_trend,
    )


def _link(one: Any, **narrow: Any) -> str:
    """The list that shows exactly those issues."""
    place = Place(unit=one.code) if getattr(one, "tier", None) else Place(area=one.code)
    return place.link(**narrow)


def _trend(one: Led) -> str:
    """Found and closed this month, beside the same days of the month before."""
    told = _("This month {found} found, {closed} closed; same days last month {found_before} and {closed_before}.")
    return told.format(**vars(one.trend))
