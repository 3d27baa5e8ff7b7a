"""Keys that open one log-in, once: links that were asked for, invitations, the way to the second step.

Only hashes are kept. A link that was asked for comes with a short code, which counts in the browser that asked alone.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select, update

from models.account import KeyPurpose, LoginKey
from services.accounts.errors import KeyDoesNotHold, WrongCode
from services.accounts.names import code_typed
from services.sessions import Method

LINK_FOR, INVITE_FOR = timedelta(minutes=15), timedelta(days=3)
TRIES = 5


@dataclass(frozen=True)
class Asked:
    """What a letter carries: the secret of the link, and the code for the browser that asked."""

    token: str = field(repr=False)
    code: str = field(repr=False)


def make(
    session: Session,
    person: str,
    *,
    purpose: KeyPurpose,
    method: Method,
    good_for: timedelta,
    now: datetime,
    by: str | None = None,
) -> str:
    """A new key; returns its secret. Earlier ones of the same purpose hold no more. The caller commits."""
    return _made(session, person, purpose, method, good_for, now, by=by)[0]


def make_asked(session: Session, person: str, *, asked: str, now: datetime) -> Asked:
    """A key that was asked for by the browser that holds the secret `asked`. The caller commits."""
    token, row = _made(session, person, KeyPurpose.LINK, Method.LINK, LINK_FOR, now)
    code = f"{secrets.randbelow(100_000_000):08}"
    row.ask_hash, row.code_salt = _hash(asked), secrets.token_hex(16)
    row.code_hash = _slow(code, row.code_salt)
    session.flush()
    return Asked(token, code)


def _made(
    session: Session,
    person: str,
    purpose: KeyPurpose,
    method: Method,
    good_for: timedelta,
    now: datetime,
    *,
    by: str | None = None,
) -> tuple[str, LoginKey]:
    earlier = update(LoginKey).where(col(LoginKey.person_code) == person, col(LoginKey.purpose) == purpose)
    session.exec(earlier.where(col(LoginKey.used_at).is_(None)).values(used_at=now))
    token = secrets.token_urlsafe(32)
    row = LoginKey(
        token_hash=_hash(token),
        person_code=person,
        purpose=purpose,
        method=method,
        made_at=now,
        made_by=by,
        expires_at=now + good_for,
    )
    session.add(row)
    session.flush()
    return token, row


def look(session: Session, token: str, *, now: datetime, second: bool = False) -> LoginKey:
    """The key of a secret, while it holds; nothing is changed. Raises KeyDoesNotHold."""
    return _found(session, now, second, LoginKey.token_hash == _hash(token), lock=False)


def use(session: Session, token: str, *, now: datetime, second: bool = False) -> LoginKey:
    """Use it up: of two who come at once, one. The caller commits. Raises KeyDoesNotHold."""
    row = _found(session, now, second, LoginKey.token_hash == _hash(token), lock=True)
    row.used_at = now
    session.flush()
    return row


def hold(session: Session, token: str, *, now: datetime, second: bool = False) -> LoginKey:
    """The key, and nobody else uses it meanwhile. Raises KeyDoesNotHold."""
    return _found(session, now, second, LoginKey.token_hash == _hash(token), lock=True)


def use_code(session: Session, asked: str, code: str, *, now: datetime) -> LoginKey:
    """Use up the key that this browser asked for, by the code of the letter.

    Raises WrongCode (the try counts: the caller commits in any case), KeyDoesNotHold. For who asked with a name that
    nobody has, it takes as long and says the same as a wrong code.
    """
    typed = code_typed(code)
    try:
        row = _found(session, now, False, LoginKey.ask_hash == _hash(asked), lock=True)
    except KeyDoesNotHold:
        _slow(typed, "00")
        raise WrongCode() from None
    if not hmac.compare_digest(_slow(typed, row.code_salt), row.code_hash):
        missed(row, now=now)
        session.flush()
        raise WrongCode()
    row.used_at = now
    session.flush()
    return row


def missed(row: LoginKey, *, now: datetime) -> None:
    """One wrong code more; after five the key is gone."""
    row.tries += 1
    row.used_at = now if row.tries >= TRIES else None


def _found(session: Session, now: datetime, second: bool, which: ColumnElement[bool] | bool, *, lock: bool) -> LoginKey:
    query = select(LoginKey).where(which, col(LoginKey.used_at).is_(None), LoginKey.expires_at > now)
    query = query.where((col(LoginKey.purpose) == KeyPurpose.SECOND) == second)
    query = query.execution_options(populate_existing=True)
    row: LoginKey | None = session.exec(query.with_for_update() if lock else query).first()
    if row is None:
        raise KeyDoesNotHold()
    return row


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _slow(code: str, salt: str) -> str:
    """Eight digits are guessed by a computer in no time."""
    return hashlib.scrypt(code.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()
