"""One's password and second factor."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import DubanError
from runtime.i18n import gettext as _
from runtime.i18n import say
from services.accounts import own
from services.accounts.entering import needs_second
from services.accounts.errors import TooManyTries
from services.accounts.own import Owner
from services.accounts.passwords import SHORTEST
from web.accounts.owner import owner_of
from web.accounts.steps import set_up_of
from web.accounts.typed import Typed
from web.deps import Desk, Here
from web.login import LoggedIn

router = APIRouter()


@router.get("/me/password", response_class=HTMLResponse)
def password_page(here: Here, reader: LoggedIn) -> HTMLResponse:
    """Set or change the password."""
    return _password(here, owner_of(here, reader))


@router.post("/me/password", response_class=HTMLResponse)
def set_password(here: Here, reader: LoggedIn, typed: Typed) -> Response:
    """Every other session ends with it."""
    owner, new = owner_of(here, reader), typed.get("new", "")
    if new != typed.get("again", ""):
        return _password(
            here, owner, error=_("The two are not the same. Please type the new password twice."), status=400
        )
    try:
        own.change_password(owner, present=typed.get("present", ""), new=new)
    except DubanError as error:
        here.session.rollback()
        return _password(here, owner, error=say(error), status=_status(error))
    return _done(here, "password")


def _password(here: Desk, owner: Owner, *, error: str = "", status: int = 200) -> HTMLResponse:
    known = own.state(owner).password_at is not None
    return here.pages.show(
        here.request,
        "accounts/password",
        status=status,
        error=error,
        known=known,
        asks=not owner.is_fresh,
        shortest=SHORTEST,
        demo=owner.is_demo,
    )


@router.get("/me/second", response_class=HTMLResponse)
def second_page(here: Here, reader: LoggedIn) -> HTMLResponse:
    """Set the app up, or ask for it no more."""
    return _second(here, owner_of(here, reader), must=needs_second(reader.actor, city=reader.city))


@router.post("/me/second/begin", response_class=HTMLResponse)
def begin(here: Here, reader: LoggedIn) -> Response:
    """Make the secret that the app is to hold."""
    owner = owner_of(here, reader)
    try:
        own.begin_second(owner)
    except DubanError as error:
        must = needs_second(reader.actor, city=reader.city)
        return _second(here, owner, must=must, error=say(error), status=_status(error))
    here.session.commit()
    return RedirectResponse("/me/second", 303)


@router.post("/me/second", response_class=HTMLResponse)
def confirm(here: Here, reader: LoggedIn, typed: Typed) -> Response:
    """Take it into use by its first code."""
    owner = owner_of(here, reader)
    try:
        codes = own.confirm_second(owner, typed.get("code", "")[:100])
    except DubanError as error:
        here.session.rollback()
        must = needs_second(reader.actor, city=reader.city)
        return _second(here, owner, must=must, error=say(error), status=_status(error))
    here.session.commit()
    return here.pages.show(here.request, "accounts/codes", codes=codes, wanted="/me?done=second")


@router.post("/me/second/remove", response_class=HTMLResponse)
def remove(here: Here, reader: LoggedIn, typed: Typed) -> Response:
    """Ask for it no more, against one more code."""
    owner, must = owner_of(here, reader), needs_second(reader.actor, city=reader.city)
    try:
        own.remove_second(owner, typed.get("code", "")[:100], must=must)
    except DubanError as error:
        here.session.rollback()
        return _second(here, owner, must=must, error=say(error), status=_status(error))
    return _done(here, "removed")


def _second(here: Desk, owner: Owner, *, must: bool, error: str = "", status: int = 200) -> HTMLResponse:
    return here.pages.show(
        here.request,
        "accounts/factor",
        status=status,
        error=error,
        must=must,
        state=own.state(owner),
        fresh=owner.is_fresh,
        app=set_up_of(here, owner.code),
        demo=owner.is_demo,
    )


def _status(error: DubanError) -> int:
    return 429 if isinstance(error, TooManyTries) else 403


def _done(here: Desk, done: str) -> Response:
    here.session.commit()
    return RedirectResponse(f"/me?done={done}", 303)
