"""Watching the watcher: steps that nobody took, messages that nobody sent, rows that nobody could handle."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, select

from models.message import Message
from notifications.words import language
from services import rulebook
from services.alarms import raise_alarm
from services.horizon import Horizon, horizon

STEP_LATE = timedelta(minutes=3)
MESSAGE_LATE = timedelta(minutes=5)
SENDING_STALE = timedelta(minutes=10)
# Claims go by the database's clock, which the city's moved clock does not touch.
STALE = "state = 'sending' AND claimed_at <= clock_timestamp() - CAST(:stale AS interval)"
ALARM_EVERY = timedelta(hours=1)
SHOWN = 5


@dataclass(frozen=True)
class Trouble:
    """So many of one kind, since when, and the first few by number."""

    count: int = 0
    oldest: datetime | None = None
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Watch:
    """What stands still. The calendar's horizon is no trouble until its days have run out: it has its own notice."""

    at: datetime
    late_steps: Trouble
    set_aside: Trouble
    waiting_messages: Trouble
    stale_sending: Trouble
    not_passed_up: Trouble
    horizon: Horizon

    @property
    def is_well(self) -> bool:
        return not list(self.troubles())

    def troubles(self) -> Iterator[tuple[str, Trouble]]:
        """The kinds of trouble that there are, by name."""
        for name in WORDS:
            trouble = Trouble(1) if name == "no_calendar" and not self.horizon.days_left else getattr(self, name, None)
            if trouble and trouble.count:
                yield name, trouble


# (zh-CN, en)
WORDS = {
    "late_steps": ("{count}件问题的下一步已迟：{samples}", "{count} issue(s) wait for a step that is late: {samples}"),
    "set_aside": ("{count}件问题无法处理，已搁置：{samples}", "{count} issue(s) could not be handled: {samples}"),
    "waiting_messages": ("{count}条消息超时未发", "{count} message(s) wait too long"),
    "stale_sending": ("{count}条消息发送中断", "{count} message(s) were left while being sent"),
    "not_passed_up": ("{count}条消息未送达且未上报", "{count} message(s) failed and were not passed up"),
    "no_calendar": ("工作日历已到期，请导入通知", "the working calendar has run out: import the notice"),
}


def look(session: Session, *, now: datetime) -> Watch:
    """Look at everything that should move by itself."""
    late = {"at": now - STEP_LATE}
    waiting = {"at": now - MESSAGE_LATE}
    return Watch(
        at=now,
        late_steps=_issues(session, "next_step_at <= :at", "next_step_at", late),
        set_aside=_issues(session, "set_aside > 0", "step_at", {}),
        waiting_messages=_messages(session, "state IN ('pending', 'refused') AND not_before <= :at", waiting),
        stale_sending=_messages(session, STALE, {"stale": SENDING_STALE}),
        not_passed_up=_messages(
            session, "state = 'failed' AND passed_up_at IS NULL AND coalesce(finished_at, not_before) <= :at", waiting
        ),
        horizon=horizon(session, now=now),
    )


def _issues(session: Session, where: str, since: str, given: dict[str, Any]) -> Trouble:
    # A row that is set aside is pushed ahead, so it is not late as well.
    first = f"(array_agg(number ORDER BY {since}, id))[1:{SHOWN}]"
    query = f"SELECT count(*), min({since}), {first} FROM issue WHERE {where}"
    count, oldest, numbers = session.connection().execute(text(query), given).one()
    return Trouble(count, oldest, tuple(numbers or ()))


def _messages(session: Session, where: str, given: dict[str, Any]) -> Trouble:
    query = f"SELECT count(*), min(not_before), (array_agg(kind ORDER BY id))[1:{SHOWN}] FROM message WHERE {where}"
    count, oldest, kinds = session.connection().execute(text(query), given).one()
    return Trouble(count, oldest, tuple(kinds or ()))


def alarm(session: Session, watch: Watch, *, now: datetime) -> int:
    """Tell the duty officer and the administrator, at most once an hour; how many messages were written."""
    if watch.is_well:
        return 0
    session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext('watchdog'))"))
    recent = select(Message.id).where(Message.kind == "watchdog", Message.created_at > now - ALARM_EVERY)
    if session.exec(recent).first() is not None:
        return 0
    lang = rulebook.the_city(session).default_lang
    return raise_alarm(session, name="watchdog", problems=problems(watch, lang=lang), now=now)


def problems(watch: Watch, *, lang: str) -> list[str]:
    """Each trouble as a line in the city's language."""
    word = 0 if language(lang) == "zh-CN" else 1
    return [
        WORDS[name][word].format(count=trouble.count, samples=", ".join(trouble.samples))
        for name, trouble in watch.troubles()
    ]
