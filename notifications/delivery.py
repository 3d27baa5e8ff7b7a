"""Sending what waits in the outbox.

1. Claim what is due, and who reads it; bundle storms.                        claiming.py, digest.py
2. For each message and reader, plan what to try now.                         planning.py
3. Write the try as `sending`, commit, call the channel outside any transaction, record the outcome, commit.
4. When nothing is left to try now: sent, unknown, failed, or a time to come again.

A crash at any point leaves rows that the reaper understands (reaper.py). What failed is passed up by services/reach.py.
"""

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from models.message import MessageState, Outcome
from notifications import pacing
from notifications.attempts import Ending, TakenAway, begin, finish_all, record
from notifications.channels import Channels, Letter, Sent
from notifications.claiming import Work, claim
from notifications.kinds import DIGEST
from notifications.planning import URGENT, Door, Plan, Tried, plan, together
from notifications.rendering import render_for
from notifications.variables import Reader

AT_ONCE = 50
LONG = timedelta(seconds=20)  # after so long with one claim, look whether something urgent has come meanwhile
DOWN = timedelta(seconds=30)  # how long messages wait for a door that just proved dead
log = logging.getLogger(__name__)


@dataclass
class Counts:
    """What became of the messages of one call. `waiting`: for a retry, a full door or the end of quiet hours."""

    claimed: int = 0
    bundled: int = 0
    tries: int = 0
    sent: int = 0
    waiting: int = 0
    unknown: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Post:
    """What the workers of one call share."""

    sessions: Callable[[], Session]
    now: Callable[[], datetime]
    channels: Channels
    templates: Path | None
    counts: Counts
    dead: set[tuple[str, str]] = field(default_factory=set)


def deliver(
    session_factory: Callable[[], Session],
    *,
    now: Callable[[], datetime],
    channels: Channels,
    limit: int = 200,
    templates: Path | None = None,
) -> Counts:
    """Send what is due, up to `limit` messages; several workers may run at once.

    `templates` is a city's folder of own templates. Call it again while `claimed` comes back at the limit.
    """
    post = Post(session_factory, now, channels, templates, Counts())
    while post.counts.claimed < limit:
        most = min(AT_ONCE, limit - post.counts.claimed)
        with session_factory() as session:
            claimed = claim(session, now=now(), channels=channels, limit=most)
        if not claimed.work and not claimed.bundled:
            break
        post.counts.claimed += len(claimed.work)
        post.counts.bundled += claimed.bundled
        _send_all(post, claimed.work)
    return post.counts


def _send_all(post: Post, work: Sequence[Work]) -> None:
    """First end those that need no try, all in one statement; then go through the others one by one.

    When that takes long, what is not urgent is handed back: the next claim begins with what is.
    """
    plans = [(one, _plan(post, one)) for one in work]
    _end(post, [(one, planned) for one, planned in plans if not planned.tries])
    begun, left = post.now(), []
    for one, planned in plans:
        if planned.tries and one.message.urgency != URGENT and post.now() - begun > LONG:
            left.append((one, Plan(wait_until=one.message.not_before, after_refusal=bool(one.tried))))
        elif planned.tries:
            _send_one(post, one)
    _end(post, left)


def _plan(post: Post, work: Work) -> Plan:
    """What is next for the message: the tries of the first reader who has any, else how it stands for all of them."""
    plans = [_plan_for(post, work, reader) for reader in work.readers]
    return next((one for one in plans if one.tries), None) or together(plans)


def _plan_for(post: Post, work: Work, reader: Reader) -> Plan:
    return plan(
        work.message.channels,
        doors=work.doors[reader.code],
        tried=work.tried,
        urgency=work.message.urgency,
        now=post.now(),
        only_inbox=not post.channels.has_gateway,
    )


def _send_one(post: Post, work: Work) -> None:
    try:
        while planned := _next_tries(post, work):
            for reader, door in planned:
                _try(post, work, reader, door)
        _end(post, [(work, _plan(post, work))])
    except TakenAway:
        log.warning("message %s was taken away: this worker was too slow", work.message.id)
    except Exception as error:  # noqa: BLE001 - the rim: one bad message must not stop the others; the reaper frees it
        where = "".join(traceback.format_tb(error.__traceback__))  # without its text, which may hold an address
        log.error("message %s could not be worked on: %s\n%s", work.message.id, type(error).__name__, where)


