"""The way in: the first step shows who somebody is; then the second factor, where it is wanted; then a session.

Whoever manages the city, its contacts or its log-ins must have a second factor; others may.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from models.account import Happening, KeyPurpose
from models.permissions import Right, held
from models.rights import Actor
from services import people, sessions
from services.accounts import onetime, pace, passwords, record
from services.accounts.errors import NoPostToday, NotKnown, TooManyTries
from services.accounts.names import counted, person_named
from services.accounts.pace import Sessions
from services.accounts.record import Visitor
from services.rulebook import the_city
from services.sessions import Method

GUARDED = frozenset({Right.MANAGE_CITY, Right.MANAGE_CONTACTS, Right.MANAGE_ACCOUNTS, Right.APPOINT})
"""Who has one of these over the whole city shows a second factor."""
SECOND_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Admission:
    """What the first step came to: a session, or the key to the second step. Both are secrets for the browser.

    `set_up`: the second factor has to be set up first.
    """

    person: str
    session: str | None = field(default=None, repr=False)
    second: str | None = field(default=None, repr=False)
    set_up: bool = False


def by_password(sessions: Sessions, *, name: str, password: str, visitor: Visitor, now: datetime) -> Admission:
    """Let somebody in by name and password. Commits by itself.

    Raises TooManyTries, NotKnown, NoPostToday; the latter only for who gave the right password.
    """
    keys = _keys(name, visitor)
    wait = pace.take(sessions, keys, now=now)
    if wait:
        raise TooManyTries(minutes=pace.minutes(wait))
    with sessions() as session:
        person = person_named(session, name)
        kept = passwords.account(session, person.code).password_hash if person else ""
        session.commit()  # no connection is held while the hash is counted out
        if not passwords.is_right(kept, password) or person is None:
            record.note(
                session,
                Happening.FAILED,
                person=person.code if person else None,
                now=now,
                visitor=visitor,
                method=Method.PASSWORD,
            )
            session.commit()
            raise NotKnown()
        pace.forgive(session, keys)
        if passwords.grown_old(kept):
            passwords.rehash(session, person.code, password)
        session.commit()
        admission = admit(session, person.code, method=Method.PASSWORD, visitor=visitor, now=now)
        session.commit()
    return admission


def _keys(name: str, visitor: Visitor) -> list[str]:
    """What a try counts under. A device that is known for this name does not stand in line with strangers."""
    if visitor.mark:
        return [pace.key_of("device", visitor.mark)]
    address = pace.key_of("address", pace.network(visitor.address))
    return [pace.key_of("name", counted(name)), address]


def admit(session: Session, person: str, *, method: Method, visitor: Visitor, now: datetime) -> Admission:
    """Go on after the first step was passed. The caller commits. Raises NoPostToday."""
    actor = people.actor(session, person, now=now)
    if not actor.all_posts:
        raise NoPostToday()
    must = needs_second(actor, city=the_city(session).code)
    account = passwords.account(session, person)
    if not must and account.totp_at is None:
        return Admission(person, session=open_for(session, person, method=method, visitor=visitor, now=now))
    key = onetime.make(session, person, purpose=KeyPurpose.SECOND, method=method, good_for=SECOND_WITHIN, now=now)
    return Admission(person, second=key, set_up=account.totp_at is None)


def open_for(
    session: Session, person: str, *, method: Method, visitor: Visitor, now: datetime, second: bool = False
) -> str:
    """Open a session and put it on record; returns the secret for the browser. The caller commits."""
    token = sessions.open_session(
        session,
        person,
        method=method,
        device=visitor.device,
        address=visitor.address,
        now=now,
        second=second,
    )
    record.note(
        session, Happening.LOGGED_IN, person=person, now=now, visitor=visitor, method=method, facts={"second": second}
    )
    return token


def needs_second(actor: Actor, *, city: str) -> bool:
    """Whether somebody has to show a second factor."""
    return any(city in held(actor, right, city=city).areas for right in GUARDED)
