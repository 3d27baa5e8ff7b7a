"""What an administrator does with webhooks: make, change, new secret, pause, resume, test, tell again, end."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import DubanError, WrongValue
from runtime import clock
from runtime.i18n import say
from runtime.keys import account_keys
from services import hooks, hooks_log
from services.rulebook import the_city
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.hooks.fields import Administrator, Key, typed, wish_of
from web.hooks.pages import form_page, hook_page

router = APIRouter(prefix="/hooks")


@router.post("", response_class=HTMLResponse)
def make(here: Here, reader: Administrator, form: Sent) -> Response:
    """A new one; the page shows its secret, and no page shows it again. So there is no redirect."""
    filled, networks = typed(form), here.settings.webhook_networks
    try:
        made = hooks.make(
            here.session, wish_of(filled), by=reader.actor, keys=_keys(here), networks=networks, now=_now(here)
        )
    except DubanError as error:
        here.session.rollback()
        return form_page(here, filled=filled, wrong=say(error), status=status_of(error))
    here.session.commit()
    return hook_page(here, reader, made.hook.id or 0, secret=made.secret)


@router.post("/{key}/change", response_class=HTMLResponse)
def change(here: Here, reader: Administrator, key: Key, form: Sent) -> Response:
    """Tell something else from now on."""
    filled, networks = typed(form), here.settings.webhook_networks
    try:
        version = forms.whole(form, "version", least=1, most=2**31 - 1)
        wish, by = wish_of(filled), reader.actor
        hooks.change(here.session, key, wish, by=by, version=version, networks=networks, now=_now(here))
    except DubanError as error:
        here.session.rollback()
        hook = hooks.the_hook(here.session, reader.actor, key)
        return form_page(here, filled=filled, hook=hook, wrong=say(error), status=status_of(error))
    here.session.commit()
    return _back(key, "changed")


@router.post("/{key}/rotate", response_class=HTMLResponse)
def rotate(here: Here, reader: Administrator, key: Key, form: Sent) -> Response:
    """A new secret, shown this once."""
    try:
        version = forms.whole(form, "version", least=1, most=2**31 - 1)
        overlap = timedelta(hours=forms.whole(form, "hours", least=0, most=168))
        by, keys = reader.actor, _keys(here)
        made = hooks.rotate(here.session, key, by=by, keys=keys, version=version, overlap=overlap, now=_now(here))
    except DubanError as error:
        return _wrong(here, reader, key, error)
    here.session.commit()
    return hook_page(here, reader, key, secret=made.secret)


@router.post("/{key}/pause")
def pause(here: Here, reader: Administrator, key: Key) -> Response:
    """Tell nothing for now."""
    hooks.pause(here.session, key, by=reader.actor, now=_now(here))
    here.session.commit()
    return _back(key, "paused")


@router.post("/{key}/resume")
def resume(here: Here, reader: Administrator, key: Key) -> Response:
    """Go on."""
    hooks.resume(here.session, key, by=reader.actor, now=_now(here))
    here.session.commit()
    return _back(key, "resumed")


@router.post("/{key}/end")
def end(here: Here, reader: Administrator, key: Key) -> Response:
    """Tell nothing any more."""
    hooks.end(here.session, key, by=reader.actor, now=_now(here))
    here.session.commit()
    return RedirectResponse("/hooks?done=ended", 303)


@router.post("/{key}/ping")
def ping(here: Here, reader: Administrator, key: Key) -> Response:
    """Send a test; what came of it stands at the top of the tries."""
    networks = here.settings.webhook_networks
    hooks_log.ping(here.session, key, by=reader.actor, keys=_keys(here), networks=networks, now=_now(here))
    here.session.commit()
    return _back(key, "tested")


@router.post("/{key}/replay", response_class=HTMLResponse)
def replay(here: Here, reader: Administrator, key: Key, form: Sent) -> Response:
    """Tell again what happened from a time on."""
    since = forms.text(form, "since", longest=40)
    try:
        at = _time(since, the_city(here.session).timezone)
        many = hooks_log.replay(here.session, key, since=at, by=reader.actor, now=_now(here))
    except DubanError as error:
        return _wrong(here, reader, key, error, since=since)
    here.session.commit()
    return RedirectResponse(f"/hooks/{key}?done=replayed&n={many}", 303)


@router.post("/{key}/log/{delivery}/again")
def again(here: Here, reader: Administrator, key: Key, delivery: Key) -> Response:
    """Tell one event once more."""
    hooks_log.again(here.session, key, delivery, by=reader.actor, now=_now(here))
    here.session.commit()
    return RedirectResponse(f"/hooks/{key}/log#d{delivery}", 303)


def _wrong(here: Desk, reader: Administrator, key: int, error: DubanError, *, since: str = "") -> HTMLResponse:
    here.session.rollback()
    return hook_page(here, reader, key, wrong=say(error), since=since, status=status_of(error))


def _time(written: str, zone: str) -> datetime:
    """A time of the city, as a field for date and time gives it. Raises WrongValue."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise WrongValue(field="since", value=written, expected="2026-11-20 09:30") from None


def _back(key: int, done: str) -> Response:
    return RedirectResponse(f"/hooks/{key}?done={done}", 303)


def _keys(here: Desk) -> tuple[str, ...]:
    return account_keys(here.settings)


def _now(here: Desk) -> datetime:
    return clock.true_now(here.session)
