"""The second step of the log-in: the code of the app; before that, where it must be, setting the app up."""

from datetime import datetime
from typing import Annotated

import segno
from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.account import Happening, LoginKey
from models.errors import DubanError
from models.unit import Person
from runtime import clock
from runtime.i18n import gettext as _
from runtime.i18n import say
from services.accounts import onetime, pace, passwords, record, second
from services.accounts.entering import open_for
from services.accounts.errors import KeyDoesNotHold, TooManyTries, WrongCode
from services.rulebook import the_city
from services.sessions import Method
from web.accounts.going import SECOND, let_in, own_path, vault, visitor, with_next
from web.accounts.typed import Typed
from web.deps import Desk, Here
from web.login import COOKIE

router = APIRouter()


@router.get("/login/second", response_class=HTMLResponse)
def second_page(here: Here, wanted: Annotated[str, Query(alias="next")] = "") -> Response:
    """Ask for the code; for who has to set the app up first, show what to put into it."""
    key = _key(here, clock.true_now(here.session))
    return _page(here, key, wanted) if key else RedirectResponse("/login", 303)


@router.post("/login/second/begin")
def begin(here: Here, typed: Typed) -> Response:
    """Make the secret that the app is to hold."""
    key = _key(here, clock.true_now(here.session))
    if key is None:
        return RedirectResponse("/login", 303)
    second.begin(here.session, key.person_code, vault=vault(here))
    here.session.commit()
    return RedirectResponse(with_next("/login/second", typed.get("next", "")), 303)


@router.post("/login/second", response_class=HTMLResponse)
def show_second(here: Here, typed: Typed) -> Response:
    """Check the code and let them in."""
    code, wanted = typed.get("code", "")[:100], typed.get("next", "")
    now = clock.true_now(here.session)
    key = _key(here, now)
    if key is None:
        return _begin_again(here, wanted)
    wait = pace.take(here.request.app.state.sessions, [pace.key_of("second", key.person_code)], now=now)
    if wait:
        return _page(here, key, wanted, error=say(TooManyTries(minutes=pace.minutes(wait))), status=429)
    try:
        return _checked(here, code, wanted, now)
    except WrongCode as error:
        if _key(here, now) is None:
            return _begin_again(here, wanted)
        return _page(here, key, wanted, error=say(error), status=403)
    except KeyDoesNotHold:
        return _begin_again(here, wanted)


def _begin_again(here: Desk, wanted: str) -> Response:
    """The key to this step is gone: run out, or too many codes were wrong. A double tap is in already."""
    if COOKIE in here.request.cookies or not here.request.cookies.get(SECOND):
        return RedirectResponse(with_next("/login", wanted), 303)
    words = _("This took too long, or too many codes were wrong. Please log in again.")
    return here.pages.show(here.request, "accounts/gone", status=410, error=words, way=with_next("/login", wanted))


def _checked(here: Desk, code: str, wanted: str, now: datetime) -> Response:
    key = onetime.hold(here.session, here.request.cookies.get(SECOND, ""), now=now, second=True)
    person, fresh = key.person_code, passwords.account(here.session, key.person_code).totp_at is None
    codes = second.confirm(here.session, person, code, vault=vault(here), now=now) if fresh else None
    how = "" if fresh else second.check(here.session, person, code, vault=vault(here), now=now)
    if not codes and not how:
        onetime.missed(key, now=now)
        record.note(here.session, Happening.SECOND_FAILED, person=person, now=now, visitor=visitor(here))
        here.session.commit()
        raise WrongCode()
    key.used_at = now
    return _let_in(here, key, codes, how, wanted, now)


def _let_in(here: Desk, key: LoginKey, codes: list[str] | None, how: str, wanted: str, now: datetime) -> Response:
    who, person = visitor(here), key.person_code
    if codes or how == "recovery":
        what = Happening.SECOND_SET if codes else Happening.RECOVERY_USED
        record.note(here.session, what, person=person, now=now, visitor=who)
    token = open_for(here.session, person, method=Method(key.method), visitor=who, now=now, second=True)
    pace.forgive(here.session, [pace.key_of("second", person)])
    here.session.commit()
    answer: Response = RedirectResponse(own_path(wanted), 303)
    if codes:
        answer = here.pages.show(here.request, "accounts/codes", codes=codes, wanted=own_path(wanted))
    let_in(here, answer, token)
    return answer


def _key(here: Desk, now: datetime) -> LoginKey | None:
    try:
        return onetime.look(here.session, here.request.cookies.get(SECOND, ""), now=now, second=True)
    except DubanError:
        return None


def _page(here: Desk, key: LoginKey, wanted: str, *, error: str = "", status: int = 200) -> HTMLResponse:
    account = passwords.account(here.session, key.person_code)
    return here.pages.show(
        here.request,
        "accounts/second",
        status=status,
        wanted=own_path(wanted),
        error=error,
        must=account.totp_at is None,
        app=set_up_of(here, key.person_code),
    )


def set_up_of(here: Desk, person: str) -> dict[str, str] | None:
    """What to show of a factor that is being set up: a picture and the secret to type; None where none is."""
    found = second.set_up(here.session, here.session.get_one(Person, person), vault=vault(here), issuer=_issuer(here))
    if found is None:
        return None
    picture = segno.make(found.address, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")
    words = " ".join(found.secret[place : place + 4] for place in range(0, len(found.secret), 4))
    return {"picture": picture, "secret": words, "address": found.address}


def _issuer(here: Desk) -> str:
    return _("Duban {city}").format(city=the_city(here.session).name)
