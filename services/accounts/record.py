"""What happened about log-ins, on record: who, when, how, from which device. Never a secret, never what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from models.account import Happening, LoginEvent

LONGEST = 200


@dataclass(frozen=True)
class Visitor:
    """Who is at the door: the network address, what the browser calls itself, and its own mark where it has one."""

    address: str
    device: str
    mark: str = ""


NOBODY = Visitor("", "")


def note(
    session: Session,
    happening: Happening,
    *,
    person: str | None,
    now: datetime,
    visitor: Visitor = NOBODY,
    by: str | None = None,
    method: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Put it on record; the caller commits."""
    row = LoginEvent(
        at=now,
        happening=happening,
        person_code=person,
        by_code=by,
        method=method,
        device=visitor.device[:LONGEST],
        address=visitor.address[:LONGEST],
        facts=dict(facts or {}),
    )
    session.add(row)
    session.flush()


def happenings(session: Session, person: str, *, limit: int = 20) -> Sequence[LoginEvent]:
    """What happened about somebody's log-in, newest first."""
    query = select(LoginEvent).where(LoginEvent.person_code == person)
    return session.exec(query.order_by(col(LoginEvent.id).desc()).limit(limit)).all()


def failed_since(session: Session, person: str, since: datetime) -> int:
    """How many tries failed with this name after a time."""
    failed = (Happening.FAILED, Happening.SECOND_FAILED)
    query = select(func.count()).where(
        LoginEvent.person_code == person, LoginEvent.at > since, col(LoginEvent.happening).in_(failed)
    )
    return session.exec(query).one()
