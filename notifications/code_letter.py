"""The letter that takes a code to an address, to see whether it is the person's. Sent at once, not through the outbox:
whoever asked for it waits, and a code is kept nowhere but in the letter.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from models.message import Outcome
from models.unit import ChannelClass
from notifications.channels import Channels, Letter, Sent
from notifications.channels.base import SmsText
from notifications.channels.sms_text import CODE
from notifications.words import Language

KIND = "contact_code"
log = logging.getLogger(__name__)
# Source for the wording of an SMS: domain 11 (neutral and fixed).
_WORDS: Mapping[Language, tuple[str, str]] = {
    "zh-CN": ("验证码", "您的验证码是{code}，{minutes}分钟内有效，请勿告诉他人。"),
    "en": ("Your code", "Your code is {code}. It is good for {minutes} minutes. Tell it to nobody."),
}


def send_code(
    channels: Channels,
    *,
    channel: ChannelClass,
    address: str,
    code: str,
    good_for: timedelta,
    lang: Language,
    key: str,
    at: datetime,
) -> Sent:
    """Send the code to this address only, and wait for the answer. A channel must serve it."""
    door = channels.serving(channel, address)
    assert door is not None
    title, body = _WORDS[lang]
    minutes = int(good_for.total_seconds() // 60)
    letter = Letter(
        title="" if channel is ChannelClass.SMS else title,
        body=body.format(code=code, minutes=minutes),
        key=key,
        at=at,
        kind=KIND,
        sms=SmsText(CODE, (code,)),  # a provider's URL may stand among contacts of any class
    )
    try:
        return door.send(address, letter=letter)
    except Exception as error:  # noqa: BLE001 - logged without its text, which may hold the address
        log.error("channel %s raised %s for a code", channel, type(error).__name__)
        return Sent(Outcome.UNKNOWN, code="error", detail=type(error).__name__)
