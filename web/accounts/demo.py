"""A demo city lets everybody in by one tap, as one person for each role. On the server's word alone."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import Response

from services import demo
from services.demo import Player
from services.sessions import Method
from web.accounts.going import come_in
from web.accounts.typed import Typed
from web.deps import Desk, Here

router = APIRouter()


def offered(here: Desk, first: str = "") -> Sequence[Player]:
    """Who may be played here; nobody where the city is no demo. `first` is the role that goes first."""
    return sorted(demo.players(here.session, now=here.now), key=lambda one: one.key != first)


@router.post("/login/demo")
def play(here: Here, typed: Typed) -> Response:
    """Go in as somebody of the demo city. Raises NotADemo, NotFound."""
    player = demo.player(here.session, typed.get("role", ""), now=here.now)
    return come_in(here, player.person, method=Method.DEMO, wanted=typed.get("next", ""))
