"""The words that messages use for posts, states, levels and times, in both languages. Source: domain 10."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from models.lifecycle import State
from models.unit import PostKind

Language = Literal["zh-CN", "en"]
DEFAULT: Language = "zh-CN"

# (zh-CN, en)
POSTS: Mapping[str, tuple[str, str]] = {
    PostKind.HANDLER: ("承办人", "handler"),
    PostKind.DIRECT_LEADER: ("直接领导", "direct leader"),
    PostKind.DEPUTY_LEADER: ("分管领导", "deputy leader in charge"),
    PostKind.PRINCIPAL_LEADER: ("主要领导", "principal leader"),
    PostKind.BUILDING_CHIEF: ("楼栋长", "building chief"),
    PostKind.GRID_CHIEF: ("网格长", "grid chief"),
    PostKind.AREA_CHIEF: ("片区长", "area chief"),
    PostKind.STREET_CHIEF: ("街长", "street chief"),
    PostKind.OFFICE: ("创建办", "creation office"),
    PostKind.INSPECTOR: ("督查员", "inspector"),
    PostKind.VERIFIER: ("复核员", "verifier"),
    PostKind.HEADQUARTERS: ("指挥部", "command headquarters"),
    PostKind.PERFORMANCE_OFFICE: ("目标绩效办", "target-performance office"),
    PostKind.DUTY_OFFICER: ("值班员", "duty officer"),
    PostKind.ADMINISTRATOR: ("系统管理员", "administrator"),
    PostKind.SPONSOR_LEADER: ("包点领导", "sponsor leader"),
}
STATES: Mapping[str, tuple[str, str]] = {
    State.FOUND: ("待交办", "found"),
    State.ASSIGNED: ("待签收", "assigned"),
    State.RECTIFYING: ("整改中", "rectifying"),
    State.RECTIFIED: ("待复核", "rectified"),
    State.VERIFIED: ("待销号", "verified"),
    State.CLOSED: ("已销号", "closed"),
    State.SHELVED: ("挂账", "shelved"),
    State.VOID: ("作废", "void"),
}
LEVELS: Mapping[int, tuple[str, str]] = {
    1: ("市级", "city"),
    2: ("区县级", "district"),
    3: ("街镇级", "street"),
    4: ("社区级", "community"),
    5: ("网格级", "group"),
}
REQUESTS: Mapping[str, tuple[str, str]] = {
    "extension": ("延期", "more time"),
    "return": ("退回", "a return"),
    "shelving": ("挂账", "shelving"),
}
FAILURES: Mapping[str, tuple[str, str]] = {
    "vacant": ("岗位空缺", "the post is vacant"),
    "no_contact": ("没有可用的联系方式", "no usable contact"),
    "all_failed": ("各渠道均未送达", "every channel failed"),
}


def say(table: Mapping[Any, tuple[str, str]], key: Any, *, lang: Language) -> str:
    """The word for a key; the key itself where the table has none."""
    pair = table.get(key)
    return pair[0 if lang == DEFAULT else 1] if pair else str(key or "")


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
