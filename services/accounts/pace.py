"""How often somebody may try: by name, by device, by address. Each failure makes the next wait longer, up to a limit.

A try counts before it is looked at, so that many at once count as many. A device from which somebody has logged in
before counts by itself: whoever guesses elsewhere does not lock them out. Nobody is ever locked out for good; a
one-time link and other ways in are not touched by guessing passwords.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import text
from sqlmodel import Session

Sessions = Callable[[], Session]


@dataclass(frozen=True)
class Limit:
    """So many tries are free; the wait then doubles from `first` to `longest`. Forgotten `after` without a failure."""

    free: int
    first: timedelta
    longest: timedelta
    after: timedelta


MINUTE = timedelta(minutes=1)
# What is counted, by the beginning of its key. An office of a hundred may share one address.
LIMITS: Mapping[str, Limit] = {
    "name": Limit(5, MINUTE / 2, 15 * MINUTE, 24 * 60 * MINUTE),
    "device": Limit(10, MINUTE / 2, 15 * MINUTE, 24 * 60 * MINUTE),
    "address": Limit(60, MINUTE / 6, 5 * MINUTE, 60 * MINUTE),
    "second": Limit(10, MINUTE / 2, 15 * MINUTE, 24 * 60 * MINUTE),
    "ask": Limit(3, 5 * MINUTE, 60 * MINUTE, 24 * 60 * MINUTE),
    "ask_address": Limit(30, MINUTE, 30 * MINUTE, 60 * MINUTE),
    "sent": Limit(4, 10 * MINUTE, 120 * MINUTE, 24 * 60 * MINUTE),
}
_THERE = text(
    "INSERT INTO login_pace (key, failures, last_at) SELECT unnest(CAST(:keys AS text[])), 0, :now"
    " ON CONFLICT (key) DO NOTHING"
)
_LOOK = text(
    "SELECT key, failures, last_at, blocked_until FROM login_pace WHERE key = ANY(:keys) ORDER BY key FOR UPDATE"
)
_COUNT = text("UPDATE login_pace SET failures = :failures, last_at = :now, blocked_until = :until WHERE key = :key")
_FORGIVE = text("DELETE FROM login_pace WHERE key = ANY(:keys)")
_FEWER = text("UPDATE login_pace SET failures = greatest(failures - 1, 0) WHERE key = ANY(:keys)")
_PRUNE = text("DELETE FROM login_pace WHERE last_at < :since")


def take(sessions: Sessions, keys: Sequence[str], *, now: datetime) -> timedelta:
    """Count one try for each of the keys; returns how long to wait where it may not be made, and then counts nothing.

    Commits by itself.
    """
    ordered = sorted(keys)
    with sessions() as session:
        connection = session.connection()
        connection.execute(_THERE, {"keys": ordered, "now": now})
        rows = connection.execute(_LOOK, {"keys": ordered}).all()
        wait = max(((until - now) for *_, until in rows if until and until > now), default=timedelta())
        for key, failures, last_at, _ in rows if not wait else ():
            limit = LIMITS[key.split(":", 1)[0]]
            count = (failures if now - last_at < limit.after else 0) + 1
            given = {"key": key, "failures": count, "now": now, "until": _until(limit, count, now)}
            connection.execute(_COUNT, given)
        session.commit()
    return wait


def _until(limit: Limit, count: int, now: datetime) -> datetime | None:
    if count < limit.free:
        return None
    doubled: timedelta = limit.first * 2 ** min(count - limit.free, 20)
    return now + min(doubled, limit.longest)


def forgive(session: Session, keys: Sequence[str]) -> None:
    """It was no guess: names and devices begin anew, an address that others share counts one less."""
    shared = [key for key in keys if key.startswith(("address:", "ask_address:"))]
    session.connection().execute(_FORGIVE, {"keys": [key for key in keys if key not in shared]})
    session.connection().execute(_FEWER, {"keys": shared})


def prune(session: Session, *, now: datetime) -> None:
    """Forget what is older than any limit remembers."""
    session.connection().execute(_PRUNE, {"since": now - timedelta(days=2)})


def key_of(kind: str, what: str) -> str:
    """The key under which tries are counted. A name is kept as a hash: it may be a password in the wrong field."""
    return f"{kind}:{hashlib.sha256(what.encode()).hexdigest()[:32]}"


def network(address: str) -> str:
    """What counts as one address: of IPv6 the /64 that one customer has."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{address}/64", strict=False)) if isinstance(known, IPv6Address) else address


def minutes(wait: timedelta) -> int:
    """Whole minutes, rounded up."""
    return max(1, -int(-wait.total_seconds() // 60))
