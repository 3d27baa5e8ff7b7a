"""Drafting, approving and publishing: the only writer of publications. What is published never changes.

Whoever wrote a draft, or changed it last, does not approve it: two people stand behind what a city publishes.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.errors import ActionNotPossible, NotFound, Refused
from models.permissions import Right, must_hold
from models.publication import (
    Publication,
    PublicationAct,
    PublicationEvent,
    PublicationKind,
    PublicationState,
    content_hash,
)
from models.rights import SYSTEM, Actor
from models.seal import plain
from models.unit import Person
from services.rulebook import the_city

FROM: Mapping[PublicationAct, frozenset[PublicationState]] = {
    PublicationAct.CHANGED: frozenset({PublicationState.DRAFT}),
    PublicationAct.APPROVED: frozenset({PublicationState.DRAFT}),
    PublicationAct.SENT_BACK: frozenset({PublicationState.APPROVED}),
    PublicationAct.PUBLISHED: frozenset({PublicationState.APPROVED}),
    PublicationAct.WITHDRAWN: frozenset({PublicationState.DRAFT, PublicationState.APPROVED}),
}
TO: Mapping[PublicationAct, PublicationState] = {
    PublicationAct.CHANGED: PublicationState.DRAFT,
    PublicationAct.APPROVED: PublicationState.APPROVED,
    PublicationAct.SENT_BACK: PublicationState.DRAFT,
    PublicationAct.PUBLISHED: PublicationState.PUBLISHED,
    PublicationAct.WITHDRAWN: PublicationState.WITHDRAWN,
}
RIGHT: Mapping[PublicationAct, Right] = {
    PublicationAct.DRAFTED: Right.PREPARE_PUBLICATION,
    PublicationAct.CHANGED: Right.PREPARE_PUBLICATION,
    PublicationAct.APPROVED: Right.APPROVE_PUBLICATION,
    PublicationAct.SENT_BACK: Right.APPROVE_PUBLICATION,
    PublicationAct.PUBLISHED: Right.PREPARE_PUBLICATION,
    PublicationAct.WITHDRAWN: Right.PREPARE_PUBLICATION,
}
WRITING = (PublicationAct.DRAFTED, PublicationAct.CHANGED)


class DraftChanged(Refused):
    """What was looked at is not what stands there now."""

    code = "draft_changed"
    template = "This draft has changed meanwhile. Look at it again, then decide."


class OwnDraft(Refused):
    """Whoever wrote it does not approve it."""

    code = "own_draft"
    template = "You wrote this draft or changed it last. Somebody else approves it."


def draft(
    session: Session,
    *,
    kind: PublicationKind,
    area_code: str,
    period_from: date,
    period_to: date,
    content: Mapping[str, Any],
    by: Actor,
    now: datetime,
    subject: str = "",
    formula: str = "",
    edition: int = 1,
) -> Publication:
    """Write a draft, or find the one that is there: a flow that runs twice makes one. The period holds both days.

    Raises ActionNotAllowed, NotFound for the area.
    """
    _check(session, by, PublicationAct.DRAFTED, area_code)
    # Two who draft the same at once wait for each other here, and the second finds what the first wrote.
    session.exec(select(Area.code).where(Area.code == area_code).with_for_update(key_share=True)).one()
    found = edition_of(
        session, kind=kind, area_code=area_code, period=(period_from, period_to), subject=subject, edition=edition
    )
    if found is not None:
        return found
    row = Publication(
        kind=kind,
        area_code=area_code,
        period_from=period_from,
        period_to=period_to,
        subject=subject,
        edition=edition,
        formula=formula,
        content=plain(content),
        content_sha256=content_hash(content),
        drafted_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, row, PublicationAct.DRAFTED, by=by, now=now)
    return row


def edition_of(
    session: Session,
    *,
    kind: PublicationKind,
    area_code: str,
    period: tuple[date, date],
    subject: str = "",
    edition: int = 1,
) -> Publication | None:
    """The edition of that period, in whatever state but withdrawn."""
    query = select(Publication).where(
        Publication.kind == kind,
        Publication.area_code == area_code,
        Publication.period_from == period[0],
        Publication.period_to == period[1],
        Publication.subject == subject,
        Publication.edition == edition,
        Publication.state != PublicationState.WITHDRAWN,
    )
    return session.exec(query).first()


def change(
    session: Session,
    publication_id: int,
    *,
    content: Mapping[str, Any],
    by: Actor,
    seen: str,
    now: datetime,
    why: str = "",
    formula: str | None = None,
) -> Publication:
    """Put other content into a draft. `seen` is the hash of the content that was looked at.

    Raises ActionNotAllowed, ActionNotPossible, DraftChanged, NotFound.
    """
    row = _taken(session, publication_id, PublicationAct.CHANGED, by=by, seen=seen)
    row.content, row.content_sha256 = plain(content), content_hash(content)
    row.formula = row.formula if formula is None else formula
    return _done(session, row, PublicationAct.CHANGED, by=by, now=now, why=why)


def approve(
    session: Session, publication_id: int, *, by: Actor, seen: str, now: datetime, why: str = ""
) -> Publication:
    """Say that it may be published as it stands. Raises as `change` does, and OwnDraft."""
    row = _taken(session, publication_id, PublicationAct.APPROVED, by=by, seen=seen)
    if last_writer(session, row) == by.code:
        raise OwnDraft
    return _done(session, row, PublicationAct.APPROVED, by=by, now=now, why=why)


def send_back(session: Session, publication_id: int, *, by: Actor, seen: str, now: datetime, why: str) -> Publication:
    """Make an approved one a draft again, with a reason. Raises as `change` does."""
    row = _taken(session, publication_id, PublicationAct.SENT_BACK, by=by, seen=seen)
    return _done(session, row, PublicationAct.SENT_BACK, by=by, now=now, why=why)


def publish(session: Session, publication_id: int, *, by: Actor, seen: str, now: datetime) -> Publication:
    """Freeze it for ever. Raises as `change` does."""
    row = _taken(session, publication_id, PublicationAct.PUBLISHED, by=by, seen=seen)
    row.published_at = now
    return _done(session, row, PublicationAct.PUBLISHED, by=by, now=now)


def withdraw(session: Session, publication_id: int, *, by: Actor, seen: str, now: datetime, why: str) -> Publication:
    """Give up what is not published yet; the same may be drafted anew. Raises as `change` does."""
    row = _taken(session, publication_id, PublicationAct.WITHDRAWN, by=by, seen=seen)
    return _done(session, row, PublicationAct.WITHDRAWN, by=by, now=now, why=why)


def history(session: Session, publication_id: int) -> Sequence[PublicationEvent]:
    """What was done to it, oldest first."""
    query = select(PublicationEvent).where(PublicationEvent.publication_id == publication_id)
    return session.exec(query.order_by(col(PublicationEvent.id))).all()


def named_history(session: Session, publication_id: int) -> Sequence[tuple[PublicationEvent, str]]:
    """The same with the name of who did each; no name for what the timer did."""
    events = history(session, publication_id)
    codes = {event.who for event in events}
    rows = session.exec(select(Person.code, Person.name).where(col(Person.code).in_(codes)))
    names = {code: name for code, name in rows}  # noqa: C416  # a result has keys() too, so dict() fails
    return [(event, names.get(event.who, "")) for event in events]


def may(actor: Actor, act: PublicationAct, *, city: str, area_path: str) -> bool:
    """Whether the actor has the right to the act there; the state of the publication is another question."""
    try:
        must_hold(actor, RIGHT[act], city=city, area_path=area_path)
    except Refused:
        return False
    return True


def open_acts(session: Session, row: Publication, *, by: Actor, city: str, area_path: str) -> frozenset[PublicationAct]:
    """What the actor may do with it as it stands; their own draft is for somebody else to approve."""
    possible = {act for act, states in FROM.items() if row.state in states}
    if last_writer(session, row) == by.code:
        possible.discard(PublicationAct.APPROVED)
    return frozenset(act for act in possible if may(by, act, city=city, area_path=area_path))


def _taken(session: Session, publication_id: int, act: PublicationAct, *, by: Actor, seen: str) -> Publication:
    """The row, locked, where the act is allowed, possible, and done to what was looked at."""
    query = select(Publication).where(Publication.id == publication_id).with_for_update()
    row = session.exec(query.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound(what="publication", code=publication_id)
    _check(session, by, act, row.area_code)
    if row.state not in FROM[act]:
        raise ActionNotPossible(action=act, state=row.state)
    if row.content_sha256 != seen:
        raise DraftChanged
    return row


def _check(session: Session, by: Actor, act: PublicationAct, area_code: str) -> None:
    area = session.get(Area, area_code)
    if area is None:
        raise NotFound(what="area", code=area_code)
    if not by.is_system or act not in WRITING:  # a flow drafts; only people approve and publish
        must_hold(by, RIGHT[act], city=the_city(session).code, area_path=area.path)


def _done(
    session: Session, row: Publication, act: PublicationAct, *, by: Actor, now: datetime, why: str = ""
) -> Publication:
    row.state = TO[act]
    session.add(row)
    session.flush()
    _record(session, row, act, by=by, now=now, why=why)
    return row


def _record(
    session: Session, row: Publication, act: PublicationAct, *, by: Actor, now: datetime, why: str = ""
) -> None:
    session.add(
        PublicationEvent(
            publication_id=row.id or 0, act=act, who=by.code, at=now, why=why, content_sha256=row.content_sha256
        )
    )
    session.flush()


def last_writer(session: Session, row: Publication) -> str | None:
    """Who wrote it last; what the system counts anew is nobody's word, and whose draft it was stays theirs."""
    query = select(PublicationEvent.who).where(
        PublicationEvent.publication_id == row.id,
        col(PublicationEvent.act).in_(WRITING),
        PublicationEvent.who != SYSTEM.code,
    )
    return session.exec(query.order_by(col(PublicationEvent.id).desc()).limit(1)).first()
