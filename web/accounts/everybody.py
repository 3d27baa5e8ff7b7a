"""Everybody's log-ins, for the administrator: who has what, invitations, ending sessions, lost phones, identities."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import DubanError
from models.permissions import Right
from runtime import clock
from runtime.i18n import say
from services.accounts import identities, others, record
from services.accounts.errors import NotInADemo, ShowWhoYouAre
from services.accounts.onetime import INVITE_FOR
from services.people import city_day
from services.rulebook import the_city
from web.accounts.devices import device
from web.accounts.owner import owner_of
from web.accounts.typed import Typed
from web.deps import Desk, Here
from web.login import Reader, allowed

router = APIRouter(prefix="/accounts")
Administrator = Annotated[Reader, Depends(allowed(Right.MANAGE_ACCOUNTS))]
PAGE, SHOWN = 50, 20
Key = Annotated[int, Path(ge=0, le=2**63 - 1)]


@router.get("", response_class=HTMLResponse)
def listing(
    here: Here,
    reader: Administrator,
    q: Annotated[str, Query(max_length=100)] = "",
    after: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Persons, found by name or code."""
    today, now = city_day(here.session, here.now), clock.true_now(here.session)
    found = others.listing(here.session, by=reader.actor, today=today, now=now, words=q, after=after, limit=PAGE + 1)
    return here.pages.show(
        here.request,
        "accounts/everybody",
        q=q,
        found=found[:PAGE],
        more=found[PAGE - 1].person if len(found) > PAGE else "",
        zone=the_city(here.session).timezone,
    )


@router.get("/{person}", response_class=HTMLResponse)
def one(here: Here, reader: Administrator, person: str, done: str = "") -> HTMLResponse:
    """How one person logs in, and what happened about it."""
    return _one(here, reader, person, done=done)


@router.post("/{person}/invite", response_class=HTMLResponse)
def invite(here: Here, reader: Administrator, person: str) -> HTMLResponse:
    """A link by which the person logs in once; shown here, now and never again."""
    _check(here, reader)
    token = others.invite(here.session, person, by=reader.actor, now=clock.true_now(here.session))
    here.session.commit()
    return _one(here, reader, person, link=f"{here.settings.public_url.rstrip('/')}/login/key/{token}")


@router.post("/{person}/end")
def end(here: Here, reader: Administrator, person: str) -> Response:
    """End every session of the person."""
    others.end_sessions(here.session, person, by=reader.actor, now=clock.true_now(here.session))
    return _back(here, person, "ended")


@router.post("/{person}/second")
def remove_second(here: Here, reader: Administrator, person: str) -> Response:
    """The phone is lost."""
    _check(here, reader)
    others.remove_second(here.session, person, by=reader.actor, now=clock.true_now(here.session))
    return _back(here, person, "removed")


@router.post("/{person}/bind", response_class=HTMLResponse)
def bind(here: Here, reader: Administrator, person: str, typed: Typed) -> Response:
    """This subject of a provider is that person."""
    provider, subject = typed.get("provider", ""), typed.get("subject", "").strip()[:300]
    known = {one.name for one in here.request.app.state.providers.offered()}
    try:
        _check(here, reader)
        if provider not in known or not subject:
            raise others.no_such_identity(provider, known)
        now = clock.true_now(here.session)
        others.bind(here.session, person, provider=provider, subject=subject, by=reader.actor, now=now)
    except DubanError as error:
        here.session.rollback()
        return _one(here, reader, person, error=say(error), typed=subject, status=409)
    return _back(here, person, "bound")


@router.post("/{person}/unbind/{key}")
def unbind(here: Here, reader: Administrator, person: str, key: Key) -> Response:
    """It is no more."""
    others.unbind(here.session, key, person=person, by=reader.actor, now=clock.true_now(here.session))
    return _back(here, person, "unbound")


def _one(
    here: Desk,
    reader: Reader,
    person: str,
    *,
    done: str = "",
    link: str = "",
    error: str = "",
    typed: str = "",
    status: int = 200,
) -> HTMLResponse:
    today, now = city_day(here.session, here.now), clock.true_now(here.session)
    found = others.one(here.session, person, by=reader.actor, today=today, now=now)
    return here.pages.show(
        here.request,
        "accounts/one",
        status=status,
        one=found,
        done=done if done in {"ended", "removed", "bound", "unbound"} else "",
        link=link,
        days=INVITE_FOR.days,
        error=error,
        typed=typed,
        providers=here.request.app.state.providers.offered(),
        identities=identities.identities_of(here.session, person),
        happenings=record.happenings(here.session, person, limit=SHOWN),
        zone=the_city(here.session).timezone,
        device=device,
    )


def _check(here: Desk, reader: Reader) -> None:
    """What is done here opens accounts: not for who went in by one tap, nor for who finds a browser open.

    Raises NotInADemo, ShowWhoYouAre.
    """
    owner = owner_of(here, reader)
    if owner.is_demo:
        raise NotInADemo()
    if not owner.is_fresh:
        raise ShowWhoYouAre()


def _back(here: Desk, person: str, done: str) -> Response:
    here.session.commit()
    return RedirectResponse(f"/accounts/{person}?done={done}", 303)
