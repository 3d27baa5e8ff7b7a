"""One call to the outside: put the message in words, hand it to its channel. Runs in a thread, without a database."""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.message import Outcome
from models.unit import ChannelClass
from notifications.channels import Channels, Letter, Sent
from notifications.lanes import Try
from notifications.rendering import Rendered, render_for

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outside:
    """What calls share. `templates` is a city's folder of own templates."""

    channels: Channels
    templates: Path | None = None


def call(outside: Outside, one: Try, *, at: datetime) -> Sent:
    """Send one letter and say what became of it; never raises for what a channel or a template does."""
    try:
        words = _words(outside, one, at)
    except Exception as error:  # noqa: BLE001 - logged without its text, which may hold an address
        log.error("message %s could not be put in words: %s", one.work.message.id, type(error).__name__)
        return Sent(Outcome.PERMANENT, code="text", detail=type(error).__name__)
    letter = Letter(words.title, words.body, key=f"{one.work.message.key}-{one.reader.code}", at=at)
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
    kept, key = one.work.words, (one.reader.code, one.door.channel == ChannelClass.SMS)
    if key not in kept:
        kept[key] = render_for(
            one.work.material, reader=one.reader, at=at, channel=one.door.channel, overrides=outside.templates
        )
    return kept[key]
