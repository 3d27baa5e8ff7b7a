"""Bundling a storm: what waits for the same readers goes out as one digest.

When more than the policy's threshold of messages that are not urgent wait for one person (or for the same holders of a
post), they become `bundled` under one message of kind digest. A lock per audience keeps two workers from making two; a
digest that still waits takes in what comes later; and the next one waits until the window has passed.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.message import Message, MessageState
from notifications.kinds import BUNDLED_KINDS, DIGEST
from notifications.planning import URGENT
from notifications.variables import Reader

THRESHOLD, WINDOW_MINUTES = 5, 10


@dataclass(frozen=True)
class Audience:
    """The same readers: one person, or all holders of one post. `posts` are those that only they read."""

    readers: tuple[str, ...]
    person: str | None
    post: str | None
    posts: tuple[str, ...]

    @property
    def where(self) -> dict[str, Any]:
        """The values by which their messages are found."""
        return {"posts": list(self.posts), "person": self.person, "post": self.post, "kinds": list(BUNDLED_KINDS)}


def bundle(
    session: Session,
    messages: Sequence[Message],
    *,
    readers: Mapping[int, Sequence[Reader]],
    policy: Mapping[str, Any],
    now: datetime,
    today: date,
) -> set[int]:
    """Put the storms among these locked messages into digests. Returns the ids that are to be sent no more."""
    gone: set[int] = set()
    own = policy.get("digest", {})
    groups = [(audience, {one.id or 0 for one in group}) for audience, group in _by_audience(messages, readers)]
    for audience, ids in _in_sight(session, groups, threshold=int(own.get("threshold", THRESHOLD)), now=now):
        gone |= _bundle_one(session, audience, ids, policy=own, now=now, today=today)
    return gone


_WAITING_BY_AUDIENCE = text(
    "SELECT coalesce(post_code, ''), CASE WHEN post_code IS NULL THEN person_code ELSE '' END, kind = 'digest',"
    " count(*) FROM message WHERE state = 'pending' AND tries = 0 AND id <> ALL(:ids)"
    " AND ((kind = ANY(:kinds) AND urgency > 0 AND not_before <= :now) OR kind = 'digest')"
    " AND (post_code = ANY(:posts) OR (post_code IS NULL AND person_code = ANY(:people))) GROUP BY 1, 2, 3"
)


def _in_sight(
    session: Session, groups: Sequence[tuple[Audience, set[int]]], *, threshold: int, now: datetime
) -> list[tuple[Audience, set[int]]]:
    """Those for whom a storm or a waiting digest is in sight: one look for all, since mostly there is none."""
    if not groups:
        return []
    values = {
        "ids": [key for _, ids in groups for key in ids],
        "posts": [post for audience, _ in groups for post in audience.posts],
        "people": [audience.person for audience, _ in groups if audience.person],
        "kinds": list(BUNDLED_KINDS),
        "now": now,
    }
    waiting: Counter[tuple[str, str]] = Counter()
    for post, person, is_digest, count in session.connection().execute(_WAITING_BY_AUDIENCE, values):
        waiting[post, person] += threshold + 1 if is_digest else count
    return [
        (audience, ids)
        for audience, ids in groups
        if len(ids) + waiting["", audience.person or ""] + sum(waiting[post, ""] for post in audience.posts) > threshold
    ]


def _by_audience(
    messages: Sequence[Message], readers: Mapping[int, Sequence[Reader]]
) -> list[tuple[Audience, list[Message]]]:
    """Sorted, so that two workers take the locks in the same order and never wait for each other in a ring."""
    groups: dict[tuple[str, ...], list[Message]] = defaultdict(list)
    for message in messages:
        codes = tuple(sorted(reader.code for reader in readers[message.id or 0]))
        # To a person with a deputy: two readers and no post by which to find what else waits for both.
        if codes and _may_wait(message) and (message.post_code or len(codes) == 1):
            groups[codes].append(message)
    return [(_audience(codes, group), group) for codes, group in sorted(groups.items(), key=lambda item: item[0])]


def _may_wait(message: Message) -> bool:
    untried = message.state == MessageState.PENDING and message.tries == 0
    return untried and message.urgency > URGENT and message.kind in BUNDLED_KINDS


def _audience(codes: tuple[str, ...], group: Sequence[Message]) -> Audience:
    posts = tuple(sorted({message.post_code for message in group if message.post_code}))
    alone = len(codes) == 1
    return Audience(codes, codes[0] if alone else None, None if alone else posts[0], posts)


def _bundle_one(
    session: Session, audience: Audience, ids: set[int], *, policy: Mapping[str, Any], now: datetime, today: date
) -> set[int]:
    threshold = int(policy.get("threshold", THRESHOLD))
    storm = len(ids) > threshold or len(ids) + _others(session, audience, ids, now) > threshold
    if not storm and not _has_digest(session, audience):
        return set()
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:who, 11))")
    session.connection().execute(lock, {"who": " ".join(audience.readers)})
    digest = _open_digest(session, audience)
    if digest is None and not storm:
        return set()
    if storm:
        ids = ids | _take_others(session, audience, now, today)
    if digest is None:
        digest = _new_digest(session, audience, ids, policy=policy, now=now)
    _put_into(session, digest, ids)
    return ids


_WAITING = (
    "state = 'pending' AND tries = 0 AND urgency > 0 AND kind = ANY(:kinds) AND not_before <= :now"
    " AND (post_code = ANY(:posts) OR (post_code IS NULL AND person_code = :person))"
)


def _others(session: Session, audience: Audience, ids: set[int], now: datetime) -> int:
    query = text(f"SELECT count(*) FROM message WHERE {_WAITING} AND id <> ALL(:ids)")
    values = {**audience.where, "now": now, "ids": list(ids)}
    return int(session.connection().execute(query, values).scalar_one())


def _take_others(session: Session, audience: Audience, now: datetime, today: date) -> set[int]:
    """What else waits for the same readers, at other posts of the same person too. Rows in work elsewhere are left."""
    posts = list(audience.posts)
    if audience.person:
        sole = text(
            "SELECT post_code FROM tenure WHERE valid_from <= :today AND (valid_to IS NULL OR valid_to >= :today)"
            " GROUP BY post_code HAVING count(DISTINCT person_code) = 1 AND min(person_code) = :person"
        )
        held = session.connection().execute(sole, {"today": today, "person": audience.person})
        posts += [code for (code,) in held]
    query = text(f"SELECT id FROM message WHERE {_WAITING} FOR UPDATE SKIP LOCKED")
    rows = session.connection().execute(query, {**audience.where, "posts": posts, "now": now})
    return {int(key) for (key,) in rows}


_DIGESTS = "kind = 'digest' AND (person_code = :person OR (person_code IS NULL AND post_code = :post))"


_OPEN = f"SELECT id FROM message WHERE {_DIGESTS} AND state = 'pending' AND tries = 0 ORDER BY id LIMIT 1"


def _has_digest(session: Session, audience: Audience) -> bool:
    """A look without a lock: to lock it here would hide it from the worker who holds the audience's lock."""
    values = {"person": audience.person, "post": audience.post}
    return session.connection().execute(text(_OPEN), values).first() is not None


