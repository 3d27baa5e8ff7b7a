"""Shorthand for tests of log-ins: who is at the door, a password, an app."""

from datetime import UTC, datetime, timedelta

import pyotp
from sqlmodel import Session, col, select

from models.account import Account, LoginEvent
from models.unit import Person
from services.accounts import passwords, second
from services.accounts.record import Visitor
from services.accounts.vault import Vault

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
HERE = Visitor("198.51.100.7", "Mozilla/5.0 (Linux; Android 14) Chrome/140.0")
PASSWORD = "correct horse battery"
VAULT = Vault(["k" * 43])
STEP = timedelta(seconds=30)


def give_password(session: Session, person: str, password: str = PASSWORD) -> None:
    passwords.set_password(session, session.get_one(Person, person), password, now=NOW)
    session.commit()


def give_app(
    session: Session, person: str, *, now: datetime = NOW, vault: Vault = VAULT
) -> tuple[pyotp.TOTP, list[str]]:
    """An app that is set up, and the recovery codes."""
    second.begin(session, person, vault=vault)
    secret = vault.open(session.get_one(Account, person).totp_secret)
    app = pyotp.TOTP(secret)
    codes = second.confirm(session, person, app.at(now), vault=vault, now=now)
    session.commit()
    return app, codes


def record_of(session: Session, person: str | None) -> list[str]:
    """What is on record about somebody's log-ins, in order."""
    session.rollback()
    query = select(LoginEvent.happening).where(LoginEvent.person_code == person).order_by(col(LoginEvent.id))
    return [one.value for one in session.exec(query)]
