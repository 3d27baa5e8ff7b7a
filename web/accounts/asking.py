"""A one-time link: asked for here, opened from the letter, or its code typed here. GET changes nothing."""

import secrets
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.account import KeyPurpose, LoginKey
from models.errors import DubanError
from models.unit import Person
from runtime import clock
from runtime.i18n import say
from services.accounts import letters, onetime
from services.accounts.entering import admit
from services.accounts.errors import AskedTooOften, KeyDoesNotHold
from services.sessions import Method
from web.accounts.going import ASKED, go_on, keep, own_path, visitor, with_next
from web.accounts.typed import Typed
from web.deps import Desk, Here

router = APIRouter()


@router.get("/login/link", response_class=HTMLResponse)
def ask_page(here: Here, wanted: Annotated[str, Query(alias="next")] = "") -> HTMLResponse:
    """Whoever has no password, or forgot it, asks for a link here."""
    return here.pages.show(here.request, "accounts/ask", wanted=own_path(wanted), who="", error="")


@router.post("/login/link", response_class=HTMLResponse)
def ask(here: Here, typed: Typed) -> Response:
    """Send the letter, and say the same whether or not there is anybody to send it to."""
    name, wanted = typed.get("name", ""), typed.get("next", "")
    now, who, state = clock.true_now(here.session), visitor(here), here.request.app.state
    here.session.commit()
    try:
        letters.ask(state.sessions, name, visitor=who, now=now)
    except AskedTooOften as error:
        return here.pages.show(
            here.request, "accounts/ask", status=429, wanted=own_path(wanted), who=name, error=say(error)
        )
    asked = secrets.token_urlsafe(32)
    base = here.settings.public_url.rstrip("/")
    state.errands.run(
        lambda: letters.send(
            state.sessions,
            state.errands.channels,
            name,
            asked=asked,
            visitor=who,
            now=now,
            address_of=partial(_address, base),
        )
    )
    answer = RedirectResponse(with_next("/login/code", wanted), 303)
    keep(here, answer, ASKED, asked)
    return answer


@router.get("/login/code", response_class=HTMLResponse)
def code_page(here: Here, wanted: Annotated[str, Query(alias="next")] = "") -> HTMLResponse:
    """A letter is on its way, if there is anybody to send it to; its code is typed here."""
    return here.pages.show(here.request, "accounts/code", wanted=own_path(wanted), error="")


@router.post("/login/code", response_class=HTMLResponse)
def use_code(here: Here, typed: Typed) -> Response:
    """Log in by the code of the letter, in the browser that asked for it."""
    code, wanted = typed.get("code", "")[:100], typed.get("next", "")
    now = clock.true_now(here.session)
    try:
        key = onetime.use_code(here.session, here.request.cookies.get(ASKED, ""), code, now=now)
        return _admitted(here, key, wanted, now)
    except DubanError as error:
        here.session.commit()  # the wrong try counts
        return here.pages.show(here.request, "accounts/code", status=403, wanted=own_path(wanted), error=say(error))


@router.api_route("/login/key/{token}", methods=["GET", "HEAD"], response_class=HTMLResponse)
def key_page(here: Here, token: str) -> HTMLResponse:
    """What a link opens: one button. Nothing is used up yet."""
    try:
        key = onetime.look(here.session, token, now=clock.true_now(here.session))
    except KeyDoesNotHold as error:
        return here.pages.show(here.request, "accounts/gone", status=410, error=say(error))
    person = here.session.get_one(Person, key.person_code)
    return here.pages.show(here.request, "accounts/key", token=token, who=person.name, purpose=key.purpose.value)


@router.post("/login/key/{token}", response_class=HTMLResponse)
def use_key(here: Here, token: str) -> Response:
    """Log in by the link, once."""
    now = clock.true_now(here.session)
    try:
        key = onetime.use(here.session, token, now=now)
        return _admitted(here, key, "/me/password" if key.purpose is KeyPurpose.INVITE else "", now)
    except DubanError as error:
        here.session.rollback()
        return here.pages.show(here.request, "accounts/gone", status=410, error=say(error))


def _admitted(here: Desk, key: LoginKey, wanted: str, now: datetime) -> Response:
    method = Method.INVITE if key.purpose is KeyPurpose.INVITE else Method.LINK
    admission = admit(here.session, key.person_code, method=method, visitor=visitor(here), now=now)
    here.session.commit()
    return go_on(here, admission, wanted=wanted)


def _address(base: str, token: str) -> str:
    return f"{base}/login/key/{token}"
