"""A digest that waited over a change of holders: what it holds goes to whoever holds the posts now."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from models.message import Message, MessageState
from notifications.digest import widen
from notifications.kinds import DIGEST
from notifications.people import readers_of


def release(session: Session, messages: Sequence[Message], *, today: date) -> list[Message]:
    """These locked messages, with what has other readers than its untried digest taken out of it again.

    A digest that is empty then is suppressed and left out. People change, posts stay (promise 6).
    """
    digests = {m.id: m for m in messages if m.kind == DIGEST and m.state == MessageState.PENDING and m.tries == 0}
    moved = _moved(session, digests, today) if digests else []
    if not moved:
        return list(messages)
    touched = {row.bundle_id for row in moved}
    for row in moved:
        row.state, row.bundle_id = MessageState.PENDING, None
    session.flush()
    empty = {key for key in touched if not _shrink(session, digests[key])}
    return [m for m in messages if m.id not in empty] + moved


def _moved(session: Session, digests: dict[int | None, Message], today: date) -> list[Message]:
    query = (
        select(Message)
        .where(col(Message.bundle_id).in_(digests), Message.state == MessageState.BUNDLED)
        .order_by(col(Message.id))
        .with_for_update(skip_locked=True)
    )
    rows = session.exec(query).all()
    found = readers_of(session, [*digests.values(), *rows], today=today)
    readers = {key: {reader.code for reader in people} for key, people in found.items()}
    return [row for row in rows if readers[row.id or 0] != readers[row.bundle_id or 0]]


def _shrink(session: Session, digest: Message) -> bool:
    """Whether anything is left in it; else it is suppressed."""
    left = session.exec(select(Message.id).where(Message.bundle_id == digest.id).limit(1)).first()
    if left is None:
        digest.state = MessageState.SUPPRESSED
        session.flush()
        return False
    widen(session, digest.id or 0)
    session.refresh(digest)
    return True
