"""What the duty officer and the administrator hear of a webhook that fails: once, that it rests, that it is over."""

from datetime import datetime

from sqlmodel import Session

from models.hook import Hook
from notifications.words import language
from services import rulebook
from services.alarms import all_clear, raise_alarm

# zh-CN, en
FAILS = ("事件推送“{name}”自{since}起一直失败", "webhook “{name}” has taken nothing since {since}")
RESTS = (
    "事件推送“{name}”一天没有成功，已暂停；事件已留存，恢复后补发",
    "webhook “{name}” has taken nothing for a day and is paused; events are kept and told when it is resumed",
)
GONE = (
    "事件推送“{name}”的接收方答复已停用（410），已暂停",
    "the receiver of webhook “{name}” says that it is gone (410); it is paused",
)
NO_RIGHT = (
    "事件推送“{name}”的负责人已无权管理推送，已暂停，请由其他管理员接手",
    "the owner of webhook “{name}” may no longer manage webhooks; it is paused, another administrator may take it over",
)
WORKS = ("事件推送“{name}”已恢复", "webhook “{name}” works again")


def tell_failing(session: Session, hook: Hook, *, since: str, now: datetime) -> int:
    """It has failed for a while. `since` as the city's clocks show it. The caller commits."""
    return _tell(session, hook, FAILS, now, since=since)


def tell_resting(session: Session, hook: Hook, *, now: datetime) -> int:
    """It is paused: it failed for a day."""
    return _tell(session, hook, RESTS, now, step="resting")


def tell_gone(session: Session, hook: Hook, *, now: datetime) -> int:
    """It is paused: the receiver says that it is gone."""
    return _tell(session, hook, GONE, now, step="resting")


def tell_lost_right(session: Session, hook: Hook, *, now: datetime) -> int:
    """It is paused: its owner has no right any more."""
    return _tell(session, hook, NO_RIGHT, now, step="resting")


def tell_works(session: Session, hook: Hook, *, now: datetime) -> int:
    """It is over, where something was told."""
    line = WORKS[_column(session)].format(name=hook.name)
    return all_clear(session, causes=[_cause(hook, "failing"), _cause(hook, "resting")], line=line, now=now)


def _tell(
    session: Session, hook: Hook, words: tuple[str, str], now: datetime, *, step: str = "failing", since: str = ""
) -> int:
    line = words[_column(session)].format(name=hook.name, since=since)
    return raise_alarm(session, causes=[_cause(hook, step)], problems=[line], now=now)


def _cause(hook: Hook, step: str) -> str:
    return f"hook_{hook.id}_{step}"


def _column(session: Session) -> int:
    return 0 if language(rulebook.the_city(session).default_lang) == "zh-CN" else 1
