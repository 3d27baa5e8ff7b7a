"""The operators' view of the outbox with 10,000 and 1,000,000 messages, and `/metrics` beside 1,000,000 issues."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial

import psutil
from sqlalchemy import Engine, text
from sqlmodel import Session

from bench.bed import a_database, seconds
from bench.crowd import multiply
from models.message import MessageState
from services import metrics, outbox_alarms, outbox_counts, outgoing, people, resending, standings
from tests.cast import DUTY, an_issue, at

NOW = at("2026-11-20 10:00")
SIZES = (10_000, 1_000_000)
TURNS = 15
FAILED = MessageState.FAILED
# Three years of messages; what went through `rarebot` is one in 20,000, and what waits or went wrong one in fifty.
_MESSAGES = text(
    "INSERT INTO message (key, kind, post_code, area_path, why, channels, urgency, facts, state, not_before,"
    " created_at, finished_at, tries) SELECT 'bench-' || n, 'assigned', 'D-CGJ:handler', '5103', 'unit.handler',"
    " ARRAY['app', (ARRAY['chat', 'mail', 'sms'])[1 + n % 3]], 5, '{\"a\": 1}',"
    " CASE n % 100 WHEN 7 THEN 'failed' WHEN 8 THEN 'unknown' WHEN 9 THEN 'pending' ELSE 'sent' END,"
    " t.at, t.at, t.at + interval '3 seconds', 1 FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) n,"
    " LATERAL (SELECT CAST(:now AS timestamptz) - (:last - n) * 94.6 * interval '1 second' AS at) t"
)
_ATTEMPTS = text(
    "INSERT INTO attempt (message_id, person_code, channel, address, outcome, code, detail, started_at, finished_at)"
    " SELECT id, 'R00006', channels[2], CASE WHEN id % 20000 = 7 THEN 'rarebot://x' WHEN channels[2] = 'chat'"
    " THEN 'wecombot://' || id % 50 ELSE 'someone' || id % 3000 END,"
    " CASE state WHEN 'failed' THEN 'permanent' WHEN 'unknown' THEN 'unknown' WHEN 'pending' THEN 'refused'"
    " ELSE 'sent' END, '250', '', created_at, created_at + interval '1 second' FROM message WHERE key LIKE 'bench-%'"
    " AND id > :after"
)
Question = Callable[[Session], object]


def questions() -> Mapping[str, Question]:
    """What the page, the shell, Prometheus and the watchdog ask."""
    ask = outgoing.listing
    return {
        "numbers by channel": outbox_counts.tally,
        "list, newest": lambda session: ask(session),
        "list, lost": lambda session: ask(session, states=outgoing.TROUBLE),
        "list, lost, deep": lambda session: ask(session, states=outgoing.TROUBLE, before=5_000),
        "list, lost by mail": lambda session: ask(session, states=[FAILED], channel="mail"),
        "list, lost by a rare robot": lambda session: ask(session, states=[FAILED], channel="rarebot"),
        "all of a channel again (rolled back)": _again,
        "metrics": lambda session: metrics.measure(session, now=NOW, at=NOW),
        "alarms": lambda session: outbox_alarms.look_after(session, now=NOW),
    }


def _again(session: Session) -> None:
    by = people.actor(session, DUTY, now=NOW)
    resending.resend_all(session, by=by, now=NOW, channel="mail", since=timedelta(days=7))


def main(sizes: Sequence[int] = SIZES) -> Iterator[tuple[str, str]]:
    """Lines of the table: what, and the figure."""
    with a_database() as fresh:
        engine = fresh("outbox")
        with Session(engine) as session:
            for state in ("assigned", "rectifying", "closed"):
                an_issue(session, state=state)
            session.commit()
        for size in sizes:
            _grow(engine, size)
            rest = psutil.Process().memory_info().rss
            for what, question in questions().items():
                yield f"{what}, {size:,} messages and issues", f"{_median(engine, question):.1f} ms"
            more = (psutil.Process().memory_info().rss - rest) / 2**20
            yield f"memory taken meanwhile, {size:,} messages", f"{more:.1f} MB"


def _grow(engine: Engine, size: int) -> None:
    multiply(engine, to=size, until=NOW)
    with Session(engine) as session:
        standings.settle(session, now=NOW - timedelta(days=1))  # as housekeeping does at night
        session.commit()
    with engine.begin() as connection:
        after = connection.execute(text("SELECT coalesce(max(id), 0) FROM message")).scalar_one()
        have = connection.execute(text("SELECT count(*) FROM message WHERE key LIKE 'bench-%'")).scalar_one()
        connection.execute(_MESSAGES, {"first": have + 1, "last": size, "now": NOW})
        connection.execute(_ATTEMPTS, {"after": after})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE) message, attempt, outbox_count, issue_move, issue_count"))


def _median(engine: Engine, question: Question) -> float:
    """Milliseconds; whatever it changes is taken back."""
    taken = []
    for _ in range(TURNS):
        with Session(engine) as session:
            taken.append(seconds(partial(question, session)))
            session.rollback()
    return statistics.median(taken) * 1000
