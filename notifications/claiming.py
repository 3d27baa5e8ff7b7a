"""Taking messages into work: lock what is due, resolve who reads it, bundle storms, mark the rest as sending.

`claimed_at` is the database's own clock, not the city's: moving a demo city's clock must not make a try look stale.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session, select

from models.errors import NotFound
from models.message import Message, Outcome
from notifications import pacing
from notifications.channels import Channels
from notifications.digest import bundle
from notifications.kinds import DIGEST
from notifications.limits import HOUR, off_the_hour
from notifications.material import CityRules, Material, read_city, read_material
from notifications.pacing import Shares
from notifications.people import Address, addresses_of, readers_of, without_a_lost_address
from notifications.planning import URGENT, Door, Plan, Tried, plan
from notifications.quiet import city_opens_at, opens_at
from notifications.regroup import release
from notifications.rendering import Rendered
from notifications.variables import Reader

GONE = (OperationalError, InterfaceError)
"""The database is not there: no matter of one message."""
LOOK_AT = 2000
"""Units take turns among so many of the messages that wait longest: to look further would cost each claim more."""
_IN_TURN = """
SELECT m.* FROM message m JOIN (
  SELECT id, row_number() OVER (PARTITION BY urgency, whose ORDER BY not_before, id) AS turn FROM (
    SELECT id, urgency, not_before, coalesce(unit_code, post_code, person_code) AS whose FROM message
     WHERE state IN ('pending', 'refused') AND not_before <= :now {those}
     ORDER BY urgency, not_before, id LIMIT :look_at) AS first
  ORDER BY urgency, turn, not_before, id LIMIT 4 * :most) AS line ON line.id = m.id
 WHERE m.state IN ('pending', 'refused') AND m.not_before <= :now
 ORDER BY m.urgency, line.turn, m.not_before, m.id LIMIT :most FOR UPDATE OF m SKIP LOCKED
