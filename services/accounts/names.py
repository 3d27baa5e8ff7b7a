"""Whom somebody means who types a name to log in: a person's code, or an address in use that is theirs alone."""

import re
from unicodedata import normalize

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.unit import ChannelClass, Contact, Person

LONGEST = 200


def plain(typed: str) -> str:
    """What was typed, as it is compared and counted."""
    return " ".join(normalize("NFKC", typed.replace("\x00", "")).split())[:LONGEST]


def code_typed(typed: str) -> str:
    """A code of digits without blanks; a Chinese keyboard may have made wide ones of them."""
    return "".join(normalize("NFKC", typed).split())


def counted(typed: str) -> str:
    """What tries with a name are counted as: one phone or code, however it is written."""
    name = re.sub(r"[ ().-]", "", plain(typed)).casefold()
    return name.removeprefix("+86") if name.startswith("+86") and name[1:].isdecimal() else name


def person_named(session: Session, typed: str) -> Person | None:
    """Who that is; nobody where an address belongs to several."""
    name = plain(typed)
    known = session.exec(select(Person).where(col(Person.code).in_([name, name.upper()]))).first()
    owners = set(session.exec(_owners(name)).all())  # asked in any case: a name that is known takes no less time
    if known is not None:
        return known
    return session.get(Person, owners.pop()) if len(owners) == 1 else None


def _owners(name: str) -> SelectOfScalar[str]:
    """Persons with this mail address or phone in use."""
    digits = re.sub(r"[ ().-]", "", name)
    local, _, host = name.rpartition("@")
    wanted = [f"{local}@{host.lower()}", name] if local else [digits, digits.removeprefix("+86"), f"+86{digits}"]
    return (
        select(Contact.person_code)
        .where(col(Contact.channel).in_([ChannelClass.MAIL, ChannelClass.SMS]), col(Contact.address).in_(wanted))
        .where(col(Contact.verified_at).is_not(None), col(Contact.switched_off_at).is_(None))
    )
