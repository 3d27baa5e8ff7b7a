"""A one-time link is asked for: a letter goes to an address that the person has proved. Strangers learn nothing.

Asking counts in any case and says the same in any case; what follows is done while nobody waits for it.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from models.account import Happening
from models.message import Outcome
from models.unit import Contact, Person
from notifications.channels import Channels
from notifications.login_letter import is_private, send_login
from notifications.words import language
from services import contacts
from services.accounts import onetime, pace, record
from services.accounts.errors import AskedTooOften
from services.accounts.names import counted, person_named
from services.accounts.pace import Sessions
from services.accounts.record import Visitor
from services.contacts import Standing

MOST_ADDRESSES = 3
log = logging.getLogger(__name__)


def ask(sessions: Sessions, name: str, *, visitor: Visitor, now: datetime) -> None:
    """Count that somebody asks. Commits by itself. Raises AskedTooOften, for names that nobody has too."""
    keys = [pace.key_of("ask", counted(name)), pace.key_of("ask_address", pace.network(visitor.address))]
    wait = pace.take(sessions, keys, now=now)
    if wait:
        raise AskedTooOften(minutes=pace.minutes(wait))


def send(
    sessions: Sessions,
    channels: Channels,
    name: str,
    *,
    asked: str,
    visitor: Visitor,
    now: datetime,
    address_of: Callable[[str], str],
) -> None:
    """Send the letter, where the name is somebody's who can be reached. `asked`: the secret of the browser that asked.

    `address_of` makes the link of a token. Commits by itself. The next address is tried where one does not take it.
    """
    with sessions() as session:
        person = person_named(session, name)
        ways = _ways(session, person.code) if person else []
        session.commit()
        if person is None or not ways or pace.take(sessions, [pace.key_of("sent", person.code)], now=now):
            return
        key = onetime.make_asked(session, person.code, asked=asked, now=now)
        record.note(session, Happening.LINK_SENT, person=person.code, now=now, visitor=visitor)
        session.commit()
    _send_to_one(channels, person, ways, key, now, address_of)


def _send_to_one(
    channels: Channels,
    person: Person,
    ways: list[Contact],
    key: onetime.Asked,
    now: datetime,
    address_of: Callable[[str], str],
) -> None:
    for contact in ways:
        sent = send_login(
            channels,
            channel=contact.channel,
            address=contact.address,
            url=address_of(key.token),
            code=key.code,
            good_for=onetime.LINK_FOR,
            lang=language(person.speaks),
            key=f"login-{contact.id}-{int(now.timestamp())}",
            at=now,
        )
        if sent is not None and sent.outcome is Outcome.SENT:
            return
        log.warning(
            "a log-in letter to %s was not taken: %s", contact.channel.value, sent.code if sent else "no gateway"
        )


def _ways(session: Session, person: str) -> list[Contact]:
    """The proved addresses that the person alone reads, in their order."""
    theirs = contacts.in_order(session, person)
    used = [
        one for one in theirs if contacts.standing_of(one) is Standing.USED and is_private(one.channel, one.address)
    ]
    return used[:MOST_ADDRESSES]
