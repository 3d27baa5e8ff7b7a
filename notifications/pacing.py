"""Which letters may leave now, by the table in limits.py, shared by all workers through the rows of tries.

No sleeping here. A door that is full, or that was told to wait, gives back the time at which to come again. What takes
several messages along is one letter.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlmodel import Session

from notifications.limits import DAY, MINUTE, TABLE, Limit, Way, door_of, name_of, way
from notifications.planning import Door
from notifications.rows import array, document, rows

Key = tuple[str, str]
"""What is counted together: a class of channels and a door of it; or all its doors, where the second is empty."""
MANY = 1_000_000
_LOCK = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(d, 7))"
    " FROM (SELECT d FROM unnest(CAST(:doors AS text[])) AS d ORDER BY d) AS sorted"
)
_COUNT = text(
    "SELECT CASE WHEN v.door = '' THEN (SELECT count(*) FROM attempt a"
    "   WHERE a.channel = v.channel AND a.started_at > v.since AND a.joined_to IS NULL)"
    "  ELSE (SELECT count(*) FROM attempt a"
    "   WHERE a.door = v.door AND a.channel || '' = v.channel AND a.started_at > v.since AND a.joined_to IS NULL) END"
    f" FROM {rows('nth int, channel text, door text, since timestamptz')} ORDER BY v.nth"
)
"""`|| ''`: a door's letters are found by the door, not among all of its channel, whatever statistics say."""
_NTH_LAST = text(
    "SELECT started_at FROM attempt WHERE channel = :channel AND (:door = '' OR door = :door)"
    " AND started_at > :since AND joined_to IS NULL ORDER BY started_at DESC OFFSET :newer LIMIT 1"
)
_TOLD_TO_WAIT = text(
    "SELECT channel, door, max(retry_at) FROM attempt WHERE door = ANY(CAST(:doors AS text[]))"
    " AND outcome = 'refused' AND retry_at > :now AND started_at > :since GROUP BY 1, 2"
)
_OF_A_DAY = text(
    "SELECT person_code, channel, count(*) FROM attempt WHERE person_code = ANY(CAST(:people AS text[]))"
    " AND started_at > :since AND joined_to IS NULL GROUP BY 1, 2"
)
_OF_A_KIND = text(
    "SELECT a.person_code, a.channel, m.kind, count(*) FROM attempt a JOIN message m ON m.id = a.message_id"
    " WHERE a.person_code = ANY(:people) AND a.started_at > :since AND a.joined_to IS NULL GROUP BY 1, 2, 3"
)


class Ways:
    """The table with what a policy changes in it; each row is put together once."""

    def __init__(self, policy: Mapping[str, Any]) -> None:
        self._policy = policy
        self._rows: dict[str, Way] = {}

    def of(self, channel: str, address: str) -> Way:
        """The row of an address."""
        name = name_of(channel, address)
        if name not in self._rows:
            self._rows[name] = way(channel, address, policy=self._policy)
        return self._rows[name]


@dataclass(frozen=True)
class Entry:
    """`until`: come again then; None: it may go now. `full`: what was full until then.

    `soon`: how many letters can still go there within a minute, this one counted.
    """

    until: datetime | None
    soon: int
    full: Key | None = None


def admit(
    session: Session, doors: Sequence[Door], *, urgent: Sequence[bool], policy: Mapping[str, Any], now: datetime
) -> list[Entry]:
    """For each of these letters, in order, whether it may go now. `urgent` says so of each.

    Takes locks until the transaction ends: count, write the tries and commit, and no two workers both take the last
    place. Sorted, so that two workers never wait for each other in a ring.
    """
    ways = Ways(policy)
    budgets = [_budgets(door, ways) for door in doors]
    locks = {" ".join(of_door[-1].key) for of_door in budgets}
    session.connection().execute(_LOCK, {"doors": array(sorted(locks))})
    told = _told_to_wait(session, doors, now)
    rooms = _rooms(session, {budget for of_door in budgets for budget in of_door}, now)
    return [
        _entry(told.get(lane_of(door)), lane_of(door), [rooms[budget] for budget in of_door], hurry)
        for door, of_door, hurry in zip(doors, budgets, urgent, strict=True)
    ]


def lane_of(door: Door) -> Key:
    """What takes one letter at a time, and is told to wait."""
    return door.channel, door_of(door.address)


class _Budget(NamedTuple):
    key: Key
    limit: Limit


