"""A test message to one address: does this channel work? Sent at once, not through the outbox: whoever asked waits."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from models.message import Outcome
from models.unit import ChannelClass
from notifications.channels import Channels, Letter, Sent
from notifications.channels.base import SmsText
from notifications.neutral import NEWS
from notifications.words import Language, language

KIND = "trial"
log = logging.getLogger(__name__)
_WORDS: Mapping[Language, tuple[str, str]] = {
    "zh-CN": ("督办测试消息", "这是一条测试消息，用于检查本渠道能否送达，无需处理，也无需回复。"),
    "en": ("Duban test message", "This is a test: does this channel reach you? Nothing needs to be done or answered."),
}


@dataclass(frozen=True)
class Tried:
    """What became of it, and how long the other side took, in seconds."""

    sent: Sent
    seconds: float


def serves(channels: Channels, *, channel: str, address: str) -> bool:
    """Whether this installation has a channel for the address."""
    return channels.serving(channel, address) is not None


def send_trial(
    channels: Channels,
    *,
    channel: str,
    address: str,
    lang: str,
    key: str,
    at: datetime,
    elapsed: Callable[[], float] = time.monotonic,
) -> Tried:
    """Send a test message and wait for the answer. A channel must serve the address."""
    door = channels.serving(channel, address)
    assert door is not None
    title, body = _WORDS[language(lang)]
    sms = SmsText(NEWS, ("1",)) if channel == ChannelClass.SMS else None
    letter = Letter(title="" if sms else title, body=body, key=key, at=at, kind=KIND, sms=sms)
    begun = elapsed()
    try:
        sent = door.send(address, letter=letter)
    except Exception as error:  # noqa: BLE001 - logged without its text, which may hold the address
        log.error("channel %s raised %s for a test message", channel, type(error).__name__)
        sent = Sent(Outcome.UNKNOWN, code="error", detail=type(error).__name__)
    return Tried(sent, elapsed() - begun)
