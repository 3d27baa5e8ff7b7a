"""Proving an address: a code goes there and nowhere else, and whoever has it types it in.

1. The contact is written down, not in use, with the hash of a code; committed.
2. The code is sent to that address alone, outside of any transaction, and how that ended is noted.
3. Typed rightly within ten minutes and five tries, the address is used from then on. A wrong try is committed too.

A code is kept nowhere. Six digits are guessed by a computer in no time, so the hash is a slow one, and it dies with the
code. Limits, also against sending codes to strangers: code_pace.py.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.errors import Refused, WrongValue
from models.rights import Actor
from models.unit import ChannelClass, Contact, ContactCode, Proof
from notifications.channels import Channels, Sent
from notifications.code_letter import send_code
from notifications.words import Language, language
from services import contacts
from services.code_pace import check_pace
from services.contact_addresses import checked

Sessions = Callable[[], Session]
GOOD_FOR = timedelta(minutes=10)
TRIES = 5
REPLACED = "replaced"


class WrongCode(Refused):
    """Not the code that was sent."""

    code = "wrong_code"
    template = "This is not the code that was sent. Tries left: {left}."


class NoCodeWaits(Refused):
    """None was sent, it has run out, its tries are used up, or it was used."""

    code = "no_code_waits"
    template = "No code waits for this contact: it has run out or was used. Ask for a new one."


class NoDoor(Refused):
    """A phone without an SMS gateway, a mail address without a mail server."""

    code = "no_door"
    template = "Nothing can be sent to such an address from here: no gateway is set up for it."


@dataclass(frozen=True)
class Asked:
    """A code that was asked for, and how its sending ended."""

    id: int
    contact_id: int
    person_code: str
    channel: ChannelClass
    address: str = field(repr=False)
    code: str = field(repr=False)
    lang: Language
    expires_at: datetime
    sent: Sent | None = None


def ask(
    sessions: Sessions,
    channels: Channels,
    *,
    by: Actor,
    person_code: str,
    channel: ChannelClass,
    address: str,
    now: datetime,
    instead_of: int | None = None,
) -> Asked:
    """Send a code to an address that a person is to be reached at, or again at; `instead_of` it will replace.

    Commits by itself. Raises NotFound, ActionNotAllowed, WrongValue, NoDoor, TooManyCodes, DoorIsBusy.
    """
    with sessions() as session:
        contact = _written_down(session, by, person_code, channel, address, channels, now)
        asked = _new_code(session, contact, by=by, instead_of=instead_of, now=now)
        session.commit()
    sent = send_code(
        channels,
        channel=asked.channel,
        address=asked.address,
        code=asked.code,
        good_for=GOOD_FOR,
        lang=asked.lang,
        key=f"code-{asked.id}",
        at=now,
    )
    with sessions() as session:
        note = text("UPDATE contact_code SET outcome = :outcome WHERE id = :id")
        session.connection().execute(note, {"id": asked.id, "outcome": f"{sent.outcome.value} {sent.code}".strip()})
        session.commit()
    return Asked(**{**vars(asked), "sent": sent})


def ask_again(sessions: Sessions, channels: Channels, *, by: Actor, contact_id: int, now: datetime) -> Asked:
    """Send a new code to a contact that is known: not confirmed yet, or switched off. Raises as `ask` does."""
    with sessions() as session:
        known = contacts.find(session, contact_id, by=by)
        person, channel, address = known.person_code, known.channel, known.address
    return ask(sessions, channels, by=by, person_code=person, channel=channel, address=address, now=now)


def _written_down(
    session: Session,
    by: Actor,
    person_code: str,
    channel: ChannelClass,
    address: str,
    channels: Channels,
    now: datetime,
) -> Contact:
    contacts.check(session, by, person_code)
    contacts.hold(session, person_code)
    theirs = contacts.in_order(session, person_code)
    known = next((one for one in theirs if one.channel == channel and one.address == address.strip()), None)
    if known is None:
        kept = checked(channel, address, any_url=contacts.is_administrator(session, by))
        known = next((one for one in theirs if one.channel == channel and one.address == kept), None)
    if channels.serving(channel, known.address if known else kept) is None:
        raise NoDoor()
    if known is None:
        last = max((one.position for one in theirs), default=0)
        known = Contact(person_code=person_code, channel=channel, address=kept, position=last + 1, proof=Proof.CODE)
        with contacts.recorded(session, person_code, by=by, now=now):
            session.add(known)
    return known


def _new_code(session: Session, contact: Contact, *, by: Actor, instead_of: int | None, now: datetime) -> Asked:
    check_pace(session, contact, now=now)
    if instead_of is not None and contacts.find(session, instead_of, by=by).person_code != contact.person_code:
        raise WrongValue(field="instead_of", value=str(instead_of), expected="a contact of the same person")
    end = text("UPDATE contact_code SET ended_at = :now WHERE contact_id = :id AND ended_at IS NULL")
    session.connection().execute(end, {"id": contact.id, "now": now})
    code, salt = f"{secrets.randbelow(1_000_000):06}", secrets.token_hex(16)
    row = ContactCode(
        contact_id=contact.id or 0,
        person_code=contact.person_code,
        asked_by=by.code,
        asked_at=now,
        expires_at=now + GOOD_FOR,
        salt=salt,
        hash=_hash(code, salt),
        replaces=instead_of if instead_of != contact.id else None,
    )
    session.add(row)
    session.flush()
    speaks = contacts.check(session, by, contact.person_code).speaks
    return Asked(
        id=row.id or 0,
        contact_id=contact.id or 0,
        person_code=contact.person_code,
        channel=contact.channel,
        address=contact.address,
        code=code,
        lang=language(speaks),
        expires_at=row.expires_at,
    )


def confirm(sessions: Sessions, *, by: Actor, contact_id: int, code: str, now: datetime) -> None:
    """Take the code that was typed: the address is used from now on. Commits by itself, a wrong try too.

    Raises NotFound, WrongCode, NoCodeWaits.
    """
    with sessions() as session:
        contact = contacts.find(session, contact_id, by=by)
        contacts.hold(session, contact.person_code)
        row = _waiting(session, contact_id, now)
        if row is None:
            raise NoCodeWaits()
        if not hmac.compare_digest(_hash(_digits(code), row.salt), row.hash):
            _count_wrong(session, row, now)
            raise WrongCode(left=TRIES - row.tries)
        row.ended_at = now
        with contacts.recorded(session, contact.person_code, by=by, now=now):
            _take_into_use(session, contact, row, now)
        session.commit()


def _waiting(session: Session, contact_id: int, now: datetime) -> ContactCode | None:
    query = (
        select(ContactCode)
        .where(ContactCode.contact_id == contact_id, col(ContactCode.ended_at).is_(None))
        .where(col(ContactCode.expires_at) > now, col(ContactCode.tries) < TRIES)
        .order_by(col(ContactCode.id).desc())
        .limit(1)
    )
    return session.exec(query.with_for_update()).first()


def _count_wrong(session: Session, row: ContactCode, now: datetime) -> None:
    row.tries += 1
    row.ended_at = now if row.tries >= TRIES else None
    session.commit()
    session.refresh(row)


def _take_into_use(session: Session, contact: Contact, row: ContactCode, now: datetime) -> None:
    session.refresh(contact, with_for_update=True)
    contact.verified_at, contact.proof = now, Proof.CODE
    contact.switched_off_at = contact.switched_off_why = None
    old = session.get(Contact, row.replaces) if row.replaces else None
    if old is not None:
        contact.chosen_position, contact.position = old.chosen_position, old.position
        contacts.switch_off(old, why=REPLACED, now=now)


def _digits(code: str) -> str:
    """What was typed, without blanks; full-width digits, as a Chinese keyboard writes them, count as digits."""
    return "".join(unicodedata.normalize("NFKC", code).split())


def _hash(code: str, salt: str) -> str:
    return hashlib.scrypt(code.encode("utf-8", "replace"), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()
