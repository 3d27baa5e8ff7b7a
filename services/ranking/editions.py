"""The appraisal of a month as it stands: which edition is under way, and until when units may appeal against it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.deadlines import Limit, due
from models.publication import Publication, PublicationKind, PublicationState
from services import rulebook
from services.ranking.months import Month

KIND = PublicationKind.APPRAISAL
LIMIT = "{n} working_days"


def current(session: Session, month: Month, *, area_code: str, published: bool = False) -> Publication | None:
    """The newest edition that was not withdrawn, in whatever state; `published`: among those that were published."""
    query = select(Publication).where(
        Publication.kind == KIND,
        Publication.area_code == area_code,
        Publication.period_from == month.first,
        Publication.period_to == month.last,
        Publication.subject == "",
        Publication.state != PublicationState.WITHDRAWN,
    )
    if published:
        query = query.where(Publication.state == PublicationState.PUBLISHED)
    newest = query.order_by(col(Publication.edition).desc()).limit(1)
    return session.exec(newest.execution_options(populate_existing=True)).first()


def window_end(session: Session, *, drafted_at: datetime, days: int) -> datetime:
    """Close of business on the last of so many working days after the draft, by the city's calendar."""
    calendar = rulebook.calendar(session, rulebook.the_city(session).calendar_version or 0)
    return due(calendar, start=drafted_at, limit=Limit.parse(LIMIT.format(n=days))).at


def appeals_until(content: Mapping[str, Any]) -> datetime:
    """The end of the window, as it was set when the draft was made."""
    return datetime.fromisoformat(content["appeals_until"])


def is_open(publication: Publication | None, *, now: datetime) -> bool:
    """Whether units may appeal against it now."""
    draft = publication is not None and publication.state is PublicationState.DRAFT
    return draft and publication is not None and now <= appeals_until(publication.content)
