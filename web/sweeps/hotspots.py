"""Hotspots: where issues gather, above the numbers of the city's policy; each number leads to its issues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.lifecycle import State
from runtime.i18n import gettext as _
from runtime.i18n import language
from services.hotspots import Gathers, Hot, hotspots, thresholds
from web.boards.links import Cell, Place
from web.boards.reading import Leads
from web.deps import Here
from web.lists.reading import board_scope, zone_of

router = APIRouter()
STANDS = [state.value for state in State if state is not State.VOID]


@dataclass(frozen=True)
class Line:
    """One hotspot with where its numbers lead."""

    place: str
    about: str
    found: Cell
    open: Cell


@router.get("/boards/hotspots", response_class=HTMLResponse)
def page(here: Here, reader: Leads) -> HTMLResponse:
    """Faults, points, streets and standards that come again and again, in what the reader's boards show."""
    scope, zone = board_scope(reader), zone_of(here)
    wanted = thresholds(here.session)
    first = (here.now - timedelta(days=wanted.days)).astimezone(ZoneInfo(zone)).date()
    found = hotspots(here.session, now=here.now, scope=scope)
    tables = [
        (kind, titles()[kind], wanted.least[kind], [_line(one, str(first), counted=scope is not None) for one in hot])
        for kind, hot in found.items()
    ]
    return here.pages.show(here.request, "sweeps/hotspots", tables=tables, days=wanted.days, kinds=Gathers)


def titles() -> dict[Gathers, str]:
    """What each kind is called, in the reader's language."""
    return {
        Gathers.FAULT: _("The same fault at the same point"),
        Gathers.POINT: _("Points"),
        Gathers.STREET: _("Streets and towns"),
        Gathers.STANDARD: _("Standards"),
    }


def _line(one: Hot, first: str, *, counted: bool) -> Line:
    codes = {"point": one.point or "", "standard": one.standard or ""}
    place = Place(area=one.street or "", counted=counted)
    words = one.about_en if language() == "en" else one.about
    about = f"{one.standard} {words}".strip() if one.standard else ""
    narrow: dict[str, str | Sequence[str]] = {**codes, "from": first}
    return Line(
        place=one.name,
        about=about,
        found=Cell(one.found, place.link(**narrow, state=STANDS)),
        open=Cell(one.open, place.link(**narrow, open=True)),
    )
