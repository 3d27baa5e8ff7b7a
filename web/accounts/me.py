"""One's own account: posts, sessions, language, and the way to password, second factor and contacts."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.unit import Person
from runtime.i18n import LANGUAGES
from services import contacts
from services.accounts import identities, own, record
from services.accounts.entering import needs_second
from services.accounts.own import Owner
from services.people import city_day
from services.roster import roster
from services.rulebook import the_city
from web.accounts.devices import device
from web.accounts.owner import owner_of
from web.accounts.typed import Typed
from web.deps import Desk, Here
from web.languages import A_YEAR, COOKIE
from web.login import LoggedIn

router = APIRouter()
SHOWN = 10
Key = Annotated[int, Path(ge=0, le=2**63 - 1)]
DONE = frozenset({"password", "second", "removed", "ended", "language"})


@router.get("/me", response_class=HTMLResponse)
def me(here: Here, reader: LoggedIn, done: str = "") -> HTMLResponse:
    """Who one is here, and where one is logged in."""
    owner = owner_of(here, reader)
    today = city_day(here.session, here.now)
    posts = [one for one in roster(here.session, today=today, words=reader.code) if one.person == reader.code]
    return here.pages.show(
        here.request,
        "accounts/me",
        done=done if done in DONE else "",
        person=here.session.get_one(Person, reader.code),
        posts=[one for one in posts if one.post],
        deputises=[post for post, _ in reader.actor.for_others],
        state=own.state(owner),
        must=needs_second(reader.actor, city=reader.city),
        opened=_opened(owner),
        identities=identities.identities_of(here.session, reader.code),
        happenings=record.happenings(here.session, reader.code, limit=SHOWN),
        zone=the_city(here.session).timezone,
        device=device,
    )


def _opened(owner: Owner) -> list[dict[str, object]]:
    return [
        {"row": one, "device": device(one.device), "this": one.id == owner.opened.id} for one in own.open_ones(owner)
    ]


@router.post("/me/sessions/{key}/end")
def end(here: Here, reader: LoggedIn, key: Key) -> Response:
    """End one of one's sessions."""
    own.end_one(owner_of(here, reader), key)
    return _back(here, "ended")


@router.post("/me/sessions/end-others")
def end_others(here: Here, reader: LoggedIn) -> Response:
    """End all of them but this one."""
    own.end_others(owner_of(here, reader))
    return _back(here, "ended")


@router.post("/me/language")
def speak(here: Here, reader: LoggedIn, typed: Typed) -> Response:
    """Pages and messages in this language from now on."""
    lang = typed.get("lang", "")
    contacts.speak(here.session, by=reader.actor, person_code=reader.code, lang=lang)
    answer = _back(here, "language")
    if lang in LANGUAGES:
        answer.set_cookie(COOKIE, lang, max_age=A_YEAR, httponly=True, samesite="lax", path="/")
    return answer


def _back(here: Desk, done: str) -> Response:
    here.session.commit()
    return RedirectResponse(f"/me?done={done}", 303)
