"""The outbox in numbers, by channel. Costs the same whether a thousand messages were ever sent or a million."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.message import MessageState, Outcome
from models.outbox import BUCKETS, Counted

WAITING = (MessageState.PENDING, MessageState.REFUSED, MessageState.SENDING)
TOGETHER = 2000
"""With more rows than this they are put together."""
_SUM = text(
    "SELECT what, channel, state, fault, bucket, sum(n), sum(seconds), count(*) FROM outbox_count"
    " GROUP BY what, channel, state, fault, bucket ORDER BY what, channel, state, fault, bucket"
)
_SETTLE = text(
    "WITH gone AS (DELETE FROM outbox_count RETURNING *)"
    " INSERT INTO outbox_count (what, channel, state, fault, bucket, n, seconds)"
    " SELECT what, channel, state, fault, bucket, sum(n), sum(seconds) FROM gone"
    " GROUP BY what, channel, state, fault, bucket HAVING sum(n) <> 0"
)
# One look into the index of what waits for each urgency: its rows are sorted by time within.
_OLDEST = text(
    "SELECT min(first) FROM (SELECT (SELECT m.not_before FROM message m WHERE m.state IN ('pending', 'refused')"
    " AND m.urgency = u ORDER BY m.not_before LIMIT 1) AS first FROM generate_series(0, 9) AS u) AS firsts"
)


@dataclass(frozen=True)
class Spread:
    """How long things took: how many up to each of BUCKETS and beyond, not added up; and all seconds together."""

    places: tuple[int, ...]
    seconds: float


@dataclass(frozen=True)
class Tally:
    """All that is counted. `messages`: (channel, state) now; `tries`: (provider, outcome, fault) ever.

    `deliveries`: by channel, from when a message was due until it was sent; `calls`: by provider, how long a try took.
    `oldest`: since when the oldest message waits (UTC); in the future while all of them wait for their time.
    """

    messages: Mapping[tuple[str, str], int]
    tries: Mapping[tuple[str, str, str], int]
    deliveries: Mapping[str, Spread]
    calls: Mapping[str, Spread]
    oldest: datetime | None
    rows: int


@dataclass(frozen=True)
class Line:
    """One channel: messages by how they stand now; of a provider, tries by how they ended, ever."""

    channel: str
    by_state: Mapping[str, int] = field(default_factory=dict)
    ours: int = 0

    def count(self, *states: str) -> int:
        return sum(self.by_state.get(state, 0) for state in states)


def tally(session: Session) -> Tally:
    """Everything that is counted, in two statements."""
    messages: dict[tuple[str, str], int] = {}
    tries: Counter[tuple[str, str, str]] = Counter()
    taken: dict[str, dict[str, list[Any]]] = {Counted.TRY: defaultdict(list), Counted.DELIVERY: defaultdict(list)}
    rows = 0
    for what, channel, state, fault, bucket, n, seconds, own in session.connection().execute(_SUM):
        rows += own
        if what == Counted.MESSAGE:
            if n:
                messages[channel, state] = int(n)
            continue
        taken[what][channel].append((bucket, int(n), seconds))
        if what == Counted.TRY:
            tries[channel, state, fault] += int(n)
    oldest = session.connection().execute(_OLDEST).scalar()
    deliveries, calls = (
        {channel: _spread(several) for channel, several in taken[what].items()}
        for what in (Counted.DELIVERY, Counted.TRY)
    )
    return Tally(messages, tries, deliveries, calls, oldest, rows)


def _spread(rows: Sequence[tuple[int, int, float]]) -> Spread:
    places = [0] * (len(BUCKETS) + 1)
    for bucket, n, _ in rows:
        places[bucket] += n
    return Spread(tuple(places), sum(seconds for _, _, seconds in rows))


def by_state(session: Session) -> dict[MessageState, int]:
    """How many messages are in each state; every state is there."""
    found = dict.fromkeys(MessageState, 0)
    for (_, state), n in tally(session).messages.items():
        found[MessageState(state)] += n
    return found


def by_channel(seen: Tally) -> list[Line]:
    """Messages by the channel that is wanted first."""
    lines: dict[str, Counter[str]] = defaultdict(Counter)
    for (channel, state), n in seen.messages.items():
        lines[channel][state] += n
    return [Line(channel, dict(states)) for channel, states in sorted(lines.items())]


def by_provider(seen: Tally) -> list[Line]:
    """Tries by provider and outcome; `ours`: how many were refused for what is wrong with us."""
    lines: dict[str, Counter[str]] = defaultdict(Counter)
    ours: Counter[str] = Counter()
    for (provider, outcome, fault), n in seen.tries.items():
        lines[provider][Outcome(outcome).value] += n
        ours[provider] += n if fault == "ours" else 0
    return [Line(provider, dict(outcomes), ours[provider]) for provider, outcomes in sorted(lines.items())]


def settle(session: Session) -> int:
    """Put the rows together, one for each thing counted; how many there are then. The caller commits.

    Without it the numbers stay right, and cost a row for each statement that has changed messages.
    """
    return int(session.connection().execute(_SETTLE).rowcount)
