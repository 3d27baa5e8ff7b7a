"""Having a message said again, because an operator decided so; who, and which, is on record.

A message that is said again is a new one; the old one stays as it is. Where the old one may have arrived (sent, or of
unknown outcome), or was said again already, somebody must be sure of it (promise 3).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.errors import Refused, WrongValue
from models.message import Message, MessageState
from models.outbox import Operation
from models.rights import Actor
from notifications.kinds import DIGEST
from notifications.outbox import wake
from services import operators
from services.outgoing import TROUBLE, about, attempts

MAY_GO_AGAIN = frozenset({MessageState.FAILED, MessageState.UNKNOWN, MessageState.SUPPRESSED, MessageState.SENT})
MAY_DOUBLE = frozenset({MessageState.UNKNOWN, MessageState.SENT})
AT_ONCE = 500
"""Messages that are said again in one go. Who has more asks again."""
_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('resend'))")


class StillOnItsWay(Refused):
    """A message that is not ended yet goes by itself; a second one would double it (promise 3)."""

    code = "still_on_its_way"
    template = "Message {id} is still on its way; it is tried again by itself."


class MayDouble(Refused):
    """It may have arrived, or somebody had it said again already."""

    code = "may_double"
    template = "Message {id} may reach its reader a second time. Say that you are sure of it."


def resend(session: Session, message_id: int, *, by: Actor, now: datetime, sure: bool = False) -> int:
    """Have a message said again as a new one; returns its id. The caller commits.

    `sure`: whoever decides knows that the reader may get it twice. Raises NotFound, StillOnItsWay, MayDouble,
    ActionNotAllowed.
    """
    operators.check(session, by)
    session.connection().execute(_ALONE)
    message, _tries = attempts(session, message_id)
    if message.state not in MAY_GO_AGAIN:
        raise StillOnItsWay(id=message_id)
    if not sure and (message.state in MAY_DOUBLE or _said_again(session, message_id)):
        raise MayDouble(id=message_id)
    (new,) = _again(session, [message], now=now)
    operators.note(session, by, Operation.RESEND, {"messages": [message_id], "new": [new], "sure": sure}, now=now)
    wake(session)
    return new


def resend_all(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    channel: str | None = None,
    states: Sequence[MessageState] = (MessageState.FAILED,),
    since: timedelta = timedelta(days=1),
    sure: bool = False,
) -> list[int]:
    """Have all trouble of a channel said again that ended within `since` and was not said again yet; the new ids.

    At most AT_ONCE, oldest first. The caller commits. Raises WrongValue, MayDouble (for the first of unknown outcome),
    ActionNotAllowed.
    """
    operators.check(session, by)
    if not states or not set(states) <= set(TROUBLE):
        raise WrongValue(field="state", value=", ".join(states), expected=", ".join(TROUBLE))
    session.connection().execute(_ALONE)
    messages = _lost(session, channel, states, now - since)
    doubtful = [message for message in messages if message.state in MAY_DOUBLE]
    if doubtful and not sure:
        raise MayDouble(id=doubtful[0].id)
    if not messages:
        return []
    new = _again(session, messages, now=now)
    old = [message.id for message in messages]
    facts = {"channel": channel, "states": [*states], "messages": old, "new": new, "sure": sure}
    operators.note(session, by, Operation.RESEND, facts, now=now)
    wake(session)
    return new


def _lost(session: Session, channel: str | None, states: Sequence[MessageState], since: datetime) -> Sequence[Message]:
    """The newest trouble first in the index, since what is old is only passed by; said again oldest first."""
    query = (
        select(Message)
        .where(*about(states, channel), col(Message.finished_at) >= since)
        .where(text("NOT EXISTS (SELECT 1 FROM message again WHERE again.resent_from = message.id)"))
        .order_by(col(Message.id).desc())
        .limit(AT_ONCE)
    )
    return sorted(session.exec(query), key=lambda message: message.id or 0)


def _said_again(session: Session, message_id: int) -> bool:
    return session.exec(select(Message.id).where(Message.resent_from == message_id).limit(1)).first() is not None


COPIED = ("kind", "issue_id", "post_code", "area_path", "unit_code", "why", "channels", "urgency", "facts")


def _again(session: Session, messages: Sequence[Message], *, now: datetime) -> list[int]:
    """New rows like these. What lies in a digest goes along with the new one."""
    made = [
        Message(**_copied(one), key=key, resent_from=one.id, created_at=now, not_before=now)
        for one, key in zip(messages, _next_keys(session, messages), strict=True)
    ]
    session.add_all(made)
    session.flush()
    move = text("UPDATE message SET bundle_id = :new WHERE bundle_id = :old")
    for old, new in zip(messages, made, strict=True):
        if old.kind == DIGEST:
            session.connection().execute(move, {"old": old.id, "new": new.id})
    return [one.id or 0 for one in made]


def _copied(message: Message) -> dict[str, Any]:
    """Whoever holds the post now is told, so a person goes along only where the message was for a person."""
    person = None if message.post_code else message.person_code
    return {**{name: getattr(message, name) for name in COPIED}, "person_code": person}


def _next_keys(session: Session, messages: Sequence[Message]) -> list[str]:
    """`KEY~1`, `KEY~2`, …: which is the first one free is asked of the index of keys, a few times at most."""
    keys: list[str] = []
    for message in messages:
        base, nth = message.key.split("~")[0], 1
        while f"{base}~{nth}" in keys or _is_taken(session, f"{base}~{nth}"):
            nth += 1
        keys.append(f"{base}~{nth}")
    return keys


def _is_taken(session: Session, key: str) -> bool:
    return session.exec(select(Message.id).where(Message.key == key)).first() is not None
