"""Watching the watcher: steps that nobody took, messages that nobody sent, rows that nobody could handle."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import TextClause, text
from sqlmodel import Session

from notifications import dead_addresses
from notifications.words import language
from services import rounds, rulebook
from services.alarms import all_clear, raise_alarm
from services.horizon import Horizon, horizon

STEP_LATE = timedelta(minutes=3)
MESSAGE_LATE = timedelta(minutes=5)
SENDING_STALE = timedelta(minutes=10)
# Claims go by the database's clock, which the city's moved clock does not touch.
STALE = "state = 'sending' AND claimed_at <= clock_timestamp() - CAST(:stale AS interval)"
LOOKED_BACK = timedelta(hours=1)
SHOWN = 5
_OUR_FAULT = text(
    f"SELECT count(*), min(started_at), (array_agg(DISTINCT channel || ' ' || code))[1:{SHOWN}]"
    " FROM attempt WHERE fault = 'ours' AND started_at > :since"
)
_DEAD = text(
    "SELECT count(*), min(oldest), array_agg(channel) FROM (SELECT channel, min(switched_off_at) AS oldest FROM contact"
    " WHERE switched_off_why = 'dead' AND switched_off_at > :since"
    " GROUP BY channel HAVING count(DISTINCT address) >= :most) AS c"
)


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
    no_rounds: Trouble = Trouble()
    our_fault: Trouble = Trouble()
    dead_addresses: Trouble = Trouble()

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
    "our_fault": (
        "服务商拒收{count}次，原因在本系统配置：{samples}",
        "providers refused {count} time(s) because of our own settings: {samples}",
    ),
    "dead_addresses": (
        "{samples}：一小时内大量地址失效，已不再自动停用，请检查渠道配置",
        "{samples}: many addresses are suddenly dead; no more are switched off: check the channel's settings",
    ),
    "no_calendar": ("工作日历已到期，请导入通知", "the working calendar has run out: import the notice"),
    rounds.CAUSE: rounds.STANDS_STILL,
}
WELL = ("一切恢复正常", "all is well again")


def look(session: Session, *, now: datetime, true_now: datetime | None = None) -> Watch:
    """Look at everything that should move by itself; with the true time, also whether rounds are being run at all."""
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
        no_rounds=_rounds(session, true_now),
        our_fault=_trouble(session, _OUR_FAULT, {"since": now - LOOKED_BACK}),
        dead_addresses=_trouble(session, _DEAD, {"since": now - dead_addresses.WITHIN, "most": dead_addresses.MOST}),
    )


def _rounds(session: Session, true_now: datetime | None) -> Trouble:
    """A scheduler may run the watchdog and no rounds: paused by somebody, or held up by a slot that leaked."""
    last = rounds.last(session)
    still = last and true_now and rounds.stand_still(session, at=true_now, since=last)
    return Trouble(1, last) if still else Trouble()


def _trouble(session: Session, query: TextClause, given: dict[str, Any]) -> Trouble:
    count, oldest, samples = session.connection().execute(query, given).one()
    return Trouble(count, oldest, tuple(samples or ()))


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
    """Tell the duty officer and the administrator of what is wrong, or once that all is well again.

    A trouble that lasts is told again after an hour, a new one at once. Returns how many messages were written.
    """
    lang = rulebook.the_city(session).default_lang
    if watch.is_well:
        return all_clear(session, causes=list(WORDS), line=WELL[_column(lang)], now=now)
    causes = [name for name, _trouble in watch.troubles()]
    return raise_alarm(session, causes=causes, problems=problems(watch, lang=lang), now=now)


def problems(watch: Watch, *, lang: str) -> list[str]:
    """Each trouble as a line in the city's language."""
    return [
        WORDS[name][_column(lang)].format(count=trouble.count, samples=", ".join(trouble.samples))
        for name, trouble in watch.troubles()
    ]


def _column(lang: str) -> int:
    return 0 if language(lang) == "zh-CN" else 1
