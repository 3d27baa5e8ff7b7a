"""The in-app inbox: the message rows themselves, read by whoever they are for. Works with no network at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.message import Message, MessageState
from models.unit import Person
from notifications.kinds import DIGEST
from notifications.material import CityRules, Material, read_city, read_material
from notifications.people import posts_of
from notifications.rendering import render_or_plain
from notifications.variables import Reader
from notifications.words import Language, language


@dataclass(frozen=True)
class Entry:
    """One message as its reader sees it. `id` is also the place to page on from."""

    id: int
    kind: str
    title: str
    body: str
    issue_id: int | None
    number: str | None
    urgency: int
    created_at: datetime
    read_at: datetime | None


def entries(
    session: Session,
    person_code: str,
    *,
    now: datetime,
    before: int | None = None,
    limit: int = 50,
    unread_only: bool = False,
    lang: Language | None = None,
    templates: Path | None = None,
) -> list[Entry]:
    """A person's messages, newest first; page on with `before` = the last id. In the person's language unless `lang`.

    Shows what is for the person, for the posts held today, and for those whom the person fills in for. A digest is
    only a packing for the outside: what it holds is listed here one by one.
    """
    person = session.get(Person, person_code)
    if person is None:
        return []
    city = read_city(session)
    messages = _read(session, person_code, city=city, now=now, before=before, limit=limit, unread_only=unread_only)
    material = read_material(session, messages, city=city)
    chosen = lang or language(person.speaks)
    return [
        _entry(material[m.id or 0], Reader(person.code, person.name, chosen, m.post_code), templates) for m in messages
    ]


def _read(
    session: Session,
    person: str,
    *,
    city: CityRules,
    now: datetime,
    before: int | None,
    limit: int,
    unread_only: bool,
) -> Sequence[Message]:
    posts = posts_of(session, person, today=now.astimezone(city.zone).date())
    of_a_post = col(Message.person_code).is_(None) & col(Message.post_code).in_(posts)
    query = select(Message).where((col(Message.person_code) == person) | of_a_post)
    query = query.where(Message.state != MessageState.SUPPRESSED, Message.kind != DIGEST)
    if before is not None:
        query = query.where(col(Message.id) < before)
    if unread_only:
        query = query.where(col(Message.read_at).is_(None))
    return session.exec(query.order_by(col(Message.id).desc()).limit(limit)).all()


def _entry(material: Material, reader: Reader, templates: Path | None) -> Entry:
    message = material.message
    words = render_or_plain(material, reader=reader, at=message.created_at, overrides=templates)
    return Entry(
        id=message.id or 0,
        kind=message.kind,
        title=words.title,
        body=words.body,
        issue_id=message.issue_id,
        number=str(material.issue["number"]) if material.issue else None,
        urgency=message.urgency,
        created_at=message.created_at,
        read_at=message.read_at,
    )


def mark_read(session: Session, person_code: str, *, message_ids: Sequence[int], now: datetime) -> int:
    """Note that the person has read these; returns how many were new. Messages of others are left alone.

    What was sent counts as delivered; what still waits for a door outside needs it no more,
    unless its post has a new holder by now. The caller commits.
    """
    city = read_city(session)
    posts = posts_of(session, person_code, today=now.astimezone(city.zone).date())
    query = text(
        "UPDATE message SET read_at = :now,"
        " state = CASE WHEN state IN ('sent', 'unknown') OR (state IN ('pending', 'refused') AND person_code = :person"
        "   AND (post_code IS NULL OR post_code = ANY(:posts)))"
        "  THEN 'delivered' ELSE state END"
        " WHERE id = ANY(:ids) AND read_at IS NULL AND state <> 'suppressed'"
        " AND (person_code = :person OR (person_code IS NULL AND post_code = ANY(:posts)))"
    )
    values = {"ids": list(message_ids), "person": person_code, "posts": posts, "now": now}
    return int(session.connection().execute(query, values).rowcount)


def unread(session: Session, person_code: str, *, now: datetime) -> int:
    """How many messages a person has not read."""
    city = read_city(session)
    posts = posts_of(session, person_code, today=now.astimezone(city.zone).date())
    query = text(
        "SELECT count(*) FROM message WHERE read_at IS NULL AND state <> 'suppressed' AND kind <> 'digest'"
        " AND (person_code = :person OR (person_code IS NULL AND post_code = ANY(:posts)))"
    )
    return int(session.connection().execute(query, {"person": person_code, "posts": posts}).scalar_one())
