"""A person's contacts and choices: which there are and how we know them, their order, quiet hours, language.

For the person, and for the administrator. An address is used once its code was typed (contact_codes.py); those of the
city pack are vouched for by the administrator who loads it, and the list says so. What a person chose here goes before
what the pack says, whenever it is loaded again. Every listing is masked: an address may hold a token.
What changes an address is put on record beside the city's other changes, masked as well.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.errors import ActionNotAllowed, NotFound, WrongValue
from models.permissions import Right, held
from models.rights import Actor
from models.unit import ChannelClass, Contact, ContactCode, Person, Proof
from notifications.dead_addresses import masked
from services.cities import recording
from services.rulebook import the_city

LANGUAGES = ("zh-CN", "en")
LONGEST_QUIET = timedelta(hours=12)
REMOVED = "removed"

_CUT_OFF = text(
    "SELECT p.code AS person, p.name, string_agg(DISTINCT t.post_code, ', ' ORDER BY t.post_code) AS posts,"
    "  (SELECT max(c.switched_off_at) FROM contact c"
    "    WHERE c.person_code = p.code AND c.switched_off_why = 'dead') AS lost"
    " FROM person p JOIN tenure t ON t.person_code = p.code AND t.valid_from <= :today"
    "  AND (t.valid_to IS NULL OR t.valid_to >= :today)"
    " WHERE NOT EXISTS (SELECT 1 FROM contact c WHERE c.person_code = p.code"
    "  AND c.verified_at IS NOT NULL AND c.switched_off_at IS NULL)"
    " GROUP BY p.code, p.name ORDER BY lost DESC NULLS LAST, p.code LIMIT :limit"
)


class Standing(StrEnum):
    """Whether an address is used."""

    USED = "used"
    NOT_CONFIRMED = "not_confirmed"
    OFF = "off"


@dataclass(frozen=True)
class Listed:
    """One contact as it is shown. `off_why`: dead, removed, replaced, or nothing where the city pack dropped it."""

    id: int
    channel: ChannelClass
    address: str
    place: int
    standing: Standing
    proof: Proof | None
    verified_at: datetime | None
    off_at: datetime | None
    off_why: str | None
    code_until: datetime | None
    quiet_from: time | None
    quiet_to: time | None


def listing(session: Session, *, by: Actor, person_code: str, now: datetime) -> list[Listed]:
    """Every contact of a person, in the order in which they are tried. Raises NotFound, ActionNotAllowed."""
    person = check(session, by, person_code)
    contacts = in_order(session, person_code)
    waiting = _codes_waiting(session, [one.id or 0 for one in contacts], now)
    return [_listed(one, place, person, waiting.get(one.id or 0)) for place, one in enumerate(contacts, start=1)]


def in_order(session: Session, person_code: str) -> Sequence[Contact]:
    """The contacts of a person, used or not."""
    order = (col(Contact.chosen_position).nulls_last(), col(Contact.position), col(Contact.id))
    query = select(Contact).where(Contact.person_code == person_code).order_by(*order)
    return session.exec(query.execution_options(populate_existing=True)).all()


def _codes_waiting(session: Session, ids: Sequence[int], now: datetime) -> dict[int, datetime]:
    query = select(ContactCode.contact_id, ContactCode.expires_at).where(
        col(ContactCode.contact_id).in_(ids), col(ContactCode.ended_at).is_(None), col(ContactCode.expires_at) > now
    )
    return {key: until for key, until in session.exec(query)}  # noqa: C416 - rows are not pairs to the type checker


def _listed(one: Contact, place: int, person: Person, code_until: datetime | None) -> Listed:
    own = one.quiet_from is not None and one.quiet_to is not None
    return Listed(
        id=one.id or 0,
        channel=one.channel,
        address=masked(one.channel, one.address),
        place=place,
        standing=standing_of(one),
        proof=one.proof if one.verified_at else None,
        verified_at=one.verified_at,
        off_at=one.switched_off_at,
        off_why=one.switched_off_why,
        code_until=code_until,
        quiet_from=one.quiet_from if own else person.quiet_from,
        quiet_to=one.quiet_to if own else person.quiet_to,
    )


def standing_of(one: Contact) -> Standing:
    """Whether it is used, and if not, why."""
    if one.switched_off_at:
        return Standing.OFF
    return Standing.USED if one.verified_at else Standing.NOT_CONFIRMED


def remove(session: Session, *, by: Actor, contact_id: int, now: datetime) -> int:
    """Use an address no more; returns how many the person has left. The caller commits. Raises NotFound,
    ActionNotAllowed.
    """
    contact = find(session, contact_id, by=by)
    hold(session, contact.person_code)
    with recorded(session, contact.person_code, by=by, now=now):
        switch_off(contact, why=REMOVED, now=now)
        _forget_codes(session, contact_id, now)
    return sum(standing_of(one) is Standing.USED for one in in_order(session, contact.person_code))


def recorded(session: Session, person_code: str, *, by: Actor, now: datetime) -> AbstractContextManager[None]:
    """Put on record what is done inside to a person's addresses; the person is held already."""
    return recording.recorded(session, "contacts", of={"person_code": person_code}, who=by.code, now=now)


