"""How a person is known again: sessions, password, second factor, one-time links, identities at other providers.

Secrets are kept as hashes only; the second factor's, which must be readable, is encrypted (services/accounts/vault.py).
Every time here is the real one, not a demo city's.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from models.append_only import append_only
from models.columns import code_key, document, kind_of, reference, serial_key, text


class LoginSession(SQLModel, table=True):
    """Somebody logged in on one device. `token_hash` is the SHA-256 of what the browser holds.

    `second_at`: when the second factor was shown; None where it was not asked for.
    """

    __tablename__ = "login_session"
    __table_args__ = (Index("login_session_open", "person_code", postgresql_where=sql("ended_at IS NULL")),)
    id: int | None = serial_key()
    token_hash: str = text(unique=True)
    person_code: str = reference("person.code")
    method: str = text()
    device: str = text(default="")
    address: str = text(default="")
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    second_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str = text(default="")


class Account(SQLModel, table=True):
    """What one person logs in with. Empty where they have none of it.

    `totp_secret` is encrypted; it counts once `totp_at` is set. `totp_step`: the last one that was used, so that a code
    counts once.
    """

    person_code: str = reference("person.code", primary_key=True)
    password_hash: str = text(default="")
    password_at: datetime | None = None
    totp_secret: str = text(default="")
    totp_at: datetime | None = None
    totp_step: int = Field(default=0, sa_type=BigInteger)


class RecoveryCode(SQLModel, table=True):
    """One way in when the phone with the second factor is lost; counts once."""

    __tablename__ = "recovery_code"
    id: int | None = serial_key()
    person_code: str = reference("person.code", index=True)
    hash: str = text()
    used_at: datetime | None = None


class KeyPurpose(StrEnum):
    """What a one-time key opens: a log-in that was asked for, one offered by the administrator, the second step."""

    LINK = "link"
    INVITE = "invite"
    SECOND = "second"


class LoginKey(SQLModel, table=True):
    """Something that opens one log-in, once. `token_hash`: of the secret in a link or a cookie.

    `ask_hash`, `code_hash`: the browser that asked may type the short code of the letter instead. `method`: how the
    first step was done. `made_by`: the administrator who invites.
    """

    __tablename__ = "login_key"
    id: int | None = serial_key()
    token_hash: str = text(unique=True)
    person_code: str = reference("person.code", index=True)
    purpose: KeyPurpose = kind_of(KeyPurpose)
    method: str = text(default="")
    made_at: datetime
    made_by: str | None = text(default=None, nullable=True)
    expires_at: datetime
    used_at: datetime | None = None
    tries: int = 0
    ask_hash: str | None = text(default=None, nullable=True, unique=True)
    code_salt: str = text(default="")
    code_hash: str = text(default="")


class Identity(SQLModel, table=True):
    """Who a person is at a provider. Bound by the administrator, or by an address that the provider has verified."""

    __table_args__ = (UniqueConstraint("provider", "subject"),)
    id: int | None = serial_key()
    provider: str = text()
    subject: str = text()
    person_code: str = reference("person.code", index=True)
    bound_at: datetime
    bound_by: str = text()


class LoginPace(SQLModel, table=True):
    """Tries from one address, with one name, from one device: so that guessing takes for ever. See services' LIMITS."""

    __tablename__ = "login_pace"
    key: str = code_key()
    failures: int = 0
    last_at: datetime
    blocked_until: datetime | None = None


class Happening(StrEnum):
    """What is on record about log-ins."""

    LOGGED_IN = "logged_in"
    FAILED = "failed"
    SECOND_FAILED = "second_failed"
    LOGGED_OUT = "logged_out"
    SESSION_ENDED = "session_ended"
    PASSWORD_SET = "password_set"
    SECOND_SET = "second_set"
    SECOND_REMOVED = "second_removed"
    RECOVERY_USED = "recovery_used"
    LINK_SENT = "link_sent"
    INVITED = "invited"
    BOUND = "bound"
    UNBOUND = "unbound"


class LoginEvent(SQLModel, table=True):
    """Who logged in when, how and from where, and what was changed about it. Append-only; holds no secret.

    `person_code`: whose log-in; None where a name was typed that nobody has. `by_code`: who did it for them.
    """

    __tablename__ = "login_event"
    __table_args__ = (Index("login_event_of", "person_code", "id"),)
    id: int | None = serial_key()
    at: datetime
    happening: Happening = kind_of(Happening)
    person_code: str | None = text(default=None, nullable=True)
    by_code: str | None = text(default=None, nullable=True)
    method: str = text(default="")
    device: str = text(default="")
    address: str = text(default="")
    facts: dict[str, Any] = document(default_factory=dict)


append_only(LoginEvent.__table__)  # type: ignore[attr-defined]
