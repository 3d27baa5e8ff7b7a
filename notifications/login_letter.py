"""The letter that lets somebody log in without a password: a link and a short code by mail, the code alone by SMS.

Sent at once, not through the outbox: the secrets are kept nowhere but in the letter. Only to addresses that one person
reads: a robot speaks to a whole group.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from models.message import Outcome
from models.unit import ChannelClass
from notifications.channels import Channels, Letter, Sent
from notifications.channels.base import Link, SmsText
from notifications.channels.sms_text import CODE
from notifications.words import Language

KIND = "login_link"
PRIVATE = (ChannelClass.MAIL, ChannelClass.SMS)
log = logging.getLogger(__name__)
# Source for the wording of an SMS: domain 11 (neutral and fixed, no link).
_SMS: Mapping[Language, str] = {
    "zh-CN": "您的验证码是{code}，{minutes}分钟内有效，请勿告诉他人。",
    "en": "Your code is {code}. It is good for {minutes} minutes. Tell it to nobody.",
}
_MAIL: Mapping[Language, tuple[str, str, str]] = {
    "zh-CN": (
        "登录链接",
        "有人（应该是您本人）申请登录督办系统。请点下面的链接登录；也可以在申请时的页面上输入验证码{code}。"
        "{minutes}分钟内有效，只能用一次，请勿转发。不是您本人申请的，不必理会。",
        "登录",
    ),
    "en": (
        "Log-in link",
        "Somebody, probably you, asked to log in to Duban. Open the link below, or type the code {code} on the page "
        "where it was asked for. Good for {minutes} minutes, once; do not pass it on. If it was not you, do nothing.",
        "Log in",
    ),
}


def is_private(channel: ChannelClass, address: str) -> bool:
    """Whether an address is read by one person alone."""
    return channel in PRIVATE and "://" not in address


def send_login(
    channels: Channels,
    *,
    channel: ChannelClass,
    address: str,
    url: str,
    code: str,
    good_for: timedelta,
    lang: Language,
    key: str,
    at: datetime,
) -> Sent | None:
    """Send it to this address and wait for the answer; None where no channel serves it. The address is private."""
    door = channels.serving(channel, address)
    if door is None:
        return None
    letter = _letter(channel, url, code, good_for, lang, key, at)
    try:
        return door.send(address, letter=letter)
    except Exception as error:  # noqa: BLE001 - logged without its text, which may hold the address
        log.error("channel %s raised %s for a log-in letter", channel, type(error).__name__)
        return Sent(Outcome.UNKNOWN, code="error", detail=type(error).__name__)


def _letter(
    channel: ChannelClass, url: str, code: str, good_for: timedelta, lang: Language, key: str, at: datetime
) -> Letter:
    minutes = int(good_for.total_seconds() // 60)
    if channel is ChannelClass.SMS:
        body = _SMS[lang].format(code=code, minutes=minutes)
        return Letter(title="", body=body, key=key, at=at, kind=KIND, sms=SmsText(CODE, (code,)))
    title, body, label = _MAIL[lang]
    body = body.format(code=code, minutes=minutes)
    return Letter(title=title, body=body, key=key, at=at, kind=KIND, links=(Link(label, url),))
