"""One call to the outside: put the message in words, hand it to its channel. Runs in a thread, without a database."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.message import Outcome
from models.unit import ChannelClass
from notifications.channels import Channels, Letter, Sent
from notifications.channels.base import Link, SmsText
from notifications.channels.sms_gateway import SCHEMES
from notifications.joining import joined
from notifications.lanes import Try
from notifications.links import Signs, links_for
from notifications.neutral import neutral
from notifications.planning import Door
from notifications.rendering import Rendered, render_for

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outside:
    """What calls share. `templates` is a city's folder of own templates; without `signs` letters have no links."""

    channels: Channels
    templates: Path | None = None
    signs: Signs | None = None


def call(outside: Outside, one: Try, *, at: datetime, also: Sequence[Try] = ()) -> Sent:
    """Send one letter and say what became of it; never raises for what a channel or a template does.

    `also`: tries of other messages that go along in it.
    """
    try:
        one = joined([one, *also]) if also else one
        words, sms = _words(outside, one, at), _sms(one, at)
    except Exception as error:  # noqa: BLE001 - logged without its text, which may hold an address
        log.error("message %s could not be put in words: %s", one.work.message.id, type(error).__name__)
        return Sent(Outcome.PERMANENT, code="text", detail=type(error).__name__)
    letter = Letter(
        title=words.title,
        body=words.body,
        key=f"{one.work.message.key}-{one.reader.code}",
        at=at,
        kind=one.work.message.kind,
        links=_links(outside, one, at),
        sms=sms,
    )
    return _send(outside, one, letter)


def _send(outside: Outside, one: Try, letter: Letter) -> Sent:
    """A channel that raises has a bug; whether the text left is then not known."""
    channel = outside.channels.serving(one.door.channel, one.door.address)
    assert channel is not None
    try:
        return channel.send(one.door.address, letter=letter)
    except Exception as error:  # noqa: BLE001 - logged without its text, which may hold an address
        log.error("channel %s raised %s for message %s", one.door.channel, type(error).__name__, one.work.message.id)
        return Sent(Outcome.UNKNOWN, code="error", detail=type(error).__name__)


def _words(outside: Outside, one: Try, at: datetime) -> Rendered:
    """Chat and mail of one reader are the same words: put together once."""
    kept, key = one.work.words, (one.reader.code, is_sms(one.door))
    if key not in kept:
        channel = ChannelClass.SMS if is_sms(one.door) else one.door.channel
        kept[key] = render_for(
            one.work.material, reader=one.reader, at=at, channel=channel, overrides=outside.templates
        )
    return kept[key]


def _links(outside: Outside, one: Try, at: datetime) -> tuple[Link, ...]:
    """A letter whose links cannot be made goes without: its words count more."""
    if outside.signs is None:
        return ()
    try:
        return links_for(outside.signs, material=one.work.material, reader=one.reader, door=one.door, at=at)
    except Exception as error:  # noqa: BLE001 - logged without its text, which may hold a link
        log.error("message %s has no links: %s", one.work.message.id, type(error).__name__)
        return ()


def _sms(one: Try, at: datetime) -> SmsText | None:
    if not is_sms(one.door):
        return None
    said = neutral(one.work.material, reader=one.reader, at=at)
    return SmsText(said.what, said.values)


def is_sms(door: Door) -> bool:
    """Whether a letter to this door becomes an SMS: a provider's URL may stand among contacts of another class."""
    if "://" in door.address:
        return door.address.split("://", 1)[0].lower() in SCHEMES
    return door.channel == ChannelClass.SMS