def _next_tries(post: Post, work: Work) -> list[tuple[Reader, Door]]:
    """Everything to try now, each address once: two readers may share a robot."""
    wanted = [(reader, door) for reader in work.readers for door in _plan_for(post, work, reader).tries]
    return list({(door.channel, door.address): (reader, door) for reader, door in reversed(wanted)}.values())[::-1]


def _try(post: Post, work: Work, reader: Reader, door: Door) -> None:
    """One try at one door, or note until when the door is closed."""
    at = post.now()
    if post.dead & {(door.channel, ""), (door.channel, door.address)}:
        _close(work, door, at + DOWN)
        return
    with post.sessions() as session:
        pace = pacing.pace_of(door.channel, policy=work.material.city.policy)
        closed = pacing.opens_at(session, channel=door.channel, address=door.address, pace=pace, now=at)
        if closed:
            session.rollback()
            _close(work, door, closed)
            return
        attempt = begin(session, work, reader=reader, door=door, now=at)
        session.commit()
    sent = _call(post, work, reader, door, at)
    post.counts.tries += 1
    retry_at = at + sent.retry_after if sent.retry_after else None
    with post.sessions() as session:
        record(session, attempt, sent=sent, retry_at=retry_at, now=post.now())
        session.commit()
    _note_dead(post, door, sent)
    work.tried.append(Tried(door.channel, door.address, sent.outcome, at, retry_at))


def _note_dead(post: Post, door: Door, sent: Sent) -> None:
    """A dead gateway is dead for its whole class, a robot's host for that address; each such try may take seconds."""
    if sent.outcome == Outcome.REFUSED and sent.code in ("gateway", "connect"):
        post.dead.add((door.channel, "" if sent.code == "gateway" else door.address))


def _close(work: Work, door: Door, until: datetime) -> None:
    """A closed door is closed for every reader of this message."""
    for code, doors in work.doors.items():
        work.doors[code] = [replace(one, opens_at=until) if one.address == door.address else one for one in doors]


def _call(post: Post, work: Work, reader: Reader, door: Door, at: datetime) -> Sent:
    """Outside any transaction. A channel that raises has a bug; whether the text left is then not known."""
    channel = post.channels.serving(door.channel, door.address)
    assert channel is not None
    words = render_for(work.material, reader=reader, at=at, channel=door.channel, overrides=post.templates)
    letter = Letter(title=words.title, body=words.body, key=f"{work.message.key}-{reader.code}", at=at)
    try:
        return channel.send(door.address, letter=letter)
    except Exception as error:  # noqa: BLE001 - logged without its text, which may hold an address
        log.error("channel %s raised %s for message %s", door.channel, type(error).__name__, work.message.id)
        return Sent(Outcome.UNKNOWN, code="error", detail=type(error).__name__)


def _end(post: Post, planned: Sequence[tuple[Work, Plan]]) -> None:
    """Write how the messages stand now."""
    endings = [_ending(work, one) for work, one in planned]
    if not endings:
        return
    with post.sessions() as session:
        finish_all(session, endings, now=post.now())
        session.commit()
    for ending in endings:
        _count(post.counts, ending.state)


def _ending(work: Work, planned: Plan) -> Ending:
    state = planned.end
    if state is None:
        state = MessageState.REFUSED if planned.after_refusal else MessageState.PENDING
    return Ending(
        message_id=work.message.id or 0,
        claimed_at=work.claimed_at,
        state=state,
        not_before=planned.wait_until or work.message.not_before,
        failure=planned.failure,
        is_digest=work.message.kind == DIGEST,
    )


def _count(counts: Counts, state: MessageState) -> None:
    name = {MessageState.SENT: "sent", MessageState.UNKNOWN: "unknown", MessageState.FAILED: "failed"}
    counted = name.get(state, "waiting")
    setattr(counts, counted, getattr(counts, counted) + 1)
