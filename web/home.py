"""The first page: is all well, how many issues stand where, and the way to the Prefect UI."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from models import terms
from models.lifecycle import State
from runtime import clock
from runtime.i18n import language
from runtime.settings import Settings
from services.overview import overview
from web.deps import Db, Given, Now, Page

router = APIRouter()
ORDER = (
    *(State.FOUND, State.ASSIGNED, State.RECTIFYING, State.RECTIFIED, State.VERIFIED),
    *(State.SHELVED, State.CLOSED, State.VOID),
)


@dataclass(frozen=True)
class Tile:
    """One state with its count."""

    code: str
    name: str
    count: int


@router.get("/", response_class=HTMLResponse)
def home(request: Request, session: Db, now: Now, settings: Given, pages: Page) -> HTMLResponse:
    """Counts of the whole city."""
    seen = overview(session, now=now, at=clock.true_now(session))
    lang = language()
    tiles = [
        Tile(state.value, terms.term(terms.STATES, state.value, lang), seen.counts.by_state[state]) for state in ORDER
    ]
    return pages.show(
        request,
        "home",
        seen=seen,
        city=seen.name if lang == "zh-CN" else seen.name_en,
        tiles=tiles,
        prefect=prefect_address(request, settings),
    )


def prefect_address(request: Request, settings: Settings) -> str:
    """Where the reader's browser finds the Prefect UI: on the same host, unless the page is served under a name."""
    host = request.url.hostname or "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.prefect_port}"
