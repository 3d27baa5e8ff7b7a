"""The outbox as a page for operators: what waits, what was lost and why, and sending it again.

Nobody signs in yet: the page opens by a link that `duban outbox page` makes, for one person and a short while. GET
changes nothing; POST asks again whether that person still operates the outbox. The link is a secret (no referrer).
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from models import terms
from models.errors import NotFound, WrongValue
from models.message import MessageState
from models.rights import Actor
from notifications.operator_ticket import unseal
from runtime.i18n import language
from services import operators, outbox_counts, outgoing, people, resending, rulebook
from services.outgoing import Outgoing
from services.reasons import reason
from services.resending import AT_ONCE, MayDouble
from web.deps import Desk, Here
from web.link_guard import check_origin, limited

router = APIRouter(prefix="/outbox")
SHOWN = 50
WITHIN = timedelta(days=7)
"""What was lost before is not sent again from here: who would still want to read it?"""
WAITING = ("pending", "refused", "sending")
SECRET = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
LARGEST = 2**63 - 1


def _operator(token: str, here: Here) -> Actor:
    """Whose link this is, while it holds and while they operate the outbox. Raises HTTPException."""
    ticket = unseal(token, keys=here.keys)
    if ticket is None:
        guesses = here.request.app.state.guards.guesses
        known = guesses.take(here.request.client.host if here.request.client else "")
        raise HTTPException(404 if known else 429)
    if ticket.expires_at <= here.now:
        raise HTTPException(410)
    try:
        actor = people.actor(here.session, ticket.person, now=here.now)
    except NotFound:
        raise HTTPException(403) from None
    if not operators.operates(here.session, actor):
        raise HTTPException(403)
    return actor


By = Annotated[Actor, Depends(_operator)]


async def _form(request: Request, _by: By) -> AsyncIterator[FormData]:
    """What was sent from one of our own pages; nothing is read for a link that does not hold."""
    check_origin(request)
    async with limited(request).form(max_files=0, max_fields=20) as form:
        yield form


@dataclass(frozen=True)
class Wanted:
    """Which messages are listed."""

    state: str = ""
    channel: str = ""

    @property
    def states(self) -> list[MessageState]:
        """Raises WrongValue."""
        try:
            return [MessageState(self.state)] if self.state else list(outgoing.TROUBLE)
        except ValueError:
            raise WrongValue(field="state", value=self.state, expected=", ".join(MessageState)) from None

    def address(self, token: str, **more: object) -> str:
        """The page with these filters."""
        asked = {name: value for name, value in {**vars(self), **more}.items() if value}
        return f"/outbox/{token}" + (f"?{urlencode(asked)}" if asked else "")


@router.get("/{token}", response_class=HTMLResponse)
def show(
    token: str,
    here: Here,
    by: By,
    state: str = "",
    channel: str = "",
    before: Annotated[int | None, Query(ge=0, le=LARGEST)] = None,
    again: Annotated[int | None, Query(ge=0, le=LARGEST)] = None,
) -> HTMLResponse:
    """The outbox in numbers, and a list: of what was lost, unless something else is asked for."""
    wanted = Wanted(state, channel[:40])
    found = outgoing.listing(
        here.session, states=wanted.states, channel=wanted.channel or None, before=before, limit=SHOWN + 1
    )
    return _page(here, token, wanted, rows=found[:SHOWN], more=len(found) > SHOWN, by=by, again=again)


@router.post("/{token}", response_class=HTMLResponse)
def send_again(token: str, here: Here, by: By, form: Annotated[FormData, Depends(_form)]) -> Response:
    """Send one message again, or all that a channel has lost; what may double is asked about first."""
    wanted = Wanted(_field(form, "state"), _field(form, "channel")[:40])
    sure, one = _field(form, "sure") == "yes", _field(form, "message")
    try:
        n = _send_again(here, by, wanted, one, sure)
    except MayDouble:
        here.session.rollback()
        return _ask(here, token, wanted, one)
    here.session.commit()
    return RedirectResponse(wanted.address(token, again=n), 303, headers=SECRET)


def _send_again(here: Desk, by: Actor, wanted: Wanted, one: str, sure: bool) -> int:
    if one:
        if not (one.isdecimal() and int(one) <= LARGEST):
            raise WrongValue(field="message", value=one[:40], expected="a number")
        resending.resend(here.session, int(one), by=by, now=here.now, sure=sure)
        return 1
    new = resending.resend_all(
        here.session,
        by=by,
        now=here.now,
        channel=wanted.channel or None,
        states=wanted.states,
        since=WITHIN,
        sure=sure,
    )
    return len(new)


def _field(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _page(
    here: Desk, token: str, wanted: Wanted, *, rows: Sequence[Outgoing], more: bool, by: Actor, again: int | None
) -> HTMLResponse:
    seen = outbox_counts.tally(here.session)
    city = rulebook.the_city(here.session)
    messages = [_line(one) for one in outbox_counts.by_channel(seen)]
    providers = [_provider(one) for one in outbox_counts.by_provider(seen)]
    page = here.pages.show(
        here.request,
        "outbox",
        token=token,
        wanted=wanted,
        zone=city.timezone,
        who=by.code,
        now=here.now,
        oldest=seen.oldest,
        messages=messages,
        providers=providers,
        channels={line["code"]: line["name"] for line in (*messages, *providers)},
        rows=[_row(one) for one in rows],
        older=wanted.address(token, before=rows[-1].id) if more else None,
        states=[(state.value, terms.term(terms.MESSAGE_STATES, state, language())) for state in MessageState],
        may_all=bool(rows) and set(wanted.states) <= set(outgoing.TROUBLE),
        at_once=AT_ONCE,
        days=WITHIN.days,
        again=again,
    )
    page.headers.update(SECRET)
    return page


def _ask(here: Desk, token: str, wanted: Wanted, one: str) -> HTMLResponse:
    page = here.pages.show(here.request, "outbox_sure", status=409, token=token, wanted=wanted, message=one)
    page.headers.update(SECRET)
    return page


def _line(one: outbox_counts.Line) -> Mapping[str, Any]:
    return {
        "name": _channel(one.channel),
        "code": one.channel,
        "waiting": one.count(*WAITING),
        "sent": one.count("sent", "delivered"),
        "unknown": one.count("unknown"),
        "failed": one.count("failed"),
    }


def _provider(one: outbox_counts.Line) -> Mapping[str, Any]:
    counts = {state: one.count(state) for state in ("sent", "refused", "permanent", "unknown")}
    return {"name": _channel(one.channel), "code": one.channel, "ours": one.ours, **counts}


def _row(one: Outgoing) -> Mapping[str, Any]:
    told = one.outcome in ("", "sent", "sending")
    why = _word(terms.FAILURES, one.failure) if told else reason(one.code, one.detail, lang=language())
    return {
        "message": one,
        "who": one.person_name or one.post_title or one.post or one.person or "–",
        "kind": _word(terms.MESSAGE_KINDS, one.kind),
        "state": _word(terms.MESSAGE_STATES, one.state),
        "channel": _channel(one.provider) if one.provider else "",
        "why": why,
        "may_go": one.state in resending.MAY_GO_AGAIN,
    }


def _channel(code: str) -> str:
    return terms.term(terms.CHANNELS | terms.PROVIDERS, code, language())


def _word(words: terms.Words, code: str | None) -> str:
    return terms.term(words, code, language()) if code else ""
