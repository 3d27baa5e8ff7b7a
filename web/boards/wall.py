"""The board for a wall: a few large numbers, readable from five metres, that refresh themselves."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from models.errors import NotFound
from runtime.i18n import say
from web.boards.page import areas, numbers, plain
from web.boards.reading import Leads, city_name, look
from web.deps import Here

router = APIRouter()
EVERY = 60
"""Seconds."""
ROWS = 8


@router.get("/boards/wall", response_class=HTMLResponse)
def wall(here: Here, reader: Leads, area: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
    """The whole city, or one area of it."""
    try:
        looked = look(here, reader, area=plain(area), unit="")
    except NotFound as error:
        return here.pages.show(here.request, "error", status=404, status_code=404, words=say(error))
    several = sorted(areas(looked), key=lambda one: (-one.overdue.n, -one.open.n))
    today = looked.days[-1]
    return here.pages.show(
        here.request,
        "boards/wall",
        **numbers(looked),
        areas=several[:ROWS],
        largest=max((one.open.n for one in several), default=0),
        city=city_name(here),
        whole=looked.whole,
        today=today,
        zone=looked.zone,
        now=here.now,
        every=EVERY,
        here_again=f"/boards/wall?area={looked.area}" if not looked.whole else "/boards/wall",
    )
