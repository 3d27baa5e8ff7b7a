"""All ways on one page: what a phone's bar has no room for."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from web.deps import Here
from web.login import LoggedIn

router = APIRouter()


@router.get("/more", response_class=HTMLResponse)
def more(here: Here, _reader: LoggedIn) -> HTMLResponse:
    """Every page that the reader may open."""
    return here.pages.show(here.request, "more")
