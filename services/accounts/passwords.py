"""Passwords: Argon2id, what counts as one, setting and checking it.

Checking costs the same for a name that nobody has. Few at a time: each takes 32 MB.
"""

from datetime import datetime
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session

from models.account import Account
from models.unit import Person
from services.accounts.errors import WeakPassword

SHORTEST, LONGEST = 10, 200
"""Characters. Source: OWASP authentication cheat sheet: eight with a second factor, more without."""
_COMMON = """
1234567890 0123456789 12345678910 123456789a a123456789 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty12345 password123
password1234 passw0rd123 administrator admin12345 admin123456 woaini1314 woaini520 5201314520 zxcvbnm123 asdfghjkl123
iloveyou123 abcd123456 abc1234567 aa12345678 123123123123 1234512345 changeme123 welcome123 letmein123 duban12345
duban123456 dubandubanduban
"""
COMMON = frozenset(_COMMON.split())
_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_turns = BoundedSemaphore(4)


def set_password(session: Session, person: Person, password: str, *, now: datetime) -> None:
    """Keep its hash. Raises WeakPassword. The caller commits, puts it on record and ends other sessions."""
    if found := weakness(password, person):
        raise WeakPassword(weakness=found)
    row = account(session, person.code)
    with _turns:
        row.password_hash = _hasher.hash(password)
    row.password_at = now
    session.add(row)
    session.flush()


def weakness(password: str, person: Person) -> str:
    """Why it will not do, one of terms.WEAKNESSES; empty for one that will."""
    plain = password.casefold()
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if plain in COMMON or len(set(plain)) < 4:
        return "common"
    return "name" if person.code.casefold() in plain or plain.strip() == person.name.casefold() else ""


def is_right(kept: str, password: str) -> bool:
    """Whether this is the password of that hash. An empty hash takes as long, and is never right."""
    with _turns:
        try:
            _hasher.verify(kept or _nobodys(), password[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
    return bool(kept)


def grown_old(kept: str) -> bool:
    """Whether a hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(kept)


def rehash(session: Session, person: str, password: str) -> None:
    """Keep a password that was just found right with today's costs."""
    row = account(session, person)
    with _turns:
        row.password_hash = _hasher.hash(password)
    session.add(row)


def account(session: Session, person: str) -> Account:
    """What somebody logs in with; a new row, not yet kept, for who had none."""
    return session.get(Account, person, populate_existing=True) or Account(person_code=person)


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
