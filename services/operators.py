"""Who may operate the outbox, and what they did to it: each act is on record, and the record is append-only."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.errors import ActionNotAllowed
from models.outbox import Operation, OutboxAct
from models.rights import Actor
from models.unit import PostKind
from services.rulebook import the_city

OPERATORS = (PostKind.ADMINISTRATOR, PostKind.DUTY_OFFICER, PostKind.OFFICE)
"""Posts of the city itself: those of districts, streets and units operate nothing."""


def operates(session: Session, by: Actor) -> bool:
    """Whether somebody may look after the outbox today."""
    city = the_city(session).code
    return any(post.owner_code == city and post.kind in OPERATORS for post in by.all_posts)


def check(session: Session, by: Actor) -> None:
    """Raises ActionNotAllowed."""
    if not operates(session, by):
        raise ActionNotAllowed(action="outbox", who="dispatcher, supervisor, administrator")


def note(session: Session, by: Actor, operation: Operation, facts: dict[str, Any], *, now: datetime) -> None:
    """Put on record what somebody does. The caller commits. `facts` hold no address and no text."""
    session.add(OutboxAct(at=now, person_code=by.code, operation=operation, facts=facts))
    session.flush()


def acts(session: Session, *, limit: int = 20) -> list[OutboxAct]:
    """What was done, newest first."""
    return list(session.exec(select(OutboxAct).order_by(col(OutboxAct.id).desc()).limit(limit)))
