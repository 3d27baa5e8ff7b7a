"""Nobody reachable is an event, not silence (promise 4): what could not be delivered goes up at once.

A post that does not exist at this place (a community has no deputy leader) is only stepped over. A vacant post, or
one whose every channel failed, is recorded on the issue and shown to the duty officer as well. Where that cannot be
worked out for one message (an issue with broken rules, a post that is none), the duty officer alone is told of it.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session, col, select

from models.lifecycle import Action
from models.message import Message, MessageState
from models.rights import SYSTEM
from models.routing import superiors
from models.unit import PostKind
from notifications.dead_addresses import CONTACT_OFF, OWN_CONTACT
from notifications.outbox import wake
from services import bulk
from services.commands import Command
from services.rulebook import the_city
from services.transition import apply

BATCH = 200
UNREACHABLE = "unreachable"
STEPPED_OVER = "no_such_post"
DUTY = "duty"
CHIEFS_OF_GROUPS = "L5."  # most places have no chief of a building: nobody is missing there
log = logging.getLogger(__name__)


def pass_up(session: Session, *, now: datetime) -> int:
    """Handle the messages that failed; returns how many. The caller commits."""
    failed = _failed(session)
    if failed:
        _handle(session, failed, now=now)
    return len(failed)


def _handle(session: Session, failed: Sequence[Message], *, now: datetime) -> None:
    """Pass up a batch; where one message breaks it, find it by halving: it must not hold up what others wait for."""
    try:
        with session.begin_nested():
            _pass_up(session, failed, now=now)
    except (OperationalError, InterfaceError):  # the database went away: no message is to blame
        raise
    except Exception as error:  # noqa: BLE001 - logged without its text, which may hold a name
        if len(failed) > 1:
            for half in (failed[: len(failed) // 2], failed[len(failed) // 2 :]):
                _handle(session, half, now=now)
            return
        log.error("message %s could not be passed up: %s", failed[0].id, type(error).__name__)
        _show(session, failed[0], now=now)


def _pass_up(session: Session, failed: Sequence[Message], *, now: datetime) -> None:
    _hold(session, failed)
    existing = _existing(session, failed)
    city = the_city(session).code
    rows: list[dict[str, Any]] = []
    for message in failed:
        failed_for_good = message.state == MessageState.FAILED
        missing = failed_for_good and message.post_code is not None and message.post_code not in existing
        rows += [row for row in _next_rows(message, existing, city=city, silent=missing, now=now) if row]
        message.passed_up_at = now
        message.failure = STEPPED_OVER if missing else message.failure or "unknown"
        message.state = MessageState.SUPPRESSED if missing else message.state
    session.flush()
    _record(session, [m for m in failed if m.failure != STEPPED_OVER], now=now)
    _tell(session, rows)


def _hold(session: Session, failed: Sequence[Message]) -> None:
    """Lock the city and the issues, in the order of the one door: two workers may want the same row for the same post,
    and would wait for each other in a ring over several such rows."""
    session.connection().execute(text("SELECT code FROM city FOR KEY SHARE"))
    ids = sorted({message.issue_id for message in failed if message.issue_id})
    lock = text("SELECT id FROM issue WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
    session.connection().execute(lock, {"ids": ids})


def _show(session: Session, message: Message, *, now: datetime) -> None:
    """The duty officer alone is told; nothing is looked up and nothing decided for it."""
    duty = f"{the_city(session).code}:{PostKind.DUTY_OFFICER}"
    message.passed_up_at, message.failure = now, message.failure or "unknown"
    session.flush()
    if message.kind != UNREACHABLE:
        _tell(session, [_row(message, duty, kind=UNREACHABLE, now=now)])


def _tell(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if bulk.insert(session, Message, rows, or_skip=True):
        wake(session)


def _failed(session: Session) -> Sequence[Message]:
    query = (
        select(Message)
        .where(col(Message.state).in_([MessageState.FAILED, MessageState.UNKNOWN]))
        .where(col(Message.passed_up_at).is_(None))
        .order_by(col(Message.id))
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return session.exec(query).all()


def _existing(session: Session, failed: Sequence[Message]) -> frozenset[str]:
    """Which of the posts that come into question exist."""
    city = the_city(session).code
    wanted = {m.post_code for m in failed if m.post_code}
    for m in failed:
        if m.post_code:
            wanted.update(superiors(m.post_code, area_path=m.area_path, city=city))
    rows = session.connection().execute(text("SELECT code FROM post WHERE code = ANY(:codes)"), {"codes": list(wanted)})
    return frozenset(code for (code,) in rows)


def _next_rows(
    message: Message, existing: frozenset[str], *, city: str, silent: bool, now: datetime
) -> list[dict[str, Any] | None]:
    """The same message for the next post up, and word to the duty officer unless the post is only stepped over."""
    duty = f"{city}:{PostKind.DUTY_OFFICER}"
    if message.state == MessageState.UNKNOWN:  # it may have arrived: shown to the duty officer, told to nobody else
        return [_row(message, duty, kind=UNREACHABLE, now=now)] if message.kind != UNREACHABLE else []
    if silent and message.why.startswith(CHIEFS_OF_GROUPS):
        return []
    above = superiors(message.post_code, area_path=message.area_path, city=city) if message.post_code else [duty]
    above = [] if message.kind == CONTACT_OFF else above  # that is the owner's own matter
    next_up = next((post for post in above if post in existing), None)
    rows = [_row(message, next_up, kind=message.kind, now=now) if next_up else None]
    if not silent and duty != message.post_code and message.kind != UNREACHABLE:
        rows.append(_row(message, duty, kind=UNREACHABLE, now=now))
    return rows


def _row(message: Message, post: str, *, kind: str, now: datetime) -> dict[str, Any]:
    facts: Mapping[str, Any] = {
        **message.facts,
        "instead_of": message.post_code or message.person_code,
        "failure": message.failure,
    }
    base = message.key.removesuffix(f"-{message.post_code or message.person_code}")
    base = f"{message.id}-{UNREACHABLE}" if kind == UNREACHABLE else base
    return {
        "key": f"{base}-{post}",
        "kind": kind,
        "issue_id": message.issue_id,
        "post_code": post,
        "person_code": None,
        "area_path": message.area_path,
        "unit_code": message.unit_code,
        "why": DUTY if message.why == OWN_CONTACT else message.why,  # theirs, not the reader's
        "channels": list(message.channels),
        "urgency": message.urgency,
        "facts": facts,
        "state": MessageState.PENDING,
        "not_before": now,
        "created_at": now,
        "tries": 0,
        "passed_up_from": message.id,
    }


def _record(session: Session, messages: Sequence[Message], *, now: datetime) -> None:
    """One event on the issue for each message that reached nobody."""
    commands = [
        Command(
            Action.UNREACHABLE,
            SYSTEM,
            message.issue_id,
            {"post": message.post_code, "person": message.person_code, "kind": message.kind, "why": message.failure},
            key=f"unreachable-{message.id}",
        )
        for message in messages
        if message.issue_id
    ]
    if commands:
        apply(session, commands, now=now)
