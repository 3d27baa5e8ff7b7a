"""How papers write dates, times and text: as an official document in Chinese does, and nothing that plays tricks."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from notifications.words import length

TRICKS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Control characters, which Word's format cannot hold, and marks that turn the direction of what follows."""
PROVISIONAL = "（暂定）"


def clean(text: str | None) -> str:
    """Text of others as it is printed: line breaks and tabs stay, characters that cannot be seen go."""
    return TRICKS.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def day(at: datetime | None, *, zone: ZoneInfo) -> str:
    """A day as 2026年11月5日; nothing for none."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日"


def moment(at: datetime | None, *, zone: ZoneInfo) -> str:
    """A time as 2026年11月5日17时, with minutes where there are any; nothing for none."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    minutes = f"{local.minute}分" if local.minute else ""
    return f"{day(at, zone=zone)}{local.hour}时{minutes}"


def late(since: datetime | None, *, until: datetime) -> str:
    """How long after a deadline a time is, in days and hours; nothing before it."""
    if since is None or until - since < timedelta(minutes=1):
        return ""
    return length(until - since, lang="zh-CN")
