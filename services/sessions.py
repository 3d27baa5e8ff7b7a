"""Sessions of people who logged in: opened, looked up by what the browser holds, ended.

Times here are real, not the city's: moving a demo city's clock logs nobody out.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, update
from sqlmodel import Session, col, select

from models.account import LoginSession
from models.unit import Person

LASTS = timedelta(days=14)
"""From the log-in on."""
IDLE = timedelta(days=3)
"""Without any request."""
NOTED_EACH = timedelta(minutes=1)
DEVICE = 200


class Method(StrEnum):
    """How somebody showed who they are."""

    PASSWORD = "password"
    OIDC = "oidc"
    LINK = "link"
    INVITE = "invite"
    DEMO = "demo"


@dataclass(frozen=True)
class Open:
    """A session that holds, and whose it is."""

    id: int
    person: str
    name: str
    method: str
    opened_at: datetime
    second_at: datetime | None = None


def open_session(
    session: Session,
    person: str,
    *,
    method: Method,
    device: str,
    now: datetime,
    address: str = "",
    second: bool = False,
) -> str:
    """A new session; returns the secret that the browser is to hold. `device` is what it calls itself.

    `second`: whether the second factor was shown too.
    """
    token = secrets.token_urlsafe(32)
    row = LoginSession(
        token_hash=_hash(token),
        person_code=person,
        method=method,
        device=device[:DEVICE],
        address=address[:DEVICE],
        opened_at=now,
        seen_at=now,
        second_at=now if second else None,
        expires_at=now + LASTS,
    )
    session.add(row)
    session.flush()
    return token


def find_session(session: Session, token: str, *, now: datetime) -> Open | None:
    """The session that this secret opens, if it still holds; notes about once a minute that it was used."""
    query = (
        select(LoginSession, Person.name)
        .join(Person, col(Person.code) == col(LoginSession.person_code))
        .where(
            LoginSession.token_hash == _hash(token),
            col(LoginSession.ended_at).is_(None),
            LoginSession.expires_at > now,
            LoginSession.seen_at > now - IDLE,
        )
    )
    found = session.exec(query).first()
    if found is None:
        return None
    row, name = found
    if now - row.seen_at > NOTED_EACH:
        _note_use(session, row, now=now)
    return Open(row.id or 0, row.person_code, name, row.method, row.opened_at, row.second_at)


def end_session(session: Session, key: int, *, why: str, now: datetime) -> None:
    """End one session; ending it twice changes nothing."""
    _end(session, col(LoginSession.id) == key, why=why, now=now)


def end_all(session: Session, person: str, *, why: str, now: datetime, but: int | None = None) -> int:
    """End every session of somebody, `but` one; returns how many were ended."""
    which = and_(col(LoginSession.person_code) == person, col(LoginSession.id).is_distinct_from(but))
    return _end(session, which, why=why, now=now)


def note_second(session: Session, key: int, *, now: datetime) -> None:
    """The second factor was shown in this session."""
    session.connection().execute(update(LoginSession).where(col(LoginSession.id) == key).values(second_at=now))


def sessions_of(session: Session, person: str, *, now: datetime) -> list[LoginSession]:
    """Those that hold, the latest used first."""
    query = select(LoginSession).where(
        LoginSession.person_code == person,
        col(LoginSession.ended_at).is_(None),
        LoginSession.expires_at > now,
        LoginSession.seen_at > now - IDLE,
    )
    return list(session.exec(query.order_by(col(LoginSession.seen_at).desc())))


def _end(session: Session, which: ColumnElement[bool], *, why: str, now: datetime) -> int:
    ending = update(LoginSession).where(which, col(LoginSession.ended_at).is_(None))
    return session.connection().execute(ending.values(ended_at=now, ended_why=why)).rowcount


def _note_use(session: Session, row: LoginSession, *, now: datetime) -> None:
    """In a transaction of its own (the caller has done nothing yet), so that a page that only reads notes it too."""
    session.connection().execute(update(LoginSession).where(col(LoginSession.id) == row.id).values(seen_at=now))
    session.commit()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
