"""Answers to requests with an idempotency key: the same request again gets the same answer, and is done once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import text
from sqlmodel import Session

KEPT = timedelta(days=1)
GIVEN_UP = timedelta(minutes=1)
"""After so long without an answer whoever worked on it is dead: it is done again, and the verbs' own keys see to it
that nothing happens twice."""
_BEGIN = text(
    "INSERT INTO kept_answer (caller, key, request_hash, begun_at, media_type, body)"
    " VALUES (:caller, :key, :hash, :now, '', '')"
    " ON CONFLICT (caller, key) DO UPDATE SET begun_at = :now, request_hash = :hash, status = NULL"
    "  WHERE kept_answer.begun_at < :forgotten"
    "     OR (kept_answer.status IS NULL AND kept_answer.request_hash = :hash AND kept_answer.begun_at < :given_up)"
    " RETURNING key"
)
_READ = text("SELECT request_hash, status, media_type, body FROM kept_answer WHERE caller = :caller AND key = :key")
_KEEP = text(
    "UPDATE kept_answer SET status = :status, media_type = :media_type, body = :body"
    " WHERE caller = :caller AND key = :key"
)
_DROP = text("DELETE FROM kept_answer WHERE caller = :caller AND key = :key AND status IS NULL")
_SWEEP = text("DELETE FROM kept_answer WHERE begun_at < :before")


class Standing(StrEnum):
    """How a request with a key stands."""

    NEW = "new"
    AGAIN = "again"
    RUNNING = "running"
    OTHER = "other"


@dataclass(frozen=True)
class Kept:
    """`again`: the answer of the first time. `other`: the key belongs to another request."""

    standing: Standing
    status: int = 0
    media_type: str = ""
    body: bytes = b""


def begin(session: Session, *, caller: str, key: str, request_hash: str, now: datetime) -> Kept:
    """Take the key for this request, or say why not. The caller commits."""
    values = {"caller": caller, "key": key, "hash": request_hash, "now": now}
    times = {"forgotten": now - KEPT, "given_up": now - GIVEN_UP}
    if session.connection().execute(_BEGIN, {**values, **times}).first():
        return Kept(Standing.NEW)
    found = session.connection().execute(_READ, {"caller": caller, "key": key}).first()
    if found is None or found.status is None:
        same = found is None or found.request_hash == request_hash
        return Kept(Standing.RUNNING if same else Standing.OTHER)
    if found.request_hash != request_hash:
        return Kept(Standing.OTHER)
    return Kept(Standing.AGAIN, found.status, found.media_type, bytes(found.body))


def keep(session: Session, *, caller: str, key: str, status: int, media_type: str, body: bytes) -> None:
    """Keep what was answered. The caller commits."""
    values = {"caller": caller, "key": key, "status": status, "media_type": media_type, "body": body}
    session.connection().execute(_KEEP, values)


def drop(session: Session, *, caller: str, key: str) -> None:
    """It went wrong on our side: the same key may be tried again. The caller commits."""
    session.connection().execute(_DROP, {"caller": caller, "key": key})


def sweep(session: Session, *, now: datetime) -> int:
    """Forget what is older than a day; returns how many."""
    return int(session.connection().execute(_SWEEP, {"before": now - KEPT}).rowcount)
