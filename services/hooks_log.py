"""What a subscriber was told: deliveries and tries, newest first; telling once more; a test; and forgetting."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text, update
from sqlmodel import Session, col, select

from models.errors import NotFound
from models.hook import DeliveryState, Hook, HookAttempt, HookDelivery, HookState
from models.hook_terms import PING
from models.rights import Actor
from notifications.channels.guard import GuardedHttp
from services import bulk, hooks, hooks_matching
from services.hooks_calling import Answered, Letter, call
from services.hooks_claiming import secrets_of
from services.hooks_errors import HookEnded
from services.hooks_payload import written
from services.hooks_settling import attempt_row

KEPT = timedelta(days=30)
"""So long the log is kept, and what was never taken."""
_FORGET = (
    text("DELETE FROM hook_attempt WHERE at < :before"),
    text("DELETE FROM hook_delivery WHERE made_at < :before AND state <> 'sending'"),
)


def deliveries(
    session: Session,
    key: int,
    *,
    by: Actor,
    state: DeliveryState | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[HookDelivery]:
    """Events for a subscriber, newest first, before that delivery. Raises ActionNotAllowed, NotFound."""
    hooks.the_hook(session, by, key)
    query = select(HookDelivery).where(HookDelivery.hook_id == key).order_by(col(HookDelivery.id).desc()).limit(limit)
    if state is not None:
        query = query.where(HookDelivery.state == state)
    return session.exec(query.where(col(HookDelivery.id) < before) if before else query).all()


def attempts(
    session: Session, key: int, *, by: Actor, before: int | None = None, limit: int = 50
) -> Sequence[HookAttempt]:
    """Tries, newest first, before that one. Raises ActionNotAllowed, NotFound."""
    hooks.the_hook(session, by, key)
    query = select(HookAttempt).where(HookAttempt.hook_id == key).order_by(col(HookAttempt.id).desc()).limit(limit)
    return session.exec(query.where(col(HookAttempt.id) < before) if before else query).all()


def again(session: Session, key: int, delivery: int, *, by: Actor, now: datetime) -> HookDelivery:
    """Tell one event once more, under the same key. Raises ActionNotAllowed, NotFound, HookEnded."""
    _that_goes_on(session, by, key)
    query = select(HookDelivery).where(HookDelivery.id == delivery, HookDelivery.hook_id == key).with_for_update()
    found = session.exec(query).first()
    if found is None:
        raise NotFound(what="delivery", code=delivery)
    if found.state is not DeliveryState.SENDING:
        found.state, found.not_before, found.tries, found.finished_at = DeliveryState.WAITING, now, 0, None
        session.flush()
    return found


def replay(session: Session, key: int, *, since: datetime, by: Actor, now: datetime) -> int:
    """Tell all again that happened from a time on (city time), in order; how many events.

    Raises ActionNotAllowed, NotFound, HookEnded, TooMuchToReplay.
    """
    hook = _that_goes_on(session, by, key)
    return hooks_matching.replay(session, hook, since=since, now=now)


def ping(
    session: Session, key: int, *, by: Actor, keys: Sequence[str], networks: Sequence[str], now: datetime
) -> Answered:
    """Send a test now, and say what came of it; it is on record, and changes nothing else. The caller commits.

    No connection to the database is held while it is called. Raises ActionNotAllowed, NotFound, HookEnded.
    """
    hook = _that_goes_on(session, by, key)
    at = int(now.timestamp())
    named = f"ping-{key}-{at}"
    body = written({"id": named, "type": PING, "timestamp": now, "data": {"webhook": hook.name}})
    letter = Letter(hook.url, named, body, secrets_of(hook, vault=hooks.vault(keys), now=now), at)
    session.rollback()
    http = GuardedHttp(allowed=tuple(networks))
    try:
        answered = call(http, letter)
    finally:
        http.close()
    bulk.insert(session, HookAttempt, [attempt_row(key, named, PING, "", answered, now)])
    return answered


def forget(session: Session, *, now: datetime) -> int:
    """What is older than the log is kept; how many rows. The caller commits. `now` is real time."""
    session.connection().execute(update(Hook).where(col(Hook.old_until) <= now).values(old_secret="", old_until=None))
    return sum(session.connection().execute(one, {"before": now - KEPT}).rowcount for one in _FORGET)


def _that_goes_on(session: Session, by: Actor, key: int) -> Hook:
    hook = hooks.the_hook(session, by, key)
    if hook.state is HookState.ENDED:
        raise HookEnded(name=hook.name)
    return hook
