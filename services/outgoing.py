"""The outbox for people: what waits, what failed and why, every try. Sending again: resending.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, text
from sqlalchemy import func as sql
from sqlmodel import Session, col, select

from models.errors import NotFound
from models.issue import Issue
from models.message import Attempt, Message, MessageState
from models.unit import ChannelClass, Person, Post

CLASSES = frozenset(map(str, ChannelClass))
TROUBLE = (MessageState.FAILED, MessageState.UNKNOWN)
_LAST_TRIES = text(
    "SELECT DISTINCT ON (message_id) message_id, provider_of(channel, address), outcome, code, detail, fault"
    " FROM attempt WHERE message_id = ANY(:ids) ORDER BY message_id, id DESC"
)


@dataclass(frozen=True)
class Outgoing:
    """One message in a list, with the number of its issue, who gets it, and its last try."""

    id: int
    kind: str
    number: str | None
    post: str | None
    person: str | None
    person_name: str | None
    post_title: str | None
    state: MessageState
    failure: str | None
    urgency: int
    not_before: datetime
    created_at: datetime
    tries: int
    provider: str = ""
    outcome: str = ""
    code: str = ""
    detail: str = ""
    fault: str | None = None


def listing(
    session: Session,
    *,
    states: Sequence[MessageState] = (),
    channel: str | None = None,
    issue_id: int | None = None,
    person: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Outgoing]:
    """Messages, newest first; page on with `before` = the last id. `channel`: a class, or a provider (wecombot, …)."""
    query = (
        select(Message, col(Issue.number), col(Person.name), col(Post.title))
        .join(Issue, col(Issue.id) == col(Message.issue_id), isouter=True)
        .join(Person, col(Person.code) == col(Message.person_code), isouter=True)
        .join(Post, col(Post.code) == col(Message.post_code), isouter=True)
        .where(*about(states, channel))
    )
    if issue_id is not None:
        query = query.where(col(Message.issue_id) == issue_id)
    if person:
        query = query.where(col(Message.person_code) == person)
    if before is not None:
        query = query.where(col(Message.id) < before)
    rows = session.exec(query.order_by(col(Message.id).desc()).limit(limit)).all()
    last = _last_tries(session, [message.id or 0 for message, *_ in rows])
    return [_outgoing(message, *names, last=last.get(message.id or 0, {})) for message, *names in rows]


def about(states: Sequence[MessageState], channel: str | None) -> list[ColumnElement[bool]]:
    """Conditions. Where only trouble is wanted, the index of trouble is told so in its own words."""
    where: list[ColumnElement[bool]] = []
    if states:
        where.append(col(Message.state).in_(states))
        if set(states) <= set(TROUBLE):
            where.append(text("message.state IN ('failed', 'unknown')"))  # type: ignore[arg-type]
    if channel:
        where.append(_of_class(channel) if channel in CLASSES else _of_provider(channel, states))
    return where


def _of_class(channel: str) -> ColumnElement[bool]:
    """A message of which a try went through this class; or which wants it first, and was not tried.

    As an array and a CASE, so that tries are looked up message by message, newest first: as EXISTS, all tries of the
    class would be read before; as a plain ANY, all of the messages, since so few are thought to fit.
    """
    tried = "ARRAY(SELECT a.channel FROM attempt a WHERE a.message_id = message.id)"
    through = f"coalesce(nullif({tried}, '{{}}'), ARRAY[wanted_first(message.channels)])"
    return cast(
        ColumnElement[bool],
        text(f"CASE WHEN :class = ANY ({through}) THEN true ELSE false END").bindparams(**{"class": channel}),
    )


def _of_provider(provider: str, states: Sequence[MessageState]) -> ColumnElement[bool]:
    """A message of which a try went through it. What was lost had a bad one: those have an index of their own."""
    tries = select(Attempt.message_id).where(sql.provider_of(col(Attempt.channel), col(Attempt.address)) == provider)
    if states and set(states) <= set(TROUBLE):
        tries = tries.where(text("attempt.outcome IN ('refused', 'permanent', 'unknown')"))
    return col(Message.id).in_(tries)


def _last_tries(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    rows = session.connection().execute(_LAST_TRIES, {"ids": list(ids)})
    names = ("provider", "outcome", "code", "detail", "fault")
    return {key: dict(zip(names, rest, strict=True)) for key, *rest in rows}


def _outgoing(
    message: Message, number: str | None, name: str | None, title: str | None, *, last: Mapping[str, Any]
) -> Outgoing:
    return Outgoing(
        id=message.id or 0,
        kind=message.kind,
        number=number,
        post=message.post_code,
        person=message.person_code,
        person_name=name,
        post_title=title,
        state=message.state,
        failure=message.failure,
        urgency=message.urgency,
        not_before=message.not_before,
        created_at=message.created_at,
        tries=message.tries,
        **last,
    )


def attempts(session: Session, message_id: int) -> tuple[Message, list[Attempt]]:
    """A message and every try to send it, oldest first. Raises NotFound."""
    message = session.get(Message, message_id)
    if message is None:
        raise NotFound(what="message", code=message_id)
    tries = session.exec(select(Attempt).where(Attempt.message_id == message_id).order_by(col(Attempt.id)))
    return message, list(tries)
