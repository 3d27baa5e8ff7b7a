"""How one is reached: one's contacts, proved by a code, their order, quiet hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import DubanError, WrongValue
from models.unit import ChannelClass, Person
from runtime.i18n import gettext as _
from runtime.i18n import say
from services import contact_codes, contacts
from services.accounts.errors import NotInADemo, ShowWhoYouAre
from services.contacts import Listed, Standing
from services.rulebook import the_city
from web.accounts.owner import owner_of
from web.accounts.typed import Typed
from web.deps import Desk, Here
from web.errors import STATUS
from web.login import LoggedIn, Reader

router = APIRouter(prefix="/me/contacts")
OFFERED = (ChannelClass.SMS, ChannelClass.MAIL, ChannelClass.CHAT)
Key = Annotated[int, Path(ge=0, le=2**63 - 1)]


@dataclass(frozen=True)
class Wrong:
    """What was refused, why, and what had been typed. `where`: the form that shows it."""

    where: str = ""
    words: str = ""
    typed: str = ""
    channel: str = "sms"
    status: int = 200


@router.get("", response_class=HTMLResponse)
def listing(here: Here, reader: LoggedIn, done: str = "") -> HTMLResponse:
    """In the order in which they are tried."""
    return _page(here, reader, done=done)


@router.post("", response_class=HTMLResponse)
def add(here: Here, reader: LoggedIn, typed: Typed) -> Response:
    """Send a code to a new address."""
    channel, address = typed.get("channel", ""), typed.get("address", "")
    try:
        _check(here, reader)
        if channel not in OFFERED:
            raise WrongValue(field="channel", value=channel[:40], expected=", ".join(OFFERED))
        state = here.request.app.state
        here.session.commit()  # no connection is held while the code is sent
        asked = contact_codes.ask(
            state.sessions,
            state.errands.channels,
            by=reader.actor,
            person_code=reader.code,
            channel=ChannelClass(channel),
            address=address,
            now=here.now,
        )
    except DubanError as error:
        return _refused(here, reader, Wrong("add", say(error), address, channel, _status(error)))
    return _asked(here, reader, asked)


@router.post("/{key}/code", response_class=HTMLResponse)
def send_code(here: Here, reader: LoggedIn, key: Key) -> Response:
    """Send a new code to an address that is known."""
    try:
        _check(here, reader)
        state = here.request.app.state
        here.session.commit()  # no connection is held while the code is sent
        asked = contact_codes.ask_again(
            state.sessions, state.errands.channels, by=reader.actor, contact_id=key, now=here.now
        )
    except DubanError as error:
        return _refused(here, reader, Wrong(str(key), say(error), status=_status(error)))
    return _asked(here, reader, asked)


@router.post("/{key}/confirm", response_class=HTMLResponse)
def confirm(here: Here, reader: LoggedIn, key: Key, typed: Typed) -> Response:
    """The code that came: the address is used from then on."""
    code = typed.get("code", "")[:100]
    try:
        if reader.session.method == "demo":
            raise NotInADemo()
        here.session.commit()
        sessions = here.request.app.state.sessions
        contact_codes.confirm(sessions, by=reader.actor, contact_id=key, code=code, now=here.now)
    except DubanError as error:
        return _refused(here, reader, Wrong(str(key), say(error), code, status=_status(error)))
    return _back("confirmed")


@router.post("/{key}/remove")
def remove(here: Here, reader: LoggedIn, key: Key) -> Response:
    """Use it no more."""
    contacts.remove(here.session, by=reader.actor, contact_id=key, now=here.now)
    here.session.commit()
    return _back("removed")


@router.post("/{key}/first")
def put_first(here: Here, reader: LoggedIn, key: Key) -> Response:
    """Try this one before the others."""
    found = contacts.listing(here.session, by=reader.actor, person_code=reader.code, now=here.now)
    others = [one.id for one in found if one.id != key]
    contacts.order(here.session, by=reader.actor, person_code=reader.code, contact_ids=[key, *others])
    here.session.commit()
    return _back("order")


@router.post("/quiet", response_class=HTMLResponse)
def quiet(here: Here, reader: LoggedIn, typed: Typed) -> Response:
    """Between these times only what is urgent; both empty: as the city does."""
    start, end = typed.get("from", ""), typed.get("until", "")
    try:
        hours = (_clock(start, "from"), _clock(end, "until")) if start or end else None
        contacts.quiet(here.session, by=reader.actor, person_code=reader.code, hours=hours)
    except DubanError as error:
        here.session.rollback()
        return _refused(here, reader, Wrong("quiet", say(error), f"{start} {end}", status=_status(error)))
    here.session.commit()
    return _back("quiet")


def _check(here: Desk, reader: Reader) -> None:
    """A contact is a way to log in: whoever finds a browser open adds none. Raises NotInADemo, ShowWhoYouAre."""
    owner = owner_of(here, reader)
    if owner.is_demo:
        raise NotInADemo()
    if not owner.is_fresh:
        raise ShowWhoYouAre()


def _clock(given: str, field: str) -> time:
    try:
        return time.fromisoformat(given).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise WrongValue(field=field, value=given[:20], expected="21:30") from None


def _asked(here: Desk, reader: Reader, asked: contact_codes.Asked) -> Response:
    if asked.sent is not None and asked.sent.outcome == "sent":
        return _back(f"sent#contact-{asked.contact_id}")
    words = _("The code may not have reached the address ({code}). If it came, type it below.")
    shown = words.format(code=asked.sent.code if asked.sent else "-")
    return _refused(here, reader, Wrong(str(asked.contact_id), shown, status=502))


def _refused(here: Desk, reader: Reader, wrong: Wrong) -> HTMLResponse:
    return _page(here, reader, wrong=wrong)


def _page(here: Desk, reader: Reader, *, wrong: Wrong | None = None, done: str = "") -> HTMLResponse:
    found = contacts.listing(here.session, by=reader.actor, person_code=reader.code, now=here.now)
    person = here.session.get_one(Person, reader.code, populate_existing=True)
    return here.pages.show(
        here.request,
        "accounts/contacts",
        status=wrong.status if wrong else 200,
        used=[one for one in found if one.standing is not Standing.OFF],
        off=_lately(found),
        wrong=wrong or Wrong(),
        done=done if done in {"sent", "confirmed", "removed", "order", "quiet"} else "",
        quiet=(_short(person.quiet_from), _short(person.quiet_to)),
        offered=[one.value for one in OFFERED],
        zone=the_city(here.session).timezone,
    )


def _lately(found: Sequence[Listed]) -> list[Listed]:
    """Those that are switched off; they can be proved again."""
    return [one for one in found if one.standing is Standing.OFF]


def _short(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


def _status(error: DubanError) -> int:
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def _back(done: str) -> Response:
    return RedirectResponse(f"/me/contacts?done={done}", 303)
