"""The list of webhooks, one with its settings and last tries, and its log."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from models.hook import DeliveryState, Hook
from models.hook_terms import FAMILIES
from runtime.i18n import language
from services import hooks, hooks_log, list_choices
from services.rulebook import the_city
from services.same_fault_view import names_of
from web.deps import Desk, Here
from web.hooks.fields import EMPTY, Administrator, Key, filled_with, kind_words, offered
from web.login import Reader

router = APIRouter(prefix="/hooks")
PAGE, LAST = 50, 8
Before = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
Done = Annotated[str, Query(max_length=20)]
Count = Annotated[int, Query(ge=0, le=10_000_000)]


@router.get("", response_class=HTMLResponse)
def listing(here: Here, reader: Administrator, ended: bool = False, done: Done = "") -> HTMLResponse:
    """Every one, with how many events wait."""
    found = hooks.hooks(here.session, reader.actor, ended=ended)
    waiting = hooks.waiting(here.session, found)
    return show(here, "hooks/list", found=found, waiting=waiting, ended=ended, done=done)


@router.get("/new", response_class=HTMLResponse)
def new(here: Here, _reader: Administrator) -> HTMLResponse:
    """The form of a new one."""
    return form_page(here, filled=dict(EMPTY))


@router.get("/{key}", response_class=HTMLResponse)
def one(here: Here, reader: Administrator, key: Key, done: Done = "", n: Count = 0) -> HTMLResponse:
    """How it stands."""
    return hook_page(here, reader, key, done=done, n=n)


@router.get("/{key}/change", response_class=HTMLResponse)
def changing(here: Here, reader: Administrator, key: Key) -> HTMLResponse:
    """Its form."""
    hook = hooks.the_hook(here.session, reader.actor, key)
    return form_page(here, filled=filled_with(hook), hook=hook)


@router.get("/{key}/log", response_class=HTMLResponse)
def log(here: Here, reader: Administrator, key: Key, before: Before = None, state: str = "") -> HTMLResponse:
    """Each event that was told or waits."""
    hook = hooks.the_hook(here.session, reader.actor, key)
    wanted = DeliveryState(state) if state in tuple(DeliveryState) else None
    by = reader.actor
    found = hooks_log.deliveries(here.session, key, by=by, state=wanted, before=before, limit=PAGE + 1)
    more = found[PAGE - 1].id if len(found) > PAGE else None
    states = [one.value for one in DeliveryState]
    return show(here, "hooks/log", hook=hook, found=found[:PAGE], more=more, state=wanted or "", states=states)


@router.get("/{key}/tries", response_class=HTMLResponse)
def tries(here: Here, reader: Administrator, key: Key, before: Before = None) -> HTMLResponse:
    """Each try with its answer."""
    hook = hooks.the_hook(here.session, reader.actor, key)
    found = hooks_log.attempts(here.session, key, by=reader.actor, before=before, limit=PAGE + 1)
    more = found[PAGE - 1].id if len(found) > PAGE else None
    return show(here, "hooks/tries", hook=hook, found=found[:PAGE], more=more)


def hook_page(
    here: Desk,
    reader: Reader,
    key: int,
    *,
    secret: str = "",
    wrong: str = "",
    since: str = "",
    status: int = 200,
    done: str = "",
    n: int = 0,
) -> HTMLResponse:
    """One webhook, with what was just done or what was wrong."""
    hook = hooks.the_hook(here.session, reader.actor, key)
    told = {"secret": secret, "wrong": wrong, "since": since, "done": done, "n": n}
    waiting = hooks.waiting(here.session, [hook]).get(key, 0)
    tries = hooks_log.attempts(here.session, key, by=reader.actor, limit=LAST)
    told |= {"names": names_of(here.session, [hook.owner]), "only": _only(here, hook)}
    return show(here, "hooks/one", status=status, hook=hook, waiting=waiting, tries=tries, **told)


def _only(here: Desk, hook: Hook) -> list[str]:
    """What it is kept to, by name; nothing: the whole city."""
    known = list_choices.choices(here.session, lang=language())
    named = ((known.areas, hook.area_code), (known.units, hook.unit_code))
    found = [dict(choices).get(code, code) for choices, code in named if code]
    severities = dict(known.severities)
    return [*found, *(severities.get(code, code) for code in hook.severities)]


def form_page(
    here: Desk, *, filled: dict[str, Any], hook: Hook | None = None, wrong: str = "", status: int = 200
) -> HTMLResponse:
    """The form, as it was filled in."""
    return show(here, "hooks/form", status=status, filled=filled, hook=hook, wrong=wrong, **offered(here))


def show(here: Desk, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of webhooks."""
    more = {"zone": the_city(here.session).timezone, "kind_words": kind_words, "all_families": list(FAMILIES)}
    return here.pages.show(here.request, name, status=status, **more, **values)
