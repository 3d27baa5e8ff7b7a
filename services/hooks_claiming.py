"""Taking deliveries into work: for each receiver the next ones that may go, of one subject one at a time, oldest first.

What is taken is `sending` and committed before anything is called. A worker that dies leaves it so; after LEASE it
waits again, and is told once more: receivers drop a key that they have seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.hook import Hook, HookDelivery
from services import hooks_payload, rulebook
from services.accounts.vault import Vault
from services.hooks_calling import Letter

LEASE = timedelta(minutes=5)
TOGETHER = 64
"""Taken for one receiver at once."""
_CLAIM = text("""
WITH ready AS (
  SELECT id, CASE state WHEN 'paused' THEN 1 ELSE :together END
             - coalesce(CAST(:held AS jsonb) ->> CAST(id AS text), '0')::int AS n
    FROM hook WHERE (state = 'active' OR state = 'paused' AND pause = 'failing')
     AND (not_before IS NULL OR not_before <= :now)
), taken AS (
  SELECT d.id FROM ready CROSS JOIN LATERAL (
    SELECT id FROM hook_delivery d WHERE d.hook_id = ready.id AND d.state = 'waiting' AND d.not_before <= :now
       AND NOT EXISTS (SELECT 1 FROM hook_delivery e WHERE e.hook_id = d.hook_id AND e.subject = d.subject
                          AND e.state IN ('waiting', 'sending') AND e.id < d.id)
     ORDER BY d.id LIMIT greatest(ready.n, 0) FOR UPDATE SKIP LOCKED) AS d
)
UPDATE hook_delivery SET state = 'sending', claimed_at = :now FROM taken WHERE hook_delivery.id = taken.id
RETURNING hook_delivery.id
""")
_FREE = text(
    "UPDATE hook_delivery SET state = 'waiting', claimed_at = NULL WHERE state = 'sending' AND claimed_at < :before"
)
_HAND_BACK = text(
    "UPDATE hook_delivery SET state = 'waiting', claimed_at = NULL WHERE id = ANY(:ids) AND state = 'sending'"
)


@dataclass(frozen=True)
class Work:
    """One delivery in work. `hook`: whose."""

    id: int
    hook: int
    key: str
    kind: str
    subject: str
    tries: int
    letter: Letter


def claim(session: Session, *, vault: Vault, held: Mapping[int, int], now: datetime) -> list[Work]:
    """Take what may go now, beside the `held` ones that the caller has of each receiver, and commit.

    `now` is real time.
    """
    values = {"now": now, "together": TOGETHER, "held": _json(held)}
    ids = list(session.connection().execute(_CLAIM, values).scalars())
    query = select(HookDelivery).where(col(HookDelivery.id).in_(ids)).order_by(col(HookDelivery.id))
    deliveries = list(session.exec(query).all()) if ids else []
    work = _letters(session, deliveries, vault=vault, now=now) if deliveries else []
    session.commit()
    return work


def hand_back(session: Session, ids: Sequence[int]) -> None:
    """Let others have what was taken and not called. The caller commits."""
    if ids:
        session.connection().execute(_HAND_BACK, {"ids": list(ids)})


def free_the_stale(session: Session, *, now: datetime) -> int:
    """What a worker took and then died with. The caller commits."""
    return int(session.connection().execute(_FREE, {"before": now - LEASE}).rowcount)


def _letters(session: Session, deliveries: Sequence[HookDelivery], *, vault: Vault, now: datetime) -> list[Work]:
    hooks = _hooks(session, sorted({one.hook_id for one in deliveries}))
    city_now = now + timedelta(seconds=rulebook.the_city(session).clock_offset_seconds)
    bodies = hooks_payload.bodies(session, deliveries, now=city_now)
    secrets = {key: secrets_of(hook, vault=vault, now=now) for key, hook in hooks.items()}
    return [
        Work(
            *(one.id or 0, one.hook_id, one.key, one.kind, one.subject, one.tries),
            Letter(hooks[one.hook_id].url, one.key, bodies[one.id or 0], secrets[one.hook_id], int(now.timestamp())),
        )
        for one in deliveries
    ]


def secrets_of(hook: Hook, *, vault: Vault, now: datetime) -> list[str]:
    """Those that sign now, the new one first."""
    locked = [hook.secret, *([hook.old_secret] if hook.old_until and now < hook.old_until else [])]
    return [secret for one in locked if (secret := vault.open(one))]


def _hooks(session: Session, keys: Sequence[int]) -> dict[int, Hook]:
    return {one.id or 0: one for one in session.exec(select(Hook).where(col(Hook.id).in_(keys)))}


def _json(held: Mapping[int, int]) -> str:
    return "{" + ", ".join(f'"{key}": {count}' for key, count in held.items()) + "}"
