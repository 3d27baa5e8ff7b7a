"""Who reads a message: the holders of its post on this day and their deputies; and how they can be reached."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from sqlalchemy import TextClause, text
from sqlmodel import Session

from models.message import Message
from notifications.rows import array
from notifications.variables import Reader
from notifications.words import language

# Plain rows: of hundreds of people at a time, and objects would cost more than all else about them.
_HOLDERS = text(
    "SELECT post_code, person_code FROM tenure WHERE post_code = ANY(:posts) AND valid_from <= :today"
    " AND (valid_to IS NULL OR valid_to >= :today) ORDER BY id"
)
_DEPUTIES = text(
    "SELECT person_code, deputy_code FROM deputy WHERE person_code = ANY(CAST(:people AS text[]))"
    " AND valid_from <= :today AND valid_to >= :today ORDER BY id"
)
_PERSONS = text("SELECT code, name, coalesce(chosen_lang, lang) FROM person WHERE code = ANY(CAST(:codes AS text[]))")
_ADDRESSES = text(
    "SELECT c.person_code, c.channel, c.address,"
    " CASE WHEN c.quiet_from IS NULL OR c.quiet_to IS NULL THEN p.quiet_from ELSE c.quiet_from END,"
    " CASE WHEN c.quiet_from IS NULL OR c.quiet_to IS NULL THEN p.quiet_to ELSE c.quiet_to END"
    " FROM contact c JOIN person p ON p.code = c.person_code"
    " WHERE c.person_code = ANY(CAST(:people AS text[])) AND c.verified_at IS NOT NULL AND c.switched_off_at IS NULL"
    " ORDER BY c.person_code, c.chosen_position NULLS LAST, c.position, c.id"
)
_LOST = text(
    "SELECT person_code FROM contact WHERE person_code = ANY(CAST(:people AS text[])) AND switched_off_why = 'dead'"
)


@dataclass(frozen=True)
class Address:
    """One usable contact: verified, and not switched off. Its quiet hours, or else the person's."""

    channel: str
    address: str
    quiet_from: time | None = None
    quiet_to: time | None = None


def readers_of(session: Session, messages: Sequence[Message], *, today: date) -> dict[int, tuple[Reader, ...]]:
    """The readers of each message by its id; nobody where the post is vacant or is not there.

    A message to a post goes to whoever holds it now, also on a second try: people change, posts stay (promise 6).
    """
    posts = {m.post_code for m in messages if m.post_code}
    holders = _holders(session, posts, today)
    alone = {m.person_code for m in messages if m.person_code and not m.post_code}
    people = {code for codes in holders.values() for code in codes} | alone
    deputies = _deputies(session, people, today)
    known = _persons(session, people | {code for codes in deputies.values() for code in codes})
    found = {}
    for message in messages:
        codes = holders.get(message.post_code, ()) if message.post_code else (message.person_code or "",)
        found[message.id or 0] = tuple(_with_deputies(codes, message.post_code, deputies, known))
    return found


def _holders(session: Session, posts: Collection[str], today: date) -> Mapping[str, list[str]]:
    return _lists(session, _HOLDERS, {"posts": list(posts), "today": today}) if posts else {}


def _deputies(session: Session, people: Collection[str], today: date) -> Mapping[str, list[str]]:
    return _lists(session, _DEPUTIES, {"people": array(people), "today": today}) if people else {}


def _lists(session: Session, pairs: TextClause, values: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, value in session.connection().execute(pairs, values):
        if value not in found[key]:
            found[key].append(value)
    return found


def _persons(session: Session, codes: Collection[str]) -> Mapping[str, Reader]:
    if not codes:
        return {}
    rows = session.connection().execute(_PERSONS, {"codes": array(codes)})
    return {code: Reader(code, name, language(lang)) for code, name, lang in rows}


def _with_deputies(
    codes: Iterable[str], post: str | None, deputies: Mapping[str, Sequence[str]], known: Mapping[str, Reader]
) -> Iterable[Reader]:
    """Each person once: a holder who also fills in for another holder is told as a holder."""
    told: dict[str, Reader] = {code: known[code] for code in codes if code in known}
    if post:
        told = {code: replace(reader, post_code=post) for code, reader in told.items()}
    for code in list(told):
        for deputy in deputies.get(code, ()):
            told.setdefault(deputy, replace(known[deputy], post_code=post, deputy_for=known[code].name))
    return told.values()


def addresses_of(session: Session, people: Collection[str]) -> dict[str, tuple[Address, ...]]:
    """The usable contacts of each person, in the person's order."""
    if not people:
        return {}
    found: dict[str, list[Address]] = defaultdict(list)
    for person, *address in session.connection().execute(_ADDRESSES, {"people": array(people)}):
        found[person].append(Address(*address))
    return {code: tuple(addresses) for code, addresses in found.items()}


def without_a_lost_address(session: Session, people: Collection[str]) -> frozenset[str]:
    """Those of these people for whom the inbox is enough where no gateway is configured.

    Not for somebody whose address proved dead: there was another way, and it is lost (promise 4).
    """
    lost = {code for (code,) in session.connection().execute(_LOST, {"people": array(people)})}
    return frozenset(people) - lost


def posts_of(session: Session, person: str, *, today: date) -> list[str]:
    """The posts whose messages somebody reads: their own, and those of whom they fill in for."""
    query = text(
        "SELECT DISTINCT post_code FROM tenure WHERE valid_from <= :today AND (valid_to IS NULL OR valid_to >= :today)"
        " AND (person_code = :person OR person_code IN (SELECT person_code FROM deputy"
        "  WHERE deputy_code = :person AND valid_from <= :today AND valid_to >= :today))"
    )
    return [code for (code,) in session.connection().execute(query, {"person": person, "today": today})]
