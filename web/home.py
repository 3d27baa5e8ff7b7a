"""The first page: is all well, how many issues stand where, the way in, and the way to the Prefect UI.

A demo city shows its counts to everybody; a real one to whoever is logged in and may see boards of the whole city.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from models import terms
from models.lifecycle import State
from models.permissions import Right
from runtime import clock
from runtime.i18n import language
from runtime.settings import Settings
from services.overview import Overview, overview
from web.accounts.demo import offered
from web.deps import Here
from web.login import Reader, maybe

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
def home(here: Here, reader: Annotated[Reader | None, Depends(maybe)]) -> HTMLResponse:
    """Counts of the whole city, for whom they are."""
    seen = overview(here.session, now=here.now, at=clock.true_now(here.session))
    return here.pages.show(
        here.request,
        "home",
        seen=seen,
        city=seen.name if language() == "zh-CN" else seen.name_en,
        counted=seen.demo or _sees_all(reader, seen.code),
        tiles=_tiles(seen),
        players=offered(here),
        prefect=prefect_address(here.request, here.settings),
        starts_audits=seen.demo or (reader is not None and Right.START_AUDIT in reader.rights),
    )


def _sees_all(reader: Reader | None, city: str) -> bool:
    return reader is not None and city in reader.held(Right.SEE_BOARDS).areas


def _tiles(seen: Overview) -> Sequence[Tile]:
    lang = language()
    return [
        Tile(state.value, terms.term(terms.STATES, state.value, lang), seen.counts.by_state[state]) for state in ORDER
    ]


def prefect_address(request: Request, settings: Settings) -> str:
    """Where the reader's browser finds the Prefect UI: on the same host, unless the page is served under a name."""
    host = request.url.hostname or "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.prefect_port}"
