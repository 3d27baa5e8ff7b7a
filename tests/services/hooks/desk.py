"""Shorthand for tests of webhooks: a subscriber on loopback, events, and telling at a time that the test says."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import httpx
from sqlmodel import Session, col, select

from examples.hook_receiver import is_genuine
from models.hook import Hook, HookAttempt, HookDelivery
from services import hooks, people
from services.hooks import Made, Wish
from services.hooks_sending import Counts, tell
from tests.cast import MONDAY
from tests.notifications.channels.sinks import Sink

ADMINISTRATOR = "R00005"
KEYS = ("k" * 40,)
LOOPBACK = ("127.0.0.1",)
Sessions = Callable[[], Session]


def admin(session: Session) -> people.Actor:
    return people.actor(session, ADMINISTRATOR, now=MONDAY)


def subscribed(session: Session, sink: Sink, *kinds: str, now: datetime = MONDAY, **wish: object) -> Made:
    """A subscription of the sink; to everything where no kinds are named."""
    name = f"cockpit {len(hooks.hooks(session, admin(session)))}"
    given = {"name": name, "url": f"{sink.http}/events", "kinds": kinds or ("*",), **wish}
    made = hooks.make(session, Wish(**given), by=admin(session), keys=KEYS, networks=LOOPBACK, now=now)
    session.commit()
    return made


def told(sessions: Sessions, *, now: datetime = MONDAY, networks: Sequence[str] = LOOPBACK) -> Counts:
    return tell(sessions, keys=KEYS, networks=networks, now=lambda: now)


def received(sink: Sink) -> list[dict]:
    """The documents that came, in order."""
    return [httpx.Response(200, text=one.body).json() for one in sink.requests]


def types(sink: Sink) -> list[str]:
    return [one["type"] for one in received(sink)]


def genuine(sink: Sink, secret: str, nth: int = 0, now: datetime = MONDAY) -> bool:
    one = sink.requests[nth]
    headers = {name.lower(): value for name, value in one.headers.items()}
    return is_genuine(one.body.encode(), headers, secret, now=now.timestamp())


def fresh(session: Session, made: Made) -> Hook:
    session.rollback()
    return session.get_one(Hook, made.hook.id, populate_existing=True)


def states(session: Session, made: Made) -> list[str]:
    session.rollback()
    query = select(HookDelivery).where(HookDelivery.hook_id == made.hook.id).order_by(col(HookDelivery.id))
    return [one.state.value for one in session.exec(query.execution_options(populate_existing=True))]


def tries(session: Session, made: Made) -> list[tuple[str, int | None]]:
    session.rollback()
    query = select(HookAttempt).where(HookAttempt.hook_id == made.hook.id).order_by(col(HookAttempt.id))
    return [(one.told.value, one.status) for one in session.exec(query)]


def later(**time: float) -> datetime:
    return MONDAY + timedelta(**time)
