"""Figures as they were published: read back from the documents of their publications, never made anew."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from models.publication import Publication, PublicationKind, PublicationState
from models.scoring.document import from_document
from models.scoring.number import Number

PUBLISHED = frozenset({PublicationState.PUBLISHED})
STANDING = frozenset(PublicationState) - {PublicationState.WITHDRAWN}


def newest(
    session: Session,
    kind: PublicationKind,
    *,
    area_code: str,
    subject: str = "",
    period_from: date | None = None,
    states: Collection[PublicationState] = STANDING,
) -> Publication | None:
    """The newest edition in one of these states."""
    query = select(Publication).where(
        Publication.kind == kind,
        Publication.area_code == area_code,
        Publication.subject == subject,
        col(Publication.state).in_(states),
    )
    if period_from is not None:
        query = query.where(Publication.period_from == period_from)
    return session.exec(query.order_by(col(Publication.edition).desc()).limit(1)).first()


def published_number(
    session: Session,
    kind: PublicationKind,
    name: str,
    *,
    area_code: str,
    subject: str = "",
    period_from: date | None = None,
) -> Number | None:
    """One figure of the newest published edition by its name in the document."""
    row = newest(session, kind, area_code=area_code, subject=subject, period_from=period_from, states=PUBLISHED)
    return number_in(row.content, name) if row is not None else None


def number_in(content: Mapping[str, Any], name: str) -> Number | None:
    """A figure of a content; None where it is not there."""
    written = content.get(name)
    return from_document(written) if isinstance(written, Mapping) else None
