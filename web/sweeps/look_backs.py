"""Looking back: what is to be looked at again and from when, what was drawn, and whether the draw bears out."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from services import look_backs
from web.boards.reading import Leads
from web.deps import Here
from web.lists.reading import board_scope, zone_of

router = APIRouter()


@router.get("/boards/look-backs", response_class=HTMLResponse)
def page(here: Here, reader: Leads) -> HTMLResponse:
    """For what the reader's boards show."""
    scope = board_scope(reader)
    awaited, total = look_backs.awaited(here.session, now=here.now, scope=scope)
    return here.pages.show(
        here.request,
        "sweeps/look_backs",
        awaited=awaited,
        total=total,
        draws=look_backs.draws(here.session, now=here.now, scope=scope),
        zone=zone_of(here),
    )