def switch_off(contact: Contact, *, why: str, now: datetime) -> None:
    """`verified_at` stays, or the next load of the city pack would switch the address on again."""
    contact.switched_off_at, contact.switched_off_why = now, why


def _forget_codes(session: Session, contact_id: int, now: datetime) -> None:
    end = text("UPDATE contact_code SET ended_at = :now WHERE contact_id = :id AND ended_at IS NULL")
    session.connection().execute(end, {"id": contact_id, "now": now})


def order(session: Session, *, by: Actor, person_code: str, contact_ids: Sequence[int]) -> None:
    """Try these first, in this order; the others after them as before. The caller commits. Raises NotFound,
    ActionNotAllowed, WrongValue.
    """
    check(session, by, person_code)
    hold(session, person_code)
    theirs = {one.id or 0: one for one in in_order(session, person_code)}
    strange = [str(key) for key in contact_ids if key not in theirs]
    if strange or len(set(contact_ids)) != len(contact_ids):
        known = ", ".join(map(str, theirs)) or "-"
        raise WrongValue(field="order", value=", ".join(map(str, contact_ids)), expected=f"each once, of {known}")
    for key, one in theirs.items():
        one.chosen_position = contact_ids.index(key) + 1 if key in contact_ids else None
    session.flush()


def quiet(session: Session, *, by: Actor, person_code: str, hours: tuple[time, time] | None) -> None:
    """Leave a person alone between these times of the city's clock, but for what is urgent; None: as the city does.

    The caller commits. Raises NotFound, ActionNotAllowed, WrongValue for more than twelve hours.
    """
    person = check(session, by, person_code)
    if hours and not timedelta() < _between(*hours) <= LONGEST_QUIET:
        raise WrongValue(field="quiet", value=f"{hours[0]:%H:%M}-{hours[1]:%H:%M}", expected="at most 12 hours")
    person.quiet_from, person.quiet_to = hours or (None, None)
    for one in in_order(session, person_code):
        one.quiet_from = one.quiet_to = None
    session.flush()


def _between(start: time, end: time) -> timedelta:
    """How long it is from one time of the day to the next other; it may run over midnight."""
    minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
    return timedelta(minutes=minutes % (24 * 60))


def speak(session: Session, *, by: Actor, person_code: str, lang: str) -> None:
    """Write to a person in this language. The caller commits. Raises NotFound, ActionNotAllowed, WrongValue."""
    person = check(session, by, person_code)
    if lang not in LANGUAGES:
        raise WrongValue(field="language", value=lang, expected=", ".join(LANGUAGES))
    person.chosen_lang = lang
    session.flush()


@dataclass(frozen=True)
class CutOff:
    """Somebody in office who has nothing but the inbox. `lost`: when their last address proved dead."""

    person: str
    name: str
    posts: str
    lost: datetime | None


def cut_off(session: Session, *, today: date, limit: int = 50) -> list[CutOff]:
    """Who holds a post on a day and has no contact in use; those who lost one lately first."""
    rows = session.connection().execute(_CUT_OFF, {"today": today, "limit": limit}).mappings()
    return [CutOff(**row) for row in rows]


def find(session: Session, contact_id: int, *, by: Actor) -> Contact:
    """A contact that the actor may change. Raises NotFound, also for those of others: their numbers tell nothing."""
    contact = session.get(Contact, contact_id, populate_existing=True)
    if contact is None or not (by.code == contact.person_code or is_administrator(session, by)):
        raise NotFound(what="contact", code=contact_id)
    return contact


def check(session: Session, by: Actor, person_code: str) -> Person:
    """The person, where the actor may decide about their contacts. Raises ActionNotAllowed, NotFound."""
    if by.code != person_code and not is_administrator(session, by):
        raise ActionNotAllowed(action="contacts", who="themselves, administrator")
    person = session.get(Person, person_code)
    if person is None:
        raise NotFound(what="person", code=person_code)
    return person


def is_administrator(session: Session, by: Actor) -> bool:
    """Whether somebody administers the city."""
    return bool(held(by, Right.MANAGE_CONTACTS, city=the_city(session).code))


def hold(session: Session, person_code: str) -> None:
    """One change at a time for a person. Others may still point at the row."""
    lock = text("SELECT code FROM person WHERE code = :code FOR NO KEY UPDATE")
    session.connection().execute(lock, {"code": person_code})
