"""Webhooks: subscriptions, their log, tests, and telling again. For tokens of administrators with the scope `hooks`."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import Field

from models.hook import DeliveryState
from models.hook import Hook as Row
from runtime import clock
from runtime.keys import account_keys
from services import hooks, hooks_log
from services.hooks import Wish
from services.hooks_errors import HookChanged
from web.api.doors import Caller, Hooks
from web.api.once import SECRET, Once
from web.api.problems import answers
from web.api.schemas import hooks as schemas
from web.api.schemas.base import Given, Listed, one_of

router = APIRouter(route_class=Once, tags=["hooks"], prefix="/hooks")
LARGEST = 2**63 - 1
Key = Annotated[int, Path(ge=1, le=LARGEST, description="the webhook")]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="the ETag of the webhook as it was read")]
REFUSALS = answers(401, 403, 404, 422, 429)
CHANGES = answers(400, 401, 403, 404, 409, 412, 422, 429)


class Stretch(Given):
    """`after`: the id of the last one of the stretch before."""

    after: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Deliveries(Stretch):
    state: DeliveryState | None = None


@router.get("", responses=REFUSALS)
def list_hooks(caller: Hooks, ended: bool = False) -> list[schemas.Hook]:
    """All of them (fifty at most that are not ended), newest first."""
    return [one_of(schemas.Hook, one) for one in hooks.hooks(caller.session, caller.actor, ended=ended)]


@router.post("", status_code=201, responses=answers(400, 401, 403, 404, 409, 422, 429))
def make_hook(caller: Hooks, given: schemas.NewHook, response: Response) -> schemas.HookMade:
    """Tell a program what happens from now on. The secret is given this once, so an idempotency key keeps nothing."""
    response.headers["Cache-Control"] = SECRET
    networks = caller.settings.webhook_networks
    made = hooks.make(
        caller.session, _wish(given), by=caller.actor, keys=_keys(caller), networks=networks, now=_now(caller)
    )
    caller.session.commit()
    return one_of(schemas.HookMade, made)


@router.get("/{key}", responses=REFUSALS)
def one_hook(key: Key, caller: Hooks, response: Response) -> schemas.Hook:
    """How it stands."""
    return _told(hooks.the_hook(caller.session, caller.actor, key), response)


@router.put("/{key}", responses=CHANGES)
def change_hook(
    key: Key, caller: Hooks, given: schemas.NewHook, response: Response, if_match: IfMatch = None
) -> schemas.Hook:
    """Tell something else, or to another address, from now on; you become its owner."""
    version, networks = _version(caller, key, if_match), caller.settings.webhook_networks
    changed = hooks.change(
        caller.session, key, _wish(given), by=caller.actor, version=version, networks=networks, now=_now(caller)
    )
    caller.session.commit()
    return _told(changed, response)


@router.delete("/{key}", status_code=204, responses=CHANGES)
def end_hook(key: Key, caller: Hooks, if_match: IfMatch = None) -> None:
    """Tell nothing any more. Its log stays for a month."""
    _version(caller, key, if_match)
    hooks.end(caller.session, key, by=caller.actor, now=_now(caller))
    caller.session.commit()


@router.post("/{key}/rotate", responses=CHANGES)
def rotate_secret(
    key: Key, caller: Hooks, given: schemas.Rotation, response: Response, if_match: IfMatch = None
) -> schemas.HookMade:
    """A new secret, given this once; the one before signs too for a while."""
    response.headers["Cache-Control"] = SECRET
    version, overlap = _version(caller, key, if_match), timedelta(hours=given.hours)
    by, keys = caller.actor, _keys(caller)
    made = hooks.rotate(caller.session, key, by=by, keys=keys, version=version, overlap=overlap, now=_now(caller))
    caller.session.commit()
    return one_of(schemas.HookMade, made)


@router.post("/{key}/pause", responses=CHANGES)
def pause_hook(key: Key, caller: Hooks, response: Response) -> schemas.Hook:
    """Tell nothing for now; what happens waits."""
    paused = hooks.pause(caller.session, key, by=caller.actor, now=_now(caller))
    caller.session.commit()
    return _told(paused, response)


@router.post("/{key}/resume", responses=CHANGES)
def resume_hook(key: Key, caller: Hooks, response: Response) -> schemas.Hook:
    """Go on with what waits."""
    resumed = hooks.resume(caller.session, key, by=caller.actor, now=_now(caller))
    caller.session.commit()
    return _told(resumed, response)


@router.post("/{key}/ping", responses=CHANGES)
def ping_hook(key: Key, caller: Hooks) -> schemas.Pinged:
    """Send a test now, and hear what came of it."""
    networks = caller.settings.webhook_networks
    answered = hooks_log.ping(
        caller.session, key, by=caller.actor, keys=_keys(caller), networks=networks, now=_now(caller)
    )
    caller.session.commit()
    return one_of(schemas.Pinged, answered)


@router.post("/{key}/replay", responses=CHANGES)
def replay_hook(key: Key, caller: Hooks, given: schemas.Replay) -> schemas.Replayed:
    """Tell again, in order and under the same keys, all that happened from a time on."""
    many = hooks_log.replay(caller.session, key, since=given.since, by=caller.actor, now=_now(caller))
    caller.session.commit()
    return schemas.Replayed(events=many)


@router.get("/{key}/deliveries", responses=REFUSALS)
def deliveries_of(key: Key, caller: Hooks, asked: Annotated[Deliveries, Query()]) -> Listed[schemas.Delivery]:
    """Events that were told or wait, newest first."""
    how = {"by": caller.actor, "before": asked.after, "limit": asked.limit + 1}
    found = hooks_log.deliveries(caller.session, key, state=asked.state, **how)  # type: ignore[arg-type]
    items = [one_of(schemas.Delivery, one) for one in found[: asked.limit]]
    return Listed[schemas.Delivery](items=items, next=str(items[-1].id) if len(found) > asked.limit else None)


@router.get("/{key}/tries", responses=REFUSALS)
def tries_of(key: Key, caller: Hooks, asked: Annotated[Stretch, Query()]) -> Listed[schemas.Try]:
    """Each try with its answer, newest first."""
    found = hooks_log.attempts(caller.session, key, by=caller.actor, before=asked.after, limit=asked.limit + 1)
    items = [one_of(schemas.Try, one) for one in found[: asked.limit]]
    return Listed[schemas.Try](items=items, next=str(items[-1].id) if len(found) > asked.limit else None)


@router.post("/{key}/deliveries/{delivery}/again", responses=CHANGES)
def tell_again(key: Key, delivery: Key, caller: Hooks) -> schemas.Delivery:
    """Tell one event once more, under its key."""
    found = hooks_log.again(caller.session, key, delivery, by=caller.actor, now=_now(caller))
    caller.session.commit()
    return one_of(schemas.Delivery, found)


def _wish(given: schemas.NewHook) -> Wish:
    return Wish(given.name, given.url, given.kinds, given.area, given.unit, given.severities)


def _told(hook: Row, response: Response) -> schemas.Hook:
    response.headers["ETag"] = _etag(hook)
    return one_of(schemas.Hook, hook)


def _etag(hook: Row) -> str:
    return f'"h{hook.version}"'


def _version(caller: Caller, key: int, if_match: str | None) -> int | None:
    """The version that was read; None where nobody said. Raises HookChanged for another one."""
    hook = hooks.the_hook(caller.session, caller.actor, key)
    if if_match is None or if_match.strip() == "*":
        return None
    if _etag(hook) not in if_match:
        raise HookChanged(name=hook.name)
    return hook.version


def _keys(caller: Caller) -> tuple[str, ...]:
    return account_keys(caller.settings)


def _now(caller: Caller) -> datetime:
    return clock.true_now(caller.session)