def _budgets(door: Door, ways: Ways) -> list[_Budget]:
    """Those of the door, then those that it shares."""
    row = ways.of(door.channel, door.address)
    own = [_Budget(lane_of(door), limit) for limit in row.door]
    return own + [_Budget((door.channel, ""), limit) for limit in row.together]


def _entry(told: datetime | None, lane: Key, rooms: "Sequence[_Room]", urgent: bool) -> Entry:
    soon = min((room.soon(urgent=urgent) for room in rooms), default=MANY)
    if told:
        return Entry(told, soon, lane)
    full = [room for room in rooms if room.places(urgent=urgent) < 1]
    if full:
        last = max(full, key=lambda room: room.opens_at(urgent=urgent))
        return Entry(last.opens_at(urgent=urgent), soon, last.budget.key)
    for room in rooms:
        room.taken += 1
    return Entry(None, soon)


@dataclass
class _Room:
    """What a budget has left. `count` letters are on record within its time, `taken` go now."""

    session: Session
    budget: _Budget
    count: int
    now: datetime
    taken: int = 0
    opens: dict[bool, datetime] = field(default_factory=dict)

    def places(self, *, urgent: bool) -> int:
        """How many letters may go now."""
        return self.budget.limit.allowed(urgent=urgent) - self.count - self.taken

    def soon(self, *, urgent: bool) -> int:
        """How many may go within a minute."""
        within = self.budget.limit.within
        return self.budget.limit.most * (MINUTE // within) if within < MINUTE else self.places(urgent=urgent)

    def opens_at(self, *, urgent: bool) -> datetime:
        """When the oldest of the last so many letters is no longer counted."""
        if urgent not in self.opens:
            newer = min(self.count, self.budget.limit.allowed(urgent=urgent)) - 1
            oldest = _nth_last(self.session, self.budget, newer, self.now) if newer >= 0 else self.now
            self.opens[urgent] = oldest + self.budget.limit.within
        return self.opens[urgent]


def _rooms(session: Session, budgets: set[_Budget], now: datetime) -> dict[_Budget, _Room]:
    ordered = list(budgets)
    asked = [
        {"nth": nth, "channel": key[0], "door": key[1], "since": now - limit.within}
        for nth, (key, limit) in enumerate(ordered)
    ]
    counts = session.connection().execute(_COUNT, {"rows": document(asked)}).scalars()
    return {budget: _Room(session, budget, count, now) for budget, count in zip(ordered, counts, strict=True)}


def _nth_last(session: Session, budget: _Budget, newer: int, now: datetime) -> datetime:
    channel, door = budget.key
    values = {"channel": channel, "door": door, "since": now - budget.limit.within, "newer": newer}
    nth: datetime = session.connection().execute(_NTH_LAST, values).scalar_one()
    return nth


def _told_to_wait(session: Session, doors: Sequence[Door], now: datetime) -> dict[Key, datetime]:
    """The latest time that each door named when it refused, whatever address it was tried by."""
    values = {"doors": array({lane_of(door)[1] for door in doors}), "now": now, "since": now - DAY}
    rows = session.connection().execute(_TOLD_TO_WAIT, values)
    return {(channel, door): until for channel, door, until in rows}


@dataclass(frozen=True)
class Shares:
    """What these people got on each class of channels within 24 hours."""

    ways: Ways
    letters: Mapping[tuple[str, str], int]
    kinds: Mapping[tuple[str, str, str], int]

    def full(self, person: str, *, door: Door, kind: str) -> bool:
        """Whether this person has had enough for a day there, of all or of this kind."""
        row = self.ways.of(door.channel, door.address)
        if self.letters.get((person, door.channel), 0) >= row.person_day:
            return True
        return self.kinds.get((person, door.channel, kind), 0) >= row.kind_share(kind)


def shares_of(session: Session, people: Sequence[str], *, policy: Mapping[str, Any], now: datetime) -> Shares:
    """Their shares. Kinds are looked up only for whom it can matter."""
    since = now - DAY
    rows = session.connection().execute(_OF_A_DAY, {"people": array(people), "since": since})
    letters = Counter({(person, channel): int(count) for person, channel, count in rows})
    ways = Ways(policy)
    rows_of_table = [ways.of(name, f"{name}://x") for name in TABLE]
    least = min(min([row.kind_day, *(row.kinds or {}).values()]) for row in rows_of_table)
    many = sorted({person for (person, _), count in letters.items() if count >= least})
    kinds = session.connection().execute(_OF_A_KIND, {"people": many, "since": since}) if many else ()
    return Shares(ways, letters, {(person, channel, kind): int(count) for person, channel, kind, count in kinds})
