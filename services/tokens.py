"""Tokens with which a program acts for a person: made, found, ended. Times are real, not a demo city's."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from models.api import ApiScope, ApiToken
from models.errors import NotFound, TooManyTokens, WrongValue

LONGEST = timedelta(days=365)
MOST = 20
"""Tokens of one person that hold."""
NOTED_EACH = timedelta(minutes=1)
PREFIX = "duban_"
"""So that a token that got into the open is recognised as one."""
LONGEST_NAME = 80


@dataclass(frozen=True)
class Held:
    """A token that holds: whose it is, and what it is for."""

    id: int
    person: str
    scopes: frozenset[str]


def create_token(
    session: Session, person: str, *, name: str, scopes: Collection[str], lasts: timedelta, now: datetime
) -> str:
    """A new token; returned once, kept as a hash. Raises WrongValue, TooManyTokens."""
    known = sorted({ApiScope(one).value for one in scopes if one in tuple(ApiScope)})
    if not known or len(known) != len(set(scopes)):
        raise WrongValue(field="scopes", value=", ".join(scopes), expected=", ".join(ApiScope))
    if not timedelta(0) < lasts <= LONGEST:
        raise WrongValue(field="lasts", value=lasts.days, expected=f"1–{LONGEST.days}")
    if not name.strip() or len(name) > LONGEST_NAME:
        raise WrongValue(field="name", value=name[:LONGEST_NAME], expected=f"1–{LONGEST_NAME}")
    if len(tokens_of(session, person, now=now)) >= MOST:
        raise TooManyTokens(most=MOST)
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            token_hash=_hash(token),
            person_code=person,
            name=name.strip(),
            scopes=known,
            created_at=now,
            expires_at=now + lasts,
        )
    )
    session.flush()
    return token


def find_token(session: Session, token: str, *, now: datetime) -> Held | None:
    """Whose token this is while it holds; notes about once a minute that it was used."""
    row = session.exec(select(ApiToken).where(ApiToken.token_hash == _hash(token), *_holds(now))).first()
    if row is None:
        return None
    if row.used_at is None or now - row.used_at > NOTED_EACH:
        session.connection().execute(update(ApiToken).where(col(ApiToken.id) == row.id).values(used_at=now))
        session.commit()
    return Held(row.id or 0, row.person_code, frozenset(row.scopes))


def tokens_of(session: Session, person: str, *, now: datetime) -> list[ApiToken]:
    """Those of a person that hold, newest first."""
    query = select(ApiToken).where(ApiToken.person_code == person, *_holds(now))
    return list(session.exec(query.order_by(col(ApiToken.id).desc())))


def end_token(session: Session, person: str, key: int, *, now: datetime) -> None:
    """End a token of this person. Raises NotFound; ending it twice changes nothing."""
    row = session.exec(select(ApiToken).where(ApiToken.id == key, ApiToken.person_code == person)).first()
    if row is None:
        raise NotFound(what="token", code=key)
    row.ended_at = row.ended_at or now
    session.add(row)
    session.flush()


def _holds(now: datetime) -> list[ColumnElement[bool]]:
    return [col(ApiToken.ended_at).is_(None), col(ApiToken.expires_at) > now]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
