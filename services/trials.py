"""A test message through one channel, on record before it leaves and when it came back; never with its address."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from models.errors import Refused, WrongValue
from models.outbox import Operation
from models.unit import ChannelClass
from notifications.channels import Channels
from notifications.trial_letter import Tried, send_trial, serves
from services import operators, people
from services.contact_addresses import check_url

CLASSES = (ChannelClass.CHAT, ChannelClass.SMS, ChannelClass.MAIL)


class NoSuchDoor(Refused):
    """The installation has no gateway for it, or the URL is of no kind that is known."""

    code = "no_such_door"
    template = "No channel here serves this: {provider}. Is its gateway set (DUBAN_SMTP_URL, DUBAN_SMS_URL)?"


def try_channel(
    sessions: Callable[[], Session],
    channels: Channels,
    *,
    channel: str | None,
    address: str,
    by: str,
    lang: str,
    now: datetime,
) -> Tried:
    """Send a test message to this address. Raises WrongValue, NoSuchDoor, NotFound, ActionNotAllowed.

    `channel` is a class, needed for an address that is no URL.
    """
    provider = _provider(channel, address)
    check_url(address, field="to")
    channel = channel or ChannelClass.CHAT
    _note(sessions, by, Operation.TEST, {"channel": provider}, now)
    if not serves(channels, channel=channel, address=address):
        raise NoSuchDoor(provider=provider)
    key = f"trial-{by}-{int(now.timestamp())}"
    tried = send_trial(channels, channel=channel, address=address, lang=lang, key=key, at=now)
    facts = {"channel": provider, "outcome": tried.sent.outcome.value, "code": tried.sent.code}
    _note(sessions, by, Operation.TESTED, {**facts, "seconds": round(tried.seconds, 3)}, now)
    return tried


def _provider(channel: str | None, address: str) -> str:
    if channel is not None and channel not in CLASSES:
        raise WrongValue(field="channel", value=channel, expected=", ".join(CLASSES))
    if "://" in address:
        return address.split("://", 1)[0].lower()
    if channel in (None, ChannelClass.CHAT):
        raise WrongValue(field="channel", value=channel or "", expected=", ".join(CLASSES[1:]))
    return str(channel)


def _note(
    sessions: Callable[[], Session], by: str, operation: Operation, facts: dict[str, object], now: datetime
) -> None:
    with sessions() as session:
        actor = people.actor(session, by, now=now)
        operators.check(session, actor)
        operators.note(session, actor, operation, facts, now=now)
        session.commit()