"""
_LINE, _LINE_OF = text(_IN_TURN.format(those="")), text(_IN_TURN.format(those="AND id = ANY(:ids)"))
_SET_ASIDE = text("UPDATE message SET state = 'sending', claimed_at = clock_timestamp() WHERE id = :id")
_TRIES = text(
    "SELECT message_id, channel, address, outcome, coalesce(finished_at, started_at), retry_at FROM attempt"
    " WHERE message_id = ANY(:ids) ORDER BY id"
)
log = logging.getLogger(__name__)


@dataclass
class Work:
    """One message in work: its readers, the doors of each, what was tried so far.

    `place` and `since` (real seconds) say where it stands in the queue; `open` are the addresses whose tries wait or
    are under way; `words` are kept by reader and whether it is an SMS; `lost` when it is no longer ours. For readers in
    `inbox_only` the inbox is enough.
    """

    message: Message
    material: Material
    claimed_at: datetime
    readers: tuple[Reader, ...]
    doors: dict[str, list[Door]] = field(default_factory=dict)
    tried: list[Tried] = field(default_factory=list)
    place: tuple[int, int] = (0, 0)
    since: float = 0.0
    open: set[tuple[str, str]] = field(default_factory=set)
    words: dict[tuple[str, bool], Rendered] = field(default_factory=dict)
    lost: bool = False
    inbox_only: Collection[str] = ()

    def plan_for(self, reader: Reader, *, at: datetime, silent_since: datetime | None = None) -> Plan:
        """What is next for one of its readers; `silent_since`: as though nobody had answered what was sent before."""
        return plan(
            self.message.channels,
            doors=self.doors[reader.code],
            tried=self.tried,
            urgency=self.message.urgency,
            now=at,
            only_inbox=reader.code in self.inbox_only,
            silent_since=silent_since or self.message.silent_at,
        )


@dataclass(frozen=True)
class Claim:
    """What one transaction took."""

    work: list[Work]
    bundled: int
    set_aside: int = 0


def claim(session: Session, *, now: datetime, channels: Channels, limit: int) -> Claim:
    """Take up to so many due messages, urgent ones first, and commit. Workers side by side never take the same.

    When one of them breaks the work on all, they are taken by halves, and the bad one is set aside for the reaper.
    """
    messages = _lock_due(session, now, limit)
    if not messages:
        session.rollback()
        return Claim([], 0)
    ids = [message.id or 0 for message in messages]
    try:
        return _take_and_commit(session, messages, now, channels)
    except (*GONE, NotFound):
        raise
    except Exception as error:  # noqa: BLE001 - logged without its text, which may hold an address
        session.rollback()
        return _take_by_halves(session, ids, type(error).__name__, now, channels)


def _lock_due(session: Session, now: datetime, limit: int, ids: Sequence[int] | None = None) -> Sequence[Message]:
    """Urgent ones first; then each unit in its turn, so that none waits for all that another has to tell."""
    query = select(Message).from_statement(_LINE if ids is None else _LINE_OF)
    values = {"now": now, "look_at": LOOK_AT, "most": limit, "ids": list(ids or ())}
    return session.execute(query, values, execution_options={"populate_existing": True}).scalars().all()


def _take_by_halves(session: Session, ids: Sequence[int], fault: str, now: datetime, channels: Channels) -> Claim:
    if len(ids) == 1:
        log.error("message %s cannot be taken into work: %s", ids[0], fault)
        session.connection().execute(_SET_ASIDE, {"id": ids[0]})
        session.commit()
        return Claim([], 0, set_aside=1)
    whole = Claim([], 0)
    for half in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
        part = Claim([], 0)
        try:
            part = _take_and_commit(session, _lock_due(session, now, len(half), half), now, channels)
        except (*GONE, NotFound):
            raise
        except Exception as error:  # noqa: BLE001 - logged without its text, which may hold an address
            session.rollback()
            part = _take_by_halves(session, half, type(error).__name__, now, channels)
        whole = Claim([*whole.work, *part.work], whole.bundled + part.bundled, whole.set_aside + part.set_aside)
    return whole


def _take_and_commit(session: Session, messages: Sequence[Message], now: datetime, channels: Channels) -> Claim:
    city = read_city(session)
    today = now.astimezone(city.zone).date()
    claimed = _take(session, messages, city=city, now=now, today=today, channels=channels)
    session.commit()
    return claimed


def _take(
    session: Session, messages: Sequence[Message], *, city: CityRules, now: datetime, today: date, channels: Channels
) -> Claim:
    messages = release(session, messages, today=today)
    readers = readers_of(session, messages, today=today)
    gone = _bundle(session, messages, readers, city=city, now=now, today=today)
    rest = [message for message in messages if message.id not in gone]
    claimed_at = _mark(session, rest, readers)
    material = read_material(session, rest, city=city)
    work = [
        Work(message, material[message.id or 0], claimed_at[message.id or 0], readers[message.id or 0])
        for message in rest
    ]
    _add_doors(session, work, city=city, now=now, channels=channels)
    _add_tries(session, work)
    session.expunge_all()
    return Claim(work, len(gone))


def _bundle(
    session: Session,
    messages: Sequence[Message],
    readers: Mapping[int, Sequence[Reader]],
    *,
    city: CityRules,
    now: datetime,
    today: date,
) -> set[int]:
    """Bundle, in a savepoint: trouble with one row must never hold up the whole outbox, so then each goes alone."""
    try:
        with session.begin_nested():
            gone = bundle(session, messages, readers=readers, policy=city.policy, now=now, today=today)
    except (OperationalError, InterfaceError):
        raise  # the database went away: no row is to blame, and nothing more can be said on this connection
    except Exception as error:  # noqa: BLE001 - logged without its text, which may hold an address
        log.error("no bundling this time: %s", type(error).__name__)
        return set()
    if gone:  # a digest among these messages may have grown, and want more channels than when it was read
        for message in messages:
            if message.kind == DIGEST:
                session.refresh(message)
    return gone


def _mark(
    session: Session, messages: Sequence[Message], readers: Mapping[int, Sequence[Reader]]
) -> dict[int, datetime]:
    """State sending; and the person, where the message has only one reader. A former holder is not kept."""
    alone = [_only(readers[m.id or 0]) or (None if m.post_code else m.person_code) for m in messages]
    query = text(
        "UPDATE message AS m SET state = 'sending', claimed_at = clock_timestamp(), person_code = v.person"
        " FROM unnest(CAST(:ids AS bigint[]), CAST(:people AS text[])) AS v(id, person)"
        " WHERE m.id = v.id RETURNING m.id, m.claimed_at"
    )
    rows = session.connection().execute(query, {"ids": [m.id for m in messages], "people": alone})
    return {int(key): at for key, at in rows}


def _only(readers: Sequence[Reader]) -> str | None:
    return readers[0].code if len(readers) == 1 else None


def _add_doors(session: Session, work: Sequence[Work], *, city: CityRules, now: datetime, channels: Channels) -> None:
    people = sorted({reader.code for one in work for reader in one.readers})
    addresses = addresses_of(session, people)
    inbox_only = () if channels.has_gateway else without_a_lost_address(session, people)
    shares = pacing.shares_of(session, people, policy=city.policy, now=now)
    city_quiet = city_opens_at(now, policy=city.policy, zone=city.zone)
    for one in work:
        closed = _closed_until(one.message.urgency, city_quiet, city, now)
        one.inbox_only = inbox_only
        for reader in one.readers:
            one.doors[reader.code] = [
                Door(at.channel, at.address, _later(closed(at), _paced(one.message, reader, at, shares, now)))
                for at in addresses.get(reader.code, ())
                if channels.serving(at.channel, at.address)
            ]


def _closed_until(
    urgency: int, city_quiet: datetime | None, city: CityRules, now: datetime
) -> Callable[[Address], datetime | None]:
    """Until when quiet hours close an address: the city's or the reader's own, whichever end later. S1 passes."""

    def closed(at: Address) -> datetime | None:
        if urgency == URGENT:
            return None
        own = None
        if at.quiet_from and at.quiet_to:
            own = opens_at(now, start=at.quiet_from, end=at.quiet_to, zone=city.zone)
        return _later(city_quiet, own)

    return closed


def _paced(message: Message, reader: Reader, at: Address, shares: Shares, now: datetime) -> datetime | None:
    """Until when this reader is left alone there: for an hour after a day's share; off the full hour. S1 passes."""
    if message.urgency == URGENT:
        return None
    if shares.full(reader.code, door=Door(at.channel, at.address), kind=message.kind):
        return now + HOUR
    spread = shares.ways.of(at.channel, at.address).spread
    return off_the_hour(now, who=reader.code, kind=message.kind, created_at=message.created_at, spread=spread)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other


def _add_tries(session: Session, work: Sequence[Work]) -> None:
    by_id = {one.message.id: one for one in work}
    for key, channel, address, outcome, at, retry_at in session.connection().execute(_TRIES, {"ids": list(by_id)}):
        by_id[key].tried.append(Tried(channel, address, Outcome(outcome), at, retry_at))