def _open_digest(session: Session, audience: Audience) -> int | None:
    """The digest that still waits for these readers; not one that a worker is about to take."""
    values = {"person": audience.person, "post": audience.post}
    return session.connection().execute(text(f"{_OPEN} FOR UPDATE SKIP LOCKED"), values).scalar_one_or_none()


def _new_digest(
    session: Session, audience: Audience, ids: set[int], *, policy: Mapping[str, Any], now: datetime
) -> int:
    last = session.connection().execute(
        text(f"SELECT max(created_at) FROM message WHERE {_DIGESTS}"),
        {"person": audience.person, "post": audience.post},
    )
    window = timedelta(minutes=float(policy.get("window_minutes", WINDOW_MINUTES)))
    last_at = last.scalar_one_or_none()
    digest = Message(
        key=f"{DIGEST}-{min(ids)}-{int(now.timestamp())}",  # a row may come out of one digest and into another
        kind=DIGEST,
        person_code=audience.person,
        post_code=audience.post,
        why="storm",
        channels=[],
        not_before=max(now, last_at + window) if last_at else now,
        created_at=now,
    )
    session.add(digest)
    session.flush()
    assert digest.id is not None
    return digest.id


def _put_into(session: Session, digest: int, ids: set[int]) -> None:
    values = {"digest": digest, "ids": list(ids)}
    into = text("UPDATE message SET state = 'bundled', bundle_id = :digest WHERE id = ANY(:ids)")
    session.connection().execute(into, values)
    widen(session, digest)


def widen(session: Session, digest: int) -> None:
    """Let a digest be as urgent as its messages, and go through every class of channels that one of them wanted."""
    query = text(
        "UPDATE message SET urgency = b.urgency, channels = b.channels FROM"
        " (SELECT min(m.urgency) AS urgency, array_agg(DISTINCT c) AS channels"
        "  FROM message m, unnest(m.channels) AS c WHERE m.bundle_id = :digest) b WHERE message.id = :digest"
    )
    session.connection().execute(query, {"digest": digest})


def spread(session: Session, digests: Sequence[int]) -> None:
    """A digest that reached nobody: each message in it has failed, to be passed up from its own post."""
    session.connection().execute(
        text(
            "UPDATE message AS m SET state = 'failed', failure = d.failure, finished_at = d.finished_at"
            " FROM message d WHERE m.bundle_id = d.id AND d.id = ANY(:digests) AND m.state = 'bundled'"
        ),
        {"digests": list(digests)},
    )
    quiet = text("UPDATE message SET state = 'suppressed' WHERE id = ANY(:digests)")
    session.connection().execute(quiet, {"digests": list(digests)})
