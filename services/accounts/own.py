"""What people change about their own log-in: password, second factor, sessions. The caller commits.

Whoever finds a browser open must not be able to take the account over: changes take a log-in of a moment ago, or the
present password, or a code of the app.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from models.account import Happening, LoginSession
from models.errors import NotFound
from models.unit import Person
from services import sessions
from services.accounts import pace, passwords, record, second
from services.accounts.errors import MustHaveOne, NotInADemo, ShowWhoYouAre, TooManyTries, WrongCode
from services.accounts.pace import Sessions
from services.accounts.record import Visitor
from services.accounts.vault import Vault
from services.sessions import Method, Open

FRESH_FOR = timedelta(minutes=15)


@dataclass(frozen=True)
class Owner:
    """Somebody in the session that they opened. `many`: for tries, which count at once."""

    session: Session
    many: Sessions
    opened: Open
    visitor: Visitor
    vault: Vault
    now: datetime

    @property
    def code(self) -> str:
        return self.opened.person

    @property
    def is_demo(self) -> bool:
        """Whether they went in by one tap."""
        return self.opened.method == Method.DEMO

    @property
    def is_fresh(self) -> bool:
        """Whether they have logged in a moment ago, so that it is surely them."""
        return not self.is_demo and self.now - self.opened.opened_at <= FRESH_FOR

    def note(self, happening: Happening, **facts: int) -> None:
        """Put on record what they did."""
        record.note(self.session, happening, person=self.code, now=self.now, visitor=self.visitor, facts=facts)

    def end_others(self, why: str) -> int:
        """End their sessions but this one; returns how many."""
        return sessions.end_all(self.session, self.code, why=why, now=self.now, but=self.opened.id)


@dataclass(frozen=True)
class State:
    """How somebody logs in today."""

    password_at: datetime | None
    second_at: datetime | None
    recovery_left: int
    failed: int


def state(owner: Owner) -> State:
    """What the account page shows. `failed`: tries with this name since this session was opened."""
    row = passwords.account(owner.session, owner.code)
    return State(
        password_at=row.password_at,
        second_at=row.totp_at,
        recovery_left=second.recovery_left(owner.session, owner.code),
        failed=record.failed_since(owner.session, owner.code, owner.opened.opened_at),
    )


def change_password(owner: Owner, *, present: str, new: str) -> int:
    """Set a password; every other session of the person ends. Returns how many did.

    Raises NotInADemo, WeakPassword, ShowWhoYouAre, TooManyTries.
    """
    _check_demo(owner)
    if not owner.is_fresh:
        _check_present(owner, present)
    passwords.set_password(owner.session, owner.session.get_one(Person, owner.code), new, now=owner.now)
    owner.note(Happening.PASSWORD_SET)
    return owner.end_others("password")


def _check_present(owner: Owner, present: str) -> None:
    key = pace.key_of("name", f"present {owner.code}")
    if not present:
        raise ShowWhoYouAre()
    _count(owner, key)
    if not passwords.is_right(passwords.account(owner.session, owner.code).password_hash, present):
        raise ShowWhoYouAre()
    pace.forgive(owner.session, [key])


def _count(owner: Owner, key: str) -> None:
    wait = pace.take(owner.many, [key], now=owner.now)
    if wait:
        raise TooManyTries(minutes=pace.minutes(wait))


def begin_second(owner: Owner) -> None:
    """Make the secret for an app. Raises NotInADemo, ShowWhoYouAre."""
    _check_demo(owner)
    if not owner.is_fresh:
        raise ShowWhoYouAre()
    second.begin(owner.session, owner.code, vault=owner.vault)


def confirm_second(owner: Owner, code: str) -> list[str]:
    """Take it into use by its first code; returns the recovery codes, once.

    Raises WrongCode, NotInADemo, TooManyTries.
    """
    _check_demo(owner)
    _count(owner, pace.key_of("second", owner.code))
    codes = second.confirm(owner.session, owner.code, code, vault=owner.vault, now=owner.now)
    if codes is None:
        raise WrongCode()
    pace.forgive(owner.session, [pace.key_of("second", owner.code)])
    owner.note(Happening.SECOND_SET)
    owner.end_others("second_factor")
    sessions.note_second(owner.session, owner.opened.id, now=owner.now)
    return codes


def remove_second(owner: Owner, code: str, *, must: bool) -> None:
    """Ask for it no more, against one more code. `must`: whoever has to have one keeps it.

    Raises MustHaveOne, WrongCode, TooManyTries, NotInADemo.
    """
    _check_demo(owner)
    if must:
        raise MustHaveOne()
    key = pace.key_of("second", owner.code)
    _count(owner, key)
    if not second.check(owner.session, owner.code, code, vault=owner.vault, now=owner.now):
        raise WrongCode()
    pace.forgive(owner.session, [key])
    second.remove(owner.session, owner.code)
    owner.note(Happening.SECOND_REMOVED)


def end_one(owner: Owner, key: int) -> None:
    """End one of one's own sessions. Raises NotFound, for those of others too."""
    if key not in {one.id for one in open_ones(owner)}:
        raise NotFound(what="session", code=key)
    sessions.end_session(owner.session, key, why="ended_by_owner", now=owner.now)
    owner.note(Happening.SESSION_ENDED, n=1)


def end_others(owner: Owner) -> int:
    """End all but this one; returns how many."""
    ended = owner.end_others("ended_by_owner")
    if ended:
        owner.note(Happening.SESSION_ENDED, n=ended)
    return ended


def open_ones(owner: Owner) -> Sequence[LoginSession]:
    """Where somebody is logged in, the latest used first."""
    return sessions.sessions_of(owner.session, owner.code, now=owner.now)


def _check_demo(owner: Owner) -> None:
    if owner.is_demo:
        raise NotInADemo()
