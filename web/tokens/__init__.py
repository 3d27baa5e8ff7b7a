"""One's own tokens for the API: made (shown once), seen, ended."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.api import ApiScope
from models.errors import DubanError
from runtime import clock
from runtime.i18n import say
from services import tokens
from services.rulebook import the_city
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import LoggedIn, Reader

router = APIRouter()
Key = Annotated[int, Path(ge=1, le=2**63 - 1)]
DAYS = ("30", "90", "365")


@router.get("/me/tokens", response_class=HTMLResponse)
def mine(here: Here, reader: LoggedIn) -> HTMLResponse:
    """Those that hold, and a form for a new one."""
    return _page(here, reader)


@router.post("/me/tokens", response_class=HTMLResponse)
def create(here: Here, reader: LoggedIn, form: Sent) -> HTMLResponse:
    """A new one; the page shows it, and no page shows it again. So there is no redirect."""
    name, scopes = forms.text(form, "name"), forms.texts(form, "scope")
    filled = {"name": name, "days": forms.text(form, "days"), "scopes": scopes}
    try:
        days = forms.whole(form, "days", least=1, most=tokens.LONGEST.days)
        now = clock.true_now(here.session)
        lasts = timedelta(days=days)
        made = tokens.create_token(here.session, reader.code, name=name, scopes=scopes, lasts=lasts, now=now)
    except DubanError as error:
        here.session.rollback()
        return _page(here, reader, filled=filled, wrong=say(error), status=status_of(error))
    here.session.commit()
    return _page(here, reader, made=made)


@router.post("/me/tokens/{key}/end")
def end(key: Key, here: Here, reader: LoggedIn) -> Response:
    """From this moment on it opens nothing."""
    tokens.end_token(here.session, reader.code, key, now=clock.true_now(here.session))
    here.session.commit()
    return RedirectResponse("/me/tokens", 303)


def _page(
    here: Desk,
    reader: Reader,
    *,
    filled: Mapping[str, object] | None = None,
    made: str = "",
    wrong: str = "",
    status: int = 200,
) -> HTMLResponse:
    return here.pages.show(
        here.request,
        "tokens/mine",
        status=status,
        tokens=tokens.tokens_of(here.session, reader.code, now=clock.true_now(here.session)),
        zone=the_city(here.session).timezone,
        scopes=[scope.value for scope in ApiScope],
        days=DAYS,
        filled=filled or {"name": "", "days": DAYS[1], "scopes": [ApiScope.READ.value]},
        made=made,
        wrong=wrong,
    )
