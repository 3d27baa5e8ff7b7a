"""Who is there: the session behind the browser's cookie, the person's posts today, what they may do.

Every route says who may come: `anybody`, `logged_in`, or `allowed(right)`. `check_doors` refuses to start the
application when one of them does not; whether it is *this* issue or area is for the services to decide.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.responses import Response

from models.permissions import Held, Right, held
from models.rights import Actor
from runtime import clock
from services import people, sessions
from services.accounts.entering import needs_second
from services.rulebook import the_city
from services.sessions import Method, Open
from web.deps import Db, Now
from web.link_guard import check_origin

COOKIE = "duban_session"
SAFE = ("GET", "HEAD", "OPTIONS")
PERSON = "duban-person"
"""A script says in this header for whom it works: on a shared phone the page may be older than the log-in."""


class LoginNeeded(Exception):
    """Nobody is logged in. `back` is the page that was wanted."""

    def __init__(self, back: str) -> None:
        self.back = back
        super().__init__()

    @property
    def address(self) -> str:
        """Where to log in, and then go on."""
        return f"/login?next={quote(self.back, safe='')}"


@dataclass(frozen=True)
class Reader:
    """Somebody who is logged in. `city` is the code of the whole city's area."""

    session: Open
    actor: Actor
    city: str

    @property
    def code(self) -> str:
        return self.actor.code

    @property
    def name(self) -> str:
        return self.session.name

    def held(self, right: Right) -> Held:
        """Where they have a right; false when nowhere."""
        return held(self.actor, right, city=self.city)

    @cached_property
    def rights(self) -> frozenset[Right]:
        """What they may do somewhere: what the navigation offers."""
        return frozenset(right for right in Right if self.held(right))


def anybody(request: Request) -> None:
    """A page for everybody, logged in or not. What is sent must come from a page of ours."""
    if request.method not in SAFE:
        check_origin(request)


def maybe(request: Request, session: Db, now: Now) -> Reader | None:
    """Who is logged in, if anybody: for the frame of a page that is open to all."""
    token = request.cookies.get(COOKIE)
    found = sessions.find_session(session, token, now=clock.true_now(session)) if token else None
    if found is None:
        return None
    city = the_city(session)
    reader = Reader(found, people.actor(session, found.person, now=now), city.code)
    if why := _no_more(reader, city.demo):
        sessions.end_session(session, found.id, why=why, now=clock.true_now(session))
        session.commit()
        return None
    request.state.reader = reader
    return reader


def _no_more(reader: Reader, demo: bool) -> str:
    """Why a session that has not run out opens nothing any more; empty where it does."""
    if reader.session.method == Method.DEMO:
        return "" if demo else "no_demo"
    if not reader.actor.all_posts:
        return "no_post"
    if reader.session.second_at is None and needs_second(reader.actor, city=reader.city):
        return "second_factor"
    return ""


def logged_in(request: Request, found: Annotated[Reader | None, Depends(maybe)]) -> Reader:
    """Who is logged in. Raises LoginNeeded; HTTPException 403 for a form from elsewhere."""
    if request.method not in SAFE:
        check_origin(request)
    if found is None or unquote(request.headers.get(PERSON, "")) not in ("", found.code):
        raise LoginNeeded(_back(request))
    return found


LoggedIn = Annotated[Reader, Depends(logged_in)]


@dataclass(frozen=True)
class Allowed:
    """A door for who has this right anywhere."""

    right: Right

    def __call__(self, reader: LoggedIn) -> Reader:
        if self.right not in reader.rights:
            raise HTTPException(403)
        return reader


def allowed(right: Right) -> Allowed:
    """`reader: Annotated[Reader, Depends(allowed(Right.SEE_BOARDS))]`."""
    return Allowed(right)


def remember(response: Response, token: str, *, secure: bool) -> None:
    """Let the browser hold the session's secret; scripts cannot read it, other sites' forms do not send it."""
    lasts = int(sessions.LASTS.total_seconds())
    response.set_cookie(COOKIE, token, max_age=lasts, httponly=True, samesite="lax", secure=secure, path="/")


def forget(response: Response) -> None:
    """The browser is to hold nothing any more."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")


def check_doors(app: FastAPI) -> None:
    """Raises RuntimeError for a route that does not say who may come."""
    open_to_all = [route.path or "/" for route in _routes(app) if not any(map(_is_door, _calls(route.dependant)))]
    if open_to_all:
        raise RuntimeError(f"who may come here? {', '.join(open_to_all)}")


def _routes(app: FastAPI) -> Iterator[RouteContext]:
    """Also those of routers that it includes: `app.routes` shows only the routers."""
    return (route for route in iter_route_contexts(app.routes) if isinstance(route.original_route, APIRoute))


def _is_door(call: Callable[..., object]) -> bool:
    return call in (anybody, logged_in) or isinstance(call, Allowed) or getattr(call, "is_door", False)


def _calls(dependant: Dependant) -> Iterator[Callable[..., object]]:
    for below in dependant.dependencies:
        if below.call is not None:
            yield below.call
        yield from _calls(below)


def _back(request: Request) -> str:
    """The page to come back to: one of ours, and only where coming back repeats nothing."""
    if request.method not in SAFE:
        return "/"
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
