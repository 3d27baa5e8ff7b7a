"""The second factor: codes of an authenticator app (RFC 6238), and recovery codes for when the phone is lost.

A code counts once. The secret is encrypted at rest; recovery codes are kept as hashes.
"""

import hashlib
import hmac
import secrets
from base64 import b32encode
from dataclasses import dataclass, field
from datetime import datetime

import pyotp
from sqlmodel import Session, col, delete, func, select, update

from models.account import Account, RecoveryCode
from models.unit import Person
from services.accounts import passwords
from services.accounts.names import code_typed
from services.accounts.vault import Vault

STEP = 30
"""Seconds. Source: RFC 6238; one step earlier and later counts too, as clocks of phones differ."""
DRIFT = 1
RECOVERY_CODES = 10


@dataclass(frozen=True)
class SetUp:
    """What the app is to be told. `address` goes into a QR code."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def begin(session: Session, person: str, *, vault: Vault) -> None:
    """Make a secret where there is none yet; it counts once a code of it was typed. The caller commits."""
    row = passwords.account(session, person)
    if row.totp_at is None and (not row.totp_secret or vault.open(row.totp_secret) is None):
        row.totp_secret = vault.lock(pyotp.random_base32())
        session.add(row)
        session.flush()


def set_up(session: Session, person: Person, *, vault: Vault, issuer: str) -> SetUp | None:
    """What to put into the app; None where nothing was begun, or it is done already."""
    row = passwords.account(session, person.code)
    secret = vault.open(row.totp_secret) if row.totp_secret and row.totp_at is None else None
    if secret is None:
        return None
    address = pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=person.code, issuer_name=issuer)
    return SetUp(secret, address)


def confirm(session: Session, person: str, code: str, *, vault: Vault, now: datetime) -> list[str] | None:
    """Take the factor into use by its first code; returns the recovery codes, once. None for a wrong code."""
    row = _locked(session, person)
    if row is None or row.totp_at is not None or not _counts(row, code, vault, now):
        return None
    row.totp_at = now
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_code) == person))
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(person_code=person, hash=_hash(one)) for one in codes)
    session.flush()
    return codes


def check(session: Session, person: str, code: str, *, vault: Vault, now: datetime) -> str:
    """What a code that was typed is: `app`, `recovery`, or nothing. It counts once. The caller commits."""
    row = _locked(session, person)
    if row is None or row.totp_at is None:
        return ""
    if _counts(row, code, vault, now):
        row.totp_secret = vault.renewed(row.totp_secret)
        session.flush()
        return "app"
    using = update(RecoveryCode).where(
        col(RecoveryCode.person_code) == person,
        col(RecoveryCode.hash) == _hash(code),
        col(RecoveryCode.used_at).is_(None),
    )
    return "recovery" if session.exec(using.values(used_at=now)).rowcount else ""


def remove(session: Session, person: str) -> bool:
    """Ask for it no more; whoever must have one sets it up anew at the next log-in. The caller commits."""
    row = _locked(session, person)
    had = row is not None and row.totp_at is not None
    if row is not None:
        row.totp_secret, row.totp_at = "", None
        session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_code) == person))
        session.flush()
    return had


def recovery_left(session: Session, person: str) -> int:
    """How many recovery codes are not used yet."""
    query = select(func.count()).where(RecoveryCode.person_code == person, col(RecoveryCode.used_at).is_(None))
    return session.exec(query).one()


def _locked(session: Session, person: str) -> Account | None:
    query = select(Account).where(Account.person_code == person).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def _counts(row: Account, code: str, vault: Vault, now: datetime) -> bool:
    """Whether it is a code of about now that was not used yet; it is used from then on."""
    typed = code_typed(code)
    secret = vault.open(row.totp_secret) if row.totp_secret else None
    if secret is None or not (typed.isascii() and typed.isdecimal()):
        return False
    app, present = pyotp.TOTP(secret, interval=STEP), int(now.timestamp()) // STEP
    for step in range(present - DRIFT, present + DRIFT + 1):
        if step > row.totp_step and hmac.compare_digest(app.generate_otp(step), typed):
            row.totp_step = step
            return True
    return False


def _recovery_code() -> str:
    plain = b32encode(secrets.token_bytes(10)).decode()
    return "-".join(plain[place : place + 4] for place in range(0, 16, 4))


def _hash(code: str) -> str:
    """Eighty bits of chance need no slow hash."""
    return hashlib.sha256(code_typed(code).upper().replace("-", "").encode()).hexdigest()
