"""Who a person is at a provider of identities. Nobody is made up: a subject is bound to somebody who is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.account import Happening, Identity
from models.errors import NotFound
from models.unit import ChannelClass, Contact, Person
from services.accounts import record
from services.accounts.errors import TakenAlready
from services.commands import check_text


@dataclass(frozen=True)
class Shown:
    """Who somebody is at a provider, as it has said. `mail` and `phone` only where the provider has verified them."""

    provider: str
    subject: str
    name: str = ""
    mail: str = ""
    phone: str = ""


def person_of(session: Session, shown: Shown) -> str | None:
    """Who that is here; None where nobody is bound to it."""
    query = select(Identity.person_code).where(Identity.provider == shown.provider, Identity.subject == shown.subject)
    return session.exec(query).first()


def bind_by_address(session: Session, shown: Shown, *, match: Sequence[str], now: datetime) -> str | None:
    """Bind by an address that the provider has verified and exactly one person uses here. `match`: mail, phone.

    The installation says whether that is wanted at all. The caller commits.
    """
    wanted = [(ChannelClass.MAIL, shown.mail.lower())] if "mail" in match and shown.mail else []
    wanted += [(ChannelClass.SMS, phone) for phone in _spellings(shown.phone) if "phone" in match]
    owners = {owner for channel, address in wanted for owner in _owners(session, channel, address)}
    if len(owners) != 1:
        return None
    person = owners.pop()
    bind(session, person, provider=shown.provider, subject=shown.subject, by=shown.provider, now=now)
    return person


def bind(session: Session, person: str, *, provider: str, subject: str, by: str, now: datetime) -> None:
    """From now on this subject is that person; twice is harmless. The caller commits. Raises NotFound, TakenAlready."""
    check_text(subject, "subject")
    if session.get(Person, person) is None:
        raise NotFound(what="person", code=person)
    known = person_of(session, Shown(provider, subject))
    if known == person:
        return
    if known is not None:
        raise TakenAlready(person=known)
    session.add(Identity(provider=provider, subject=subject, person_code=person, bound_at=now, bound_by=by))
    record.note(session, Happening.BOUND, person=person, by=by, now=now, facts={"provider": provider})


def unbind(session: Session, key: int, *, person: str, by: str, now: datetime) -> None:
    """It is that person no more. The caller commits. Raises NotFound."""
    row = session.get(Identity, key)
    if row is None or row.person_code != person:
        raise NotFound(what="identity", code=key)
    session.delete(row)
    record.note(session, Happening.UNBOUND, person=person, by=by, now=now, facts={"provider": row.provider})


def identities_of(session: Session, person: str) -> Sequence[Identity]:
    """All that somebody is bound to."""
    return session.exec(select(Identity).where(Identity.person_code == person).order_by(col(Identity.id))).all()


def _owners(session: Session, channel: ChannelClass, address: str) -> Sequence[str]:
    query = select(Contact.person_code).where(Contact.channel == channel, Contact.address == address)
    return session.exec(
        query.where(col(Contact.verified_at).is_not(None), col(Contact.switched_off_at).is_(None))
    ).all()


def _spellings(phone: str) -> list[str]:
    """With and without the code of the country."""
    digits = "".join(sign for sign in phone if sign.isdecimal())
    plain = digits.removeprefix("86") if len(digits) == 13 else digits
    return [plain, f"+86{plain}"] if plain else []
