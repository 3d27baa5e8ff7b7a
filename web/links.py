"""Pages behind the links in messages. GET and HEAD show and change nothing, since scanners follow links; POST acts.

Whoever holds a link acts as the person it was sent to: so its address is a secret (web/security.py), works once, and
shows nothing of the issue when it no longer holds. The rules are those of services/following.py.
"""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from models import terms
from models.errors import DubanError
from models.link import Purpose, Ticket
from notifications.tickets import seal_form, unseal, unseal_form
from runtime.i18n import LANGUAGES, gettext, say, using
from runtime.keys import link_keys
from services import following, link_view, videos
from services.following import Standing
from services.link_view import View
from web import link_forms, link_words
from web.deps import Desk, Given, Here
from web.errors import STATUS
from web.evidence.copies import answer
from web.languages import COOKIE
from web.link_forms import Filled
from web.link_guard import check_origin, limited

router = APIRouter(prefix="/l")


def _ticket(request: Request, token: str, settings: Given) -> Ticket | None:
    """The ticket that one of our keys has signed. Raises HTTPException 429 for who guesses."""
    ticket = unseal(token, keys=link_keys(settings))
    if ticket is None and not request.app.state.guards.guesses.take(request.client.host if request.client else ""):
        raise HTTPException(429, headers={"Retry-After": "60"})
    return ticket


Held = Annotated[Ticket | None, Depends(_ticket)]


async def _form(request: Request, ticket: Held) -> AsyncIterator[FormData]:
    """What was sent; nothing is read for a link that is none, or from a page that is not ours."""
    check_origin(request)
    if ticket is None:
        yield FormData()
        return
    if not request.app.state.guards.posts.take(ticket.nonce):
        raise HTTPException(429, headers={"Retry-After": "60"})
    async with limited(request).form(max_files=100, max_fields=100, max_part_size=1024 * 1024) as form:
        yield form


Sent = Annotated[FormData, Depends(_form)]


@router.api_route("/{token}", methods=["GET", "HEAD"], response_class=HTMLResponse)
def show(ticket: Held, here: Here) -> HTMLResponse:
    """The page of a link: what it is about, and a form."""
    if ticket is None:
        return _gone(here, None)
    with _language(here.request, ticket):
        looked = following.look(here.session, ticket, now=here.now)
        if looked.issue is None:
            return _gone(here, looked.standing)
        view = link_view.view(here.session, looked.issue, purpose=ticket.purpose, person=ticket.person, now=here.now)
        return _page(here, ticket, view, Filled(), status=200)


@router.post("/{token}", response_class=HTMLResponse)
def act(ticket: Held, here: Here, form: Sent) -> HTMLResponse:
    """Do what the link is for."""
    if ticket is None:
        return _gone(here, None)
    if ticket.purpose is Purpose.READ:
        raise HTTPException(405)
    with _language(here.request, ticket):
        page = _page_of(form, ticket, here.keys)
        looked = following.look(here.session, ticket, form=page, now=here.now)
        if looked.issue is None:
            return _told(here, ticket, looked.standing)
        view = link_view.view(here.session, looked.issue, purpose=ticket.purpose, person=ticket.person, now=here.now)
        limits = videos.limits(here.session)
        filled = link_forms.read(form, ticket, keys=here.keys, folder=here.settings.evidence, limits=limits)
        wanted = link_forms.given(filled, ticket.purpose, clock=view.extension.clock, proof_wanted=view.proof_wanted)
        if page is None and not filled.wrong:
            filled.wrong[""] = gettext("This page was open for too long. Please send it once more.")
        if page is None or filled.wrong:
            return _page(here, ticket, view, filled, status=400)
        return _do(here, ticket, view, filled, wanted, page)


@router.get("/{token}/photos/{key}")
def photo(ticket: Held, key: int, here: Here) -> Response:
    """A small copy of one photo of the issue, for as long as the link holds."""
    looked = following.look(here.session, ticket, now=here.now) if ticket else None
    if looked is None or looked.issue is None:
        raise HTTPException(404)
    data = link_view.photo(here.session, looked.issue, key, folder=here.settings.evidence)
    return Response(data, media_type="image/jpeg")


@router.get("/{token}/videos/{key}")
def film(ticket: Held, key: int, here: Here) -> Response:
    """A video of the issue, in parts as a player asks for them, for as long as the link holds."""
    looked = following.look(here.session, ticket, now=here.now) if ticket else None
    if looked is None or looked.issue is None:
        raise HTTPException(404)
    return answer(here.request, link_view.film(here.session, looked.issue, key, folder=here.settings.evidence))


def _do(here: Desk, ticket: Ticket, view: View, filled: Filled, wanted: dict[str, Any], page: str) -> HTMLResponse:
    try:
        standing = following.follow(here.session, ticket, form=page, given=wanted, now=here.now)
    except DubanError as error:
        here.session.rollback()
        filled.wrong[""] = say(error)
        return _page(here, ticket, view, filled, status=_status(error))
    if standing is Standing.OPEN:
        here.session.commit()
        return _done(here, ticket)
    here.session.rollback()
    return _told(here, ticket, standing)


def _status(error: DubanError) -> int:
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def _page_of(form: FormData, ticket: Ticket, keys: tuple[str, ...]) -> str | None:
    """Which of our pages this form was on; None when it was on none."""
    sealed = form.get("page")
    content = unseal_form(sealed, ticket=ticket, keys=keys) if isinstance(sealed, str) else None
    return content if isinstance(content, str) else None


def _page(here: Desk, ticket: Ticket, view: View, filled: Filled, *, status: int) -> HTMLResponse:
    return here.pages.show(
        here.request,
        f"link_{ticket.purpose.value}",
        status=status,
        view=view,
        issue=view.issue,
        filled=filled,
        until=link_words.until(view.until),
        left=link_words.left(view.left),
        word=link_words.word,
        terms=terms,
        most_photos=link_forms.MOST_PHOTOS,
        videos=videos.limits(here.session),
        page=seal_form(secrets.token_urlsafe(9), ticket=ticket, keys=here.keys),
        kept=seal_form(link_forms.rows_of(filled.photos), ticket=ticket, keys=here.keys),
    )


def _told(here: Desk, ticket: Ticket, standing: Standing) -> HTMLResponse:
    """A tap too many on the same page is told the same again; anything else, that the link no longer holds."""
    return _done(here, ticket) if standing is Standing.AGAIN else _gone(here, standing)


def _done(here: Desk, ticket: Ticket) -> HTMLResponse:
    title, words = link_words.done(ticket.purpose)
    return here.pages.show(here.request, "link_told", title=title, words=words, good=True)


def _gone(here: Desk, standing: Standing | None) -> HTMLResponse:
    title, words = link_words.gone(standing)
    status = link_words.STATUS[standing] if standing else link_words.UNKNOWN
    return here.pages.show(here.request, "link_told", status=status, title=title, words=words, good=False)


@contextmanager
def _language(request: Request, ticket: Ticket) -> Iterator[None]:
    """The reader's own language, unless this browser has chosen one here."""
    chosen = "lang" in request.query_params or COOKIE in request.cookies
    lang = next((one for one in LANGUAGES if one == ticket.lang), None)
    if chosen or lang is None:
        yield
    else:
        with using(lang):
            yield
