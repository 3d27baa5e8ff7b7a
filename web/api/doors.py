"""Who calls the API: a program with a token, for the person it belongs to. Cookies count for nothing here.

So no page of another site can make a browser act: a browser sends no token by itself.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session

from models.api import ApiScope
from models.errors import NotFound
from models.permissions import Held, Right, held, must_hold
from models.rights import Actor
from runtime import clock
from runtime.i18n import gettext as _
from runtime.settings import Settings
from services import people, tokens
from services.rulebook import the_city
from web.api.problems import ApiError
from web.deps import Db, Given, Now

BEARER = HTTPBearer(auto_error=False, scheme_name="token", description="A token made on the page “My account”.")
NEEDED = {"WWW-Authenticate": "Bearer"}
LATER = {"Retry-After": "10"}


@dataclass(frozen=True)
class Caller:
    """What one call works with: whose it is, the session, the city's time."""

    token: int
    scopes: frozenset[str]
    actor: Actor
    city: str
    zone: str
    session: Session
    now: datetime
    settings: Settings

    def held(self, right: Right) -> Held:
        """Where the person has a right; false when nowhere."""
        return held(self.actor, right, city=self.city)

    def must(self, right: Right) -> Held:
        """Raises ActionNotAllowed for who has it nowhere."""
        return must_hold(self.actor, right, city=self.city)


def _caller(
    request: Request,
    session: Db,
    now: Now,
    settings: Given,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
) -> Caller:
    guards = request.app.state.guards
    address = request.client.host if request.client else ""
    found = tokens.find_token(session, given.credentials, now=clock.true_now(session)) if given else None
    if found is None:
        if given and not guards.guesses.take(address):
            raise ApiError(429, "too_many_requests", _("Too many wrong tokens. Please wait."), {"Retry-After": "60"})
        raise ApiError(401, "token_needed", _("A token that holds is needed."), NEEDED)
    if not guards.calls.take(str(found.id)):
        raise ApiError(429, "too_many_requests", _("Too many requests. Please wait."), LATER)
    city = the_city(session)
    try:
        actor = people.actor(session, found.person, now=now)
    except NotFound:
        raise ApiError(401, "token_needed", _("A token that holds is needed."), NEEDED) from None
    return Caller(found.id, found.scopes, actor, city.code, city.timezone, session, now, settings)


@dataclass(frozen=True)
class Door:
    """Open for tokens with this scope."""

    scope: ApiScope
    is_door: bool = True

    def __call__(self, caller: Annotated[Caller, Depends(_caller)]) -> Caller:
        if self.scope not in caller.scopes:
            raise ApiError(403, "scope_missing", _("This token is not for “{scope}”.").format(scope=self.scope))
        return caller


Reads = Annotated[Caller, Depends(Door(ApiScope.READ))]
Reports = Annotated[Caller, Depends(Door(ApiScope.REPORT))]
Acts = Annotated[Caller, Depends(Door(ApiScope.ACT))]
Audits = Annotated[Caller, Depends(Door(ApiScope.AUDIT))]
Exports = Annotated[Caller, Depends(Door(ApiScope.EXPORT))]
Hooks = Annotated[Caller, Depends(Door(ApiScope.HOOKS))]
