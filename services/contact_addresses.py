"""What counts as an address of a class, and who may give it. Nothing is sent and nothing is read.

A person adds phones, mail addresses and the chat robots that we know by name. Any other URL can reach into this machine
or its network (`json://127.0.0.1/…`, `syslog://`), so it comes from the administrator alone; so does `endpoint=`.
"""

import re
from urllib.parse import parse_qsl, urlsplit

from models.errors import WrongValue
from models.unit import ChannelClass
from notifications.channels.usable import expected_of
from notifications.dead_addresses import masked
from services.commands import check_text

LONGEST = 2000
CHAT_OF_A_PERSON = frozenset({"wecombot", "wecom", "wechat", "dingtalk", "feishu", "lark"})
_MAIL = re.compile(r"[^\s@<>\"',;:\\()\[\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_EXPECTED = {
    ChannelClass.MAIL: "a mail address such as name@example.org",
    ChannelClass.SMS: "a phone number such as 19900000001",
    ChannelClass.CHAT: f"a robot's URL: {', '.join(sorted(CHAT_OF_A_PERSON))}://…",
}


def checked(channel: ChannelClass, address: str, *, any_url: bool) -> str:
    """The address as it is kept. `any_url`: an administrator gives it. Raises WrongValue, without the whole address."""
    given = address.strip()
    check_text(given, "address")
    if channel not in _EXPECTED:
        raise WrongValue(field="channel", value=channel.value, expected=", ".join(_EXPECTED))
    kept = _kept(channel, given, any_url) if len(given) <= LONGEST and given.isprintable() else None
    if kept is None:
        raise WrongValue(field="address", value=masked(channel, given[:40]), expected=_EXPECTED[channel])
    check_url(kept, field="address")
    return kept


def check_url(address: str, *, field: str) -> None:
    """Raises WrongValue, without the whole address, for a URL to which nothing can ever be sent."""
    if "://" in address and (expected := expected_of(address)):
        raise WrongValue(field=field, value=masked(ChannelClass.CHAT, address), expected=expected)


def _kept(channel: ChannelClass, given: str, any_url: bool) -> str | None:
    if "://" in given:
        return given if " " not in given and (any_url or _is_known_robot(channel, given)) else None
    if channel is ChannelClass.MAIL:
        return _mail(given)
    if channel is ChannelClass.SMS:
        digits = re.sub(r"[ ().-]", "", given)
        return digits if _PHONE.fullmatch(digits) else None
    return None


def _is_known_robot(channel: ChannelClass, url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    arguments = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    return channel is ChannelClass.CHAT and parts.scheme.lower() in CHAT_OF_A_PERSON and "endpoint" not in arguments


def _mail(given: str) -> str | None:
    if not _MAIL.fullmatch(given) or ".." in given:
        return None
    name, _, host = given.rpartition("@")
    return f"{name}@{host.lower()}"
