"""Who may operate the outbox, and what they did to it: each act is on record, and the record is append-only."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.outbox import Operation, OutboxAct
from models.permissions import Right, held, must_hold
from models.rights import Actor
from services.rulebook import the_city


def operates(session: Session, by: Actor) -> bool:
    """Whether somebody may look after the outbox today."""
    return bool(held(by, Right.OPERATE_OUTBOX, city=the_city(session).code))


def check(session: Session, by: Actor) -> None:
    """Raises ActionNotAllowed."""
    must_hold(by, Right.OPERATE_OUTBOX, city=the_city(session).code)


def note(session: Session, by: Actor, operation: Operation, facts: dict[str, Any], *, now: datetime) -> None:
    """Put on record what somebody does. The caller commits. `facts` hold no address and no text."""
    session.add(OutboxAct(at=now, person_code=by.code, operation=operation, facts=facts))
    session.flush()


def acts(session: Session, *, limit: int = 20) -> list[OutboxAct]:
    """What was done, newest first."""
    return list(session.exec(select(OutboxAct).order_by(col(OutboxAct.id).desc()).limit(limit)))
