"""What the administrator does about the log-ins of others. The caller commits. Each act is on record.

Who has the shell has the database: `by` is then whoever the operator says (`--as`), and must hold the right too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Session

from models.account import Happening, KeyPurpose
from models.errors import NotFound, WrongValue
from models.permissions import Right, must_hold
from models.rights import Actor
from models.unit import Person
from services import sessions
from services.accounts import identities, onetime, record, second
from services.rulebook import the_city
from services.sessions import Method

LIST = text(
    "SELECT p.code AS person, p.name,"
    "  (SELECT string_agg(coalesce(nullif(o.title, ''), o.code), ', ' ORDER BY o.code) FROM tenure t"
    "    JOIN post o ON o.code = t.post_code WHERE t.person_code = p.code"
    "    AND t.valid_from <= :today AND (t.valid_to IS NULL OR t.valid_to >= :today)) AS posts,"
    "  coalesce(a.password_hash <> '', false) AS password, a.totp_at IS NOT NULL AS second,"
    "  (SELECT count(*) FROM identity i WHERE i.person_code = p.code) AS identities,"
    "  (SELECT count(*) FROM login_session s WHERE s.person_code = p.code AND s.ended_at IS NULL"
    "    AND s.expires_at > :now AND s.seen_at > :now - CAST(:idle AS interval)) AS sessions,"
    "  (SELECT max(e.at) FROM login_event e WHERE e.person_code = p.code AND e.happening = 'logged_in') AS last_at"
    " FROM person p LEFT JOIN account a ON a.person_code = p.code"
    " WHERE p.code > :after AND (:words = '' OR p.code = :exact OR p.name LIKE :words ESCAPE '\\')"
    " ORDER BY p.code LIMIT :limit"
)


@dataclass(frozen=True)
class Listed:
    """How one person logs in. Nothing of it is a secret."""

    person: str
    name: str
    posts: str | None
    password: bool
    second: bool
    identities: int
    sessions: int
    last_at: datetime | None


def listing(
    session: Session, *, by: Actor, today: date, now: datetime, words: str = "", after: str = "", limit: int = 50
) -> Sequence[Listed]:
    """Persons by code, `after` one. Raises ActionNotAllowed."""
    _check(session, by)
    literal = words.strip().replace("\x00", "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    given: dict[str, object] = {"words": f"%{literal}%" if literal else "", "exact": words.strip().replace("\x00", "")}
    given |= {"today": today, "now": now, "idle": sessions.IDLE, "after": after.replace("\x00", ""), "limit": limit}
    return [Listed(**row) for row in session.connection().execute(LIST, given).mappings()]


def one(session: Session, person: str, *, by: Actor, today: date, now: datetime) -> Listed:
    """One of them. Raises ActionNotAllowed, NotFound."""
    return next(
        (found for found in listing(session, by=by, today=today, now=now, words=person) if found.person == person),
        None,
    ) or _missing(person)


def invite(session: Session, person: str, *, by: Actor, now: datetime) -> str:
    """A key by which somebody logs in once and sets a password; returns its secret.

    Raises ActionNotAllowed, NotFound.
    """
    _person(session, person, by)
    good_for = onetime.INVITE_FOR
    token = onetime.make(
        session, person, purpose=KeyPurpose.INVITE, method=Method.INVITE, good_for=good_for, now=now, by=by.code
    )
    record.note(session, Happening.INVITED, person=person, by=by.code, now=now)
    return token


def end_sessions(session: Session, person: str, *, by: Actor, now: datetime) -> int:
    """End every session of somebody; returns how many. Raises ActionNotAllowed, NotFound."""
    _person(session, person, by)
    ended = sessions.end_all(session, person, why="ended_by_administrator", now=now)
    record.note(session, Happening.SESSION_ENDED, person=person, by=by.code, now=now, facts={"n": ended})
    return ended


def remove_second(session: Session, person: str, *, by: Actor, now: datetime) -> bool:
    """The phone is lost: ask for its codes no more, and end every session. Raises ActionNotAllowed, NotFound."""
    _person(session, person, by)
    had = second.remove(session, person)
    if had:
        record.note(session, Happening.SECOND_REMOVED, person=person, by=by.code, now=now)
        sessions.end_all(session, person, why="second_factor", now=now)
    return had


def bind(session: Session, person: str, *, provider: str, subject: str, by: Actor, now: datetime) -> None:
    """This subject of a provider is that person. Raises ActionNotAllowed, NotFound, TakenAlready, WrongValue."""
    _person(session, person, by)
    identities.bind(session, person, provider=provider, subject=subject.strip(), by=by.code, now=now)


def unbind(session: Session, key: int, *, person: str, by: Actor, now: datetime) -> None:
    """It is no more. Raises ActionNotAllowed, NotFound."""
    _person(session, person, by)
    identities.unbind(session, key, person=person, by=by.code, now=now)


def no_such_identity(provider: str, known: Collection[str]) -> WrongValue:
    """What to raise for a provider that the installation does not have, or an empty subject."""
    return WrongValue(field="identity", value=provider[:40], expected=", ".join(sorted(known)) or "-")


def _person(session: Session, person: str, by: Actor) -> None:
    _check(session, by)
    if "\x00" in person or session.get(Person, person) is None:
        _missing(person)


def _missing(person: str) -> Listed:
    raise NotFound(what="person", code=person)


def _check(session: Session, by: Actor) -> None:
    must_hold(by, Right.MANAGE_ACCOUNTS, city=the_city(session).code)
