"""Alarms of the outbox: a channel that fails, a queue that grows, outcomes that nobody knows. Told once, and their end.

What one message or one address has is shown in the outbox and passed up (reach.py); here is what concerns all of them.
The watchdog looks every ten minutes. What providers hold against our own settings: watch.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from models.terms import CHANNELS, PROVIDERS, term
from notifications.words import language
from services import cursors, outbox_counts, rulebook
from services.alarms import all_clear, raise_alarm, standing

WITHIN = timedelta(hours=1)
LAST, FEWEST = 20, 5
"""A provider fails when at least FEWEST, and half, of its last LAST tries within the hour came to nothing."""
READ = 5000
"""Tries of a class that are looked at: the newest."""
MANY_UNKNOWN = 10
"""Messages of unknown outcome within the hour."""
MANY_WAITING, LOOKS = 100, 3
"""A queue grows when so many are due, and more at each of so many looks in a row; it is over below so many."""
PREFIX = "outbox_"
GROWING, UNKNOWN = f"{PREFIX}growing", f"{PREFIX}unknown"
DUE, GREW = "outbox_due", "outbox_grew"
# zh-CN, en
WORDS: Mapping[str, tuple[str, str]] = {
    GROWING: ("待发消息持续增多：到期未发{n}条", "the queue grows: {n} messages are due and not sent"),
    UNKNOWN: ("一小时内{n}条消息是否送达不明", "within an hour {n} messages may or may not have arrived"),
}
FAILS = (
    "渠道{channel}发送失败：最近{of}次中{n}次未成功（{codes}）",
    "channel {channel} fails: {n} of the last {of} tries came to nothing ({codes})",
)
OVER: Mapping[str, tuple[str, str]] = {
    GROWING: ("待发消息已恢复正常", "the queue is short again"),
    UNKNOWN: ("发送结果已恢复正常", "outcomes are known again"),
}
WORKS = ("渠道{channel}已恢复", "channel {channel} works again")
# A dead address is its owner's trouble, a provider that names a time is only busy: neither says that a channel fails.
_LAST_TRIES = text(
    "SELECT provider, count(*), count(*) FILTER (WHERE bad),"
    " coalesce((array_agg(DISTINCT code) FILTER (WHERE bad))[1:5], '{}') FROM ("
    "  SELECT provider_of(a.channel, a.address) AS provider, a.code,"
    "   a.outcome IN ('permanent', 'unknown') OR (a.outcome = 'refused' AND a.code IN ('gateway', 'connect')) AS bad,"
    "   row_number() OVER (PARTITION BY provider_of(a.channel, a.address) ORDER BY a.started_at DESC, a.id DESC) AS nth"
    "   FROM unnest(ARRAY['chat', 'sms', 'mail']) AS c (class) CROSS JOIN LATERAL ("
    "    SELECT * FROM attempt WHERE attempt.channel = c.class AND started_at > :since"
    "     AND started_at <= :now AND outcome <> 'sending' ORDER BY started_at DESC LIMIT :read) AS a"
    "   WHERE a.fault IS DISTINCT FROM 'address') AS tries WHERE nth <= :last GROUP BY provider ORDER BY provider"
)
_UNKNOWN = text(
    "SELECT count(*) FROM (SELECT state, finished_at FROM message WHERE state IN ('failed', 'unknown')"
    " ORDER BY id DESC LIMIT :read) AS newest WHERE state = 'unknown' AND finished_at > :since"
)
_DUE = text("SELECT count(*) FROM message WHERE state IN ('pending', 'refused') AND not_before <= :now")


@dataclass(frozen=True)
class Alarm:
    """One cause of alarm, with its line in the city's language."""

    cause: str
    line: str


def look_after(session: Session, *, now: datetime) -> int:
    """Tell what is wrong with the outbox, or that it is over; how many messages were written. The caller commits."""
    if outbox_counts.tally(session).rows > outbox_counts.TOGETHER:
        outbox_counts.settle(session)
    column = 0 if language(rulebook.the_city(session).default_lang) == "zh-CN" else 1
    told_before = standing(session, prefix=PREFIX)
    found = list(_alarms(session, told_before, column, now))
    causes = [one.cause for one in found]
    told = raise_alarm(session, causes=causes, problems=[one.line for one in found], now=now) if found else 0
    for cause in sorted(told_before - set(causes)):
        told += all_clear(session, causes=[cause], line=_over(cause)[column], now=now)
    return told


def _alarms(session: Session, told: frozenset[str], column: int, now: datetime) -> Iterator[Alarm]:
    values = {"now": now, "since": now - WITHIN, "last": LAST, "read": READ}
    for provider, of, bad, codes in session.connection().execute(_LAST_TRIES, values):
        if bad >= FEWEST and bad * 2 >= of:
            yield Alarm(PREFIX + provider, _fails(column, provider, of, bad, codes))
    unknown = session.connection().execute(_UNKNOWN, {"since": now - WITHIN, "read": READ}).scalar_one()
    if unknown >= MANY_UNKNOWN:
        yield Alarm(UNKNOWN, WORDS[UNKNOWN][column].format(n=unknown))
    if due := _growing(session, told, now):
        yield Alarm(GROWING, WORDS[GROWING][column].format(n=due))


def _fails(column: int, provider: str, of: int, bad: int, codes: Sequence[str]) -> str:
    return FAILS[column].format(channel=_named(provider, column), of=of, n=bad, codes=", ".join(codes))


def _growing(session: Session, told: frozenset[str], now: datetime) -> int:
    """How many are due, when it is too many; remembers from one look to the next."""
    due = int(session.connection().execute(_DUE, {"now": now}).scalar_one())
    before, grew = cursors.position(session, DUE), cursors.position(session, GREW) or 0
    grew = grew + 1 if before is not None and due > before else 0
    cursors.put(session, DUE, position=due)
    cursors.put(session, GREW, position=grew)
    return due if due >= MANY_WAITING and (grew >= LOOKS or GROWING in told) else 0


def _over(cause: str) -> tuple[str, str]:
    if cause in OVER:
        return OVER[cause]
    channel = cause.removeprefix(PREFIX)
    return WORKS[0].format(channel=_named(channel, 0)), WORKS[1].format(channel=_named(channel, 1))


def _named(provider: str, column: int) -> str:
    """A channel in words, Chinese or English; the scheme of an address that has none."""
    return term(PROVIDERS | CHANNELS, provider, ("zh-CN", "en")[column])
