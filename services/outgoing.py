"""The outbox for people: what waits, what failed, every try; and sending one again because somebody says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from models.errors import NotFound, Refused
from models.issue import Issue
from models.message import Attempt, Message, MessageState
from models.unit import Person
from notifications.outbox import wake

WAITS = frozenset({MessageState.PENDING, MessageState.REFUSED, MessageState.SENDING})
MAY_GO_AGAIN = frozenset({MessageState.FAILED, MessageState.UNKNOWN, MessageState.SUPPRESSED, MessageState.SENT})


class StillOnItsWay(Refused):
    """A message that is not ended yet goes by itself; a second one would double it (promise 3)."""

    code = "still_on_its_way"
    template = "Message {id} is still on its way; it is tried again by itself."


@dataclass(frozen=True)
class Outgoing:
    """One message in a list, with the number of its issue and who gets it."""

    id: int
    kind: str
    number: str | None
    post: str | None
    person: str | None
    person_name: str | None
    state: MessageState
    failure: str | None
    urgency: int
    not_before: datetime
    created_at: datetime
    tries: int


def listing(
    session: Session,
    *,
    states: Sequence[MessageState] = (),
    issue_id: int | None = None,
    person: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Outgoing]:
    """Messages, newest first; page on with `before` = the last id."""
    query = (
        select(Message, col(Issue.number), col(Person.name))
        .join(Issue, col(Issue.id) == col(Message.issue_id), isouter=True)
        .join(Person, col(Person.code) == col(Message.person_code), isouter=True)
    )
    if states:
        query = query.where(col(Message.state).in_(states))
    if issue_id is not None:
        query = query.where(col(Message.issue_id) == issue_id)
    if person:
        query = query.where(col(Message.person_code) == person)
    if before is not None:
        query = query.where(col(Message.id) < before)
    rows = session.exec(query.order_by(col(Message.id).desc()).limit(limit)).all()
    return [_outgoing(message, number, name) for message, number, name in rows]


def _outgoing(message: Message, number: str | None, name: str | None) -> Outgoing:
    return Outgoing(
        id=message.id or 0,
        kind=message.kind,
        number=number,
        post=message.post_code,
        person=message.person_code,
        person_name=name,
        state=message.state,
        failure=message.failure,
        urgency=message.urgency,
        not_before=message.not_before,
        created_at=message.created_at,
        tries=message.tries,
    )


def by_state(session: Session) -> dict[MessageState, int]:
    """How many messages are in each state; every state is there."""
    rows = session.exec(select(col(Message.state), func.count()).group_by(col(Message.state))).all()
    return {**dict.fromkeys(MessageState, 0), **dict(rows)}


def attempts(session: Session, message_id: int) -> tuple[Message, list[Attempt]]:
    """A message and every try to send it, oldest first. Raises NotFound."""
    message = session.get(Message, message_id)
    if message is None:
        raise NotFound(what="message", code=message_id)
    tries = session.exec(select(Attempt).where(Attempt.message_id == message_id).order_by(col(Attempt.id)))
    return message, list(tries)


def resend(session: Session, message_id: int, *, now: datetime) -> int:
    """Send a message again as a new one, because a person decided so; returns its id. The caller commits.

    The old row stays as it is: what was tried, and how it ended. Raises NotFound, StillOnItsWay.
    """
    message, _tries = attempts(session, message_id)
    if message.state not in MAY_GO_AGAIN:
        raise StillOnItsWay(id=message_id)
    again = Message(**_copied(message), key=_next_key(session, message), created_at=now, not_before=now)
    session.add(again)
    session.flush()
    wake(session)
    assert again.id is not None
    return again.id


COPIED = ("kind", "issue_id", "post_code", "area_path", "unit_code", "why", "channels", "urgency", "facts")


def _copied(message: Message) -> dict[str, Any]:
    """Whoever holds the post now is told, so a person goes along only where the message was for a person."""
    person = None if message.post_code else message.person_code
    return {**{name: getattr(message, name) for name in COPIED}, "person_code": person}


def _next_key(session: Session, message: Message) -> str:
    base = message.key.split("~")[0]
    query = text("SELECT count(*) FROM message WHERE left(key, length(:base) + 1) = :base || '~'")
    return f"{base}~{session.connection().execute(query, {'base': base}).scalar_one() + 1}"
