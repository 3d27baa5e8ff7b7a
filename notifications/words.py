"""How messages write times and lengths of time in both languages. The words for values: models/terms.py."""

from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

Language = Literal["zh-CN", "en"]
DEFAULT: Language = "zh-CN"


def language(code: str) -> Language:
    """The language of templates for a person's language: English, else Chinese."""
    return "en" if code.startswith("en") else DEFAULT


def moment(value: datetime | str | None, *, zone: ZoneInfo, lang: Language) -> str:
    """A time as the city's clock shows it; nothing for nothing. Events hold times as ISO text."""
    if not value:
        return ""
    at = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(zone)
    return f"{at.month}月{at.day}日{at:%H:%M}" if lang == DEFAULT else f"{at.day} {at:%b %H:%M}"


def length(time: timedelta, *, lang: Language) -> str:
    """A stretch of time in its two largest parts, down to minutes."""
    minutes = max(0, int(time.total_seconds() // 60))
    parts = ((minutes // 1440, "天", "d"), (minutes // 60 % 24, "小时", "h"), (minutes % 60, "分钟", "min"))
    shown = [part for part in parts if part[0]][:2]
    if not shown:
        return "不足1分钟" if lang == DEFAULT else "less than a minute"
    if lang == DEFAULT:
        return "".join(f"{count}{word}" for count, word, _ in shown)
    return " ".join(f"{count} {word}" for count, _, word in shown)


def shorten(text: Any, most: int = 20) -> str:
    """At most so many characters on one line."""
    line = " ".join(str(text or "").split())
    return line if len(line) <= most else line[: most - 1] + "…"
