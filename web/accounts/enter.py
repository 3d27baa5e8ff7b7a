"""The page to log in, and logging out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.account import Happening
from models.errors import DubanError
from runtime import clock
from runtime.i18n import say
from services import sessions
from services.accounts import record
from services.accounts.entering import by_password
from services.accounts.errors import TooManyTries
from web.accounts.demo import offered
from web.accounts.going import go_on, own_path, visitor
from web.accounts.typed import Typed
from web.deps import Desk, Here
from web.login import LoggedIn, Reader, forget, maybe

router = APIRouter()
MayBe = Annotated[Reader | None, Depends(maybe)]


@router.get("/login", response_class=HTMLResponse)
def log_in_page(
    here: Here, reader: MayBe, wanted: Annotated[str, Query(alias="next")] = "", role: str = ""
) -> Response:
    """How to log in. `role` is the demo's role that goes first."""
    if reader and not role:
        return RedirectResponse(own_path(wanted), 303)
    return _page(here, wanted=wanted, role=role)


@router.post("/login", response_class=HTMLResponse)
def log_in(here: Here, typed: Typed) -> Response:
    """By name and password. Whatever is wrong, the page says no more than that."""
    name, password, wanted = (typed.get(field, "") for field in ("name", "password", "next"))
    now = clock.true_now(here.session)
    here.session.commit()  # no connection is held while the hash is counted out
    try:
        admission = by_password(
            here.request.app.state.sessions, name=name, password=password, visitor=visitor(here, name), now=now
        )
    except DubanError as error:
        status = 429 if isinstance(error, TooManyTries) else 403
        return _page(here, wanted=wanted, name=name, error=say(error), status=status)
    return go_on(here, admission, wanted=wanted, name=name)


@router.post("/logout")
def log_out(here: Here, reader: LoggedIn) -> Response:
    """End this session."""
    now = clock.true_now(here.session)
    sessions.end_session(here.session, reader.session.id, why="logged_out", now=now)
    record.note(here.session, Happening.LOGGED_OUT, person=reader.code, now=now, visitor=visitor(here))
    here.session.commit()
    answer = RedirectResponse("/login", 303)
    forget(answer)
    answer.headers["Clear-Site-Data"] = '"cache"'  # not "storage": drafts that wait on the phone stay there
    return answer


def _page(
    here: Desk, *, wanted: str, role: str = "", name: str = "", error: str = "", status: int = 200
) -> HTMLResponse:
    return here.pages.show(
        here.request,
        "accounts/login",
        status=status,
        wanted=own_path(wanted),
        players=offered(here, role),
        role=role,
        who=name,
        error=error,
        providers=here.request.app.state.providers.offered(),
    )
