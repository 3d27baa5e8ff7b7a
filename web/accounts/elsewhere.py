"""Logging in at a provider of identities: there by a GET link, back with a code. Nobody is made up on the way."""

import secrets
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from itsdangerous import BadData, URLSafeSerializer

from models.account import Happening
from models.errors import DubanError
from runtime import clock
from runtime.i18n import language, say
from runtime.providers import Provider
from services.accounts import identities, record
from services.accounts.entering import admit
from services.accounts.identities import Shown
from services.sessions import Method
from web.accounts.going import FOR_LOGIN, go_on, is_secure, own_path, visitor
from web.accounts.providers.base import Adapter, Journey, NotShown
from web.deps import Desk, Here

router = APIRouter()
COOKIE = "duban_journey"
LASTS = timedelta(minutes=10)
LONGEST = 4000
INSIDE = ("wxwork", "DingTalk", "Lark", "Feishu")


@router.get("/login/with/{name}")
def go(here: Here, name: str, wanted: Annotated[str, Query(alias="next")] = "") -> Response:
    """To the provider."""
    provider, adapter = _find(here, name)
    journey = Journey(_back(here, provider), *(secrets.token_urlsafe(32) for _ in range(3)))
    agent = here.request.headers.get("user-agent", "")
    try:
        address = adapter.address(journey, inside=any(sign in agent for sign in INSIDE))
    except NotShown as error:
        return _not_in(here, say(error))
    answer = RedirectResponse(address, 303)
    until = int((clock.true_now(here.session) + LASTS).timestamp())
    content = {**asdict(journey), "provider": name, "next": own_path(wanted), "until": until}
    answer.set_cookie(
        COOKIE,
        str(_signer(here).dumps(content)),
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_secure(here),
        path=FOR_LOGIN,
    )
    return answer


@router.get("/login/back/{name}", response_class=HTMLResponse)
def back(here: Here, name: str) -> Response:
    """From the provider: it counts in the browser that went there, once, for a short while."""
    provider, adapter = _find(here, name)
    now = clock.true_now(here.session)
    journey, wanted = _journey(here, provider, now)
    here.session.commit()  # no connection is held while the provider is asked
    try:
        if journey is None:
            raise NotShown(provider=provider.label(language()), why="state")
        shown = adapter.shown(journey, dict(here.request.query_params))
        answer = _come_in(here, provider, shown, wanted, now)
    except DubanError as error:
        here.session.rollback()
        answer = _not_in(here, say(error))
    answer.delete_cookie(COOKIE, path=FOR_LOGIN, httponly=True, samesite="lax")
    return answer


def _come_in(here: Desk, provider: Provider, shown: Shown, wanted: str, now: datetime) -> Response:
    person = identities.person_of(here.session, shown) or identities.bind_by_address(
        here.session, shown, match=provider.match, now=now
    )
    if person is None:
        record.note(here.session, Happening.FAILED, person=None, now=now, visitor=visitor(here), method=Method.OIDC)
        here.session.commit()
        return here.pages.show(
            here.request, "accounts/unbound", status=403, shown=shown, provider=provider.label(language())
        )
    admission = admit(here.session, person, method=Method.OIDC, visitor=visitor(here), now=now)
    here.session.commit()
    return go_on(here, admission, wanted=wanted)


def _journey(here: Desk, provider: Provider, now: datetime) -> tuple[Journey | None, str]:
    cookie = here.request.cookies.get(COOKIE, "")
    try:
        kept = _signer(here).loads(cookie) if len(cookie) <= LONGEST and cookie.isascii() else {}
    except BadData:
        kept = {}
    given = here.request.query_params.get("state", "")
    ours = kept.get("provider") == provider.name and kept.get("until", 0) > now.timestamp()
    if not ours or not secrets.compare_digest(kept["state"].encode(), given.encode()):
        return None, ""
    return Journey(_back(here, provider), kept["state"], kept["nonce"], kept["verifier"]), kept["next"]


def _find(here: Desk, name: str) -> tuple[Provider, Adapter]:
    found: tuple[Provider, Adapter] | None = here.request.app.state.providers.find(name)
    if found is None:
        raise HTTPException(404)
    return found


def _back(here: Desk, provider: Provider) -> str:
    return f"{here.settings.public_url.rstrip('/')}/login/back/{provider.name}"


def _not_in(here: Desk, error: str) -> HTMLResponse:
    return here.pages.show(here.request, "accounts/gone", status=403, error=error)


def _signer(here: Desk) -> URLSafeSerializer:
    """The library wants the key that signs last."""
    options = {"key_derivation": "hmac", "digest_method": sha256}
    return URLSafeSerializer(list(reversed(here.keys)), salt="duban journeys", signer_kwargs=options)
