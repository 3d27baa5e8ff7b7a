"""Why somebody was told of one issue: the messages to them about it, each in words and with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from models.message import Message, MessageState
from models.unit import Person
from notifications.kinds import DIGEST
from notifications.material import Material, read_city, read_material
from notifications.people import posts_of
from notifications.rendering import render_or_plain
from notifications.variables import Reader, variables
from notifications.words import Language, language

MOST = 50


@dataclass(frozen=True)
class WasTold:
    """One message: when, its title, and why this reader got it: the rule, the post, the step, in whose place."""

    at: datetime
    kind: str
    title: str
    because: str
    post: str
    step: str
    instead_of: str
    state: MessageState
    read_at: datetime | None


def told_about(
    session: Session,
    person: str,
    *,
    issue_id: int,
    now: datetime,
    lang: Language | None = None,
    templates: Path | None = None,
) -> list[WasTold]:
    """What a person, or a post that they hold today, was told about an issue, newest first; at most MOST."""
    reader = session.get(Person, person)
    if reader is None:
        return []
    city = read_city(session)
    posts = posts_of(session, person, today=now.astimezone(city.zone).date())
    of_a_post = col(Message.person_code).is_(None) & col(Message.post_code).in_(posts)
    query = (
        select(Message)
        .where(Message.issue_id == issue_id, (col(Message.person_code) == person) | of_a_post)
        .where(Message.state != MessageState.SUPPRESSED, Message.kind != DIGEST)
        .order_by(col(Message.id).desc())
        .limit(MOST)
    )
    messages: Sequence[Message] = session.exec(query).all()
    material = read_material(session, messages, city=city)
    chosen = lang or language(reader.speaks)
    return [_one(material[m.id or 0], Reader(person, reader.name, chosen, m.post_code), templates) for m in messages]


def _one(material: Material, reader: Reader, templates: Path | None) -> WasTold:
    message = material.message
    words = render_or_plain(material, reader=reader, at=message.created_at, overrides=templates)
    known = variables(material, reader=reader, at=message.created_at)
    return WasTold(
        at=message.created_at,
        kind=message.kind,
        title=words.title,
        because=known["why"]["because"],
        post=known["reader"]["title"],
        step=known["why"]["step"],
        instead_of=known["why"]["instead_of"],
        state=message.state,
        read_at=message.read_at,
    )
