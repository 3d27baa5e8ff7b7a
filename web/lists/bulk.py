"""The same action on several issues: which actions are open, on which of them; then what became of each."""

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, QueryParams

from models.deadlines import ClockType, Limit
from models.errors import DubanError, MissingInput, WrongValue
from models.issue import Issue
from models.lifecycle import BY_ACTION, Action
from runtime.i18n import say
from services import together
from services.acting import Seen
from services.papers.stationery import stationery_in_force
from services.together import REMIND, Choice, Fate
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.lists.asked import Asked
from web.lists.page import Sees
from web.lists.reading import form_choices
from web.login import Reader

router = APIRouter(prefix="/bulk")
LONGEST = 200 * 80
"""Characters: so many numbers with what was seen of them."""
WRITTEN = re.compile(r"(.{1,60}):(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)
"""A number, its version, and how many events it had."""
ASKS: Mapping[Action, tuple[str, ...]] = {
    Action.ASSIGN: ("to", "reason"),
    Action.ASK_EXTENSION: ("amount", "reason"),
    Action.COMMENT: ("text",),
}
CLOCKS = tuple(ClockType)
TYPED = ("to", "reason", "text", "amount", "clock")


@router.get("", response_class=HTMLResponse)
def choose(here: Here, reader: Sees) -> HTMLResponse:
    """What may be done to the chosen issues. `issue` is a number with the version and events that the list showed."""
    params = here.request.query_params
    return _choose(here, reader, _seen(params.getlist("issue")), back=params.get("back", ""))


@router.post("/{name}", response_class=HTMLResponse)
def act(name: str, here: Here, reader: Sees, form: Sent) -> Response:
    """Do it to each that allows it, and tell of each. Sent twice, it is done once: the answer is the same."""
    seen = _seen(forms.text(form, "issues", longest=LONGEST).split())
    back = forms.text(form, "back", longest=forms.ENDLESS)
    try:
        action = _action(name)
        given = _given(form, action)
        fates, missing = _act(here, reader, action, seen, given, key=forms.text(form, "key", longest=60))
    except DubanError as error:
        here.session.rollback()
        typed = {field: forms.text(form, field, longest=forms.ENDLESS) for field in TYPED}
        return _choose(here, reader, seen, back=back, wrong=error, typed={"action": name, **typed})
    here.session.commit()
    return _result(here, action, fates, missing, back)


def _act(
    here: Desk, reader: Reader, action: Action, seen: Mapping[str, Seen], given: Mapping[str, str], *, key: str
) -> tuple[Sequence[Fate], Sequence[str]]:
    found, missing = together.chosen(here.session, reader.actor, list(seen))
    fates = together.act(
        here.session,
        action,
        found,
        by=reader.actor,
        now=here.now,
        given=given,
        seen=seen,
        key=forms.worded(key or secrets.token_urlsafe(12), given),
        stationery=stationery_in_force(here.session, otherwise=here.settings.city_pack / "papers"),
    )
    return fates, missing


def _action(name: str) -> Action:
    if name not in together.TOGETHER:
        raise WrongValue(field="action", value=name[:40], expected=", ".join(together.TOGETHER))
    return Action(name)


def asks(action: Action) -> tuple[str, ...]:
    """The fields of an action's form."""
    optional = ("reason",) if BY_ACTION[action].needs & {"reason"} else ()
    return () if action is REMIND else ASKS.get(action, optional)


def _given(form: FormData, action: Action) -> dict[str, str]:
    """What the action needs. Raises MissingInput, WrongValue."""
    given = {name: forms.text(form, name) for name in asks(action) if name != "amount"}
    if "amount" in asks(action):
        given["amount"] = str(Limit.parse(f"{forms.text(form, 'amount', longest=20)} {forms.text(form, 'clock')}"))
    missing = sorted(name for name in BY_ACTION[action].needs if name in asks(action) and not given[name])
    if missing:
        raise MissingInput(action=action.value, missing=", ".join(missing))
    return given


def _seen(written: Sequence[str]) -> dict[str, Seen]:
    """Numbers with what was read of them; what is none is left out."""
    found = map(WRITTEN.fullmatch, list(written)[: together.MOST + 1])
    return {one[1]: Seen(int(one[2]), int(one[3]) if one[3] else None) for one in found if one}


def _written(number: str, seen: Seen) -> str:
    return f"{number}:{seen.version}" + ("" if seen.events is None else f"-{seen.events}")


def _choose(
    here: Desk,
    reader: Reader,
    seen: Mapping[str, Seen],
    *,
    back: str,
    wrong: DubanError | None = None,
    typed: Mapping[str, str] | None = None,
) -> HTMLResponse:
    found: Sequence[Issue] = ()
    missing: Sequence[str] = ()
    open_to: Sequence[Choice] = ()
    try:
        found, missing = together.chosen(here.session, reader.actor, list(seen))
        open_to = together.choices(here.session, reader.actor, found, now=here.now)
    except WrongValue as error:
        wrong = wrong or error
    return here.pages.show(
        here.request,
        "lists/bulk",
        status=status_of(wrong) if wrong else 200,
        issues=found,
        missing=missing,
        open_to=[_offer(one, seen) for one in open_to],
        wrong=say(wrong) if wrong else "",
        typed=typed or dict.fromkeys(("action", *TYPED), ""),
        key=secrets.token_urlsafe(12),
        back=_back(back),
        clocks=[clock.value for clock in CLOCKS],
        choices=form_choices(here),
    )


def _offer(one: Choice, seen: Mapping[str, Seen]) -> Mapping[str, Any]:
    return {
        "action": one.action.value,
        "remind": one.action is REMIND,
        "asks": asks(one.action),
        "needs": one.needs,
        "n": len(one.numbers),
        "issues": " ".join(_written(number, seen[number]) for number in one.numbers),
    }


def _result(here: Desk, action: Action, fates: Sequence[Fate], missing: Sequence[str], back: str) -> HTMLResponse:
    done = [fate for fate in fates if fate.error is None]
    return here.pages.show(
        here.request,
        "lists/done",
        status=200 if done else 409,
        action=action.value,
        done=done,
        refused=[(fate.number, say(fate.error)) for fate in fates if fate.error is not None],
        missing=missing,
        back=_back(back),
    )


def _back(query: str) -> str:
    """The list that they came from: only ever one of ours."""
    return Asked.read(QueryParams(query)).address()
