"""The rows of delivery: tries that begin, their outcomes, how messages stand; each as long as the claim is ours.

Every function works on many rows with a few statements. `clock_timestamp()` for claims: see claiming.py.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from models.message import MessageState
from notifications.channels.base import Sent
from notifications.digest import spread
from notifications.lanes import Try
from notifications.planning import Failure

ENDED = frozenset({MessageState.SENT, MessageState.UNKNOWN, MessageState.FAILED})
_STILL_OURS = text(
    "UPDATE message AS m SET claimed_at = clock_timestamp(), tries = m.tries + v.count"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:claims AS timestamptz[]), CAST(:counts AS int[]))"
    "  AS v(id, claimed_at, count)"
    " WHERE m.id = v.id AND m.state = 'sending' AND m.claimed_at = v.claimed_at RETURNING m.id, m.claimed_at"
)
_BEGIN = text(
    "INSERT INTO attempt (message_id, person_code, channel, address, outcome, code, detail, started_at)"
    " SELECT v.message, v.person, v.channel, v.address, 'sending', '', '', :now"
    " FROM unnest(CAST(:messages AS bigint[]), CAST(:people AS text[]), CAST(:channels AS text[]),"
    "  CAST(:addresses AS text[])) WITH ORDINALITY AS v(message, person, channel, address, nth) ORDER BY v.nth"
    " RETURNING id, message_id, channel, address"
)
_RECORD = text(
    "UPDATE attempt AS a SET outcome = v.outcome, code = v.code, detail = v.detail, retry_at = v.retry_at,"
    " finished_at = :now"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:outcomes AS text[]), CAST(:codes AS text[]), CAST(:details AS text[]),"
    "  CAST(:times AS timestamptz[])) AS v(id, outcome, code, detail, retry_at)"
    " WHERE a.id = v.id AND a.outcome = 'sending'"
)
_FINISH = text(
    "UPDATE message AS m SET state = v.state, not_before = v.not_before, failure = v.failure, claimed_at = NULL,"
    " finished_at = CASE WHEN v.ended THEN CAST(:now AS timestamptz) END"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:claims AS timestamptz[]), CAST(:states AS text[]),"
    "  CAST(:times AS timestamptz[]), CAST(:failures AS text[]), CAST(:ended AS boolean[]))"
    "  AS v(id, claimed_at, state, not_before, failure, ended)"
    " WHERE m.id = v.id AND m.state = 'sending' AND m.claimed_at = v.claimed_at"
)


@dataclass(frozen=True)
class Begun:
    """A try whose row says `sending`. `claimed_at` is the message's claim, renewed; it holds from the commit on."""

    attempt: int
    one: Try
    claimed_at: datetime


@dataclass(frozen=True)
class Result:
    """The outcome of a try; `retry_at` is the time that the provider named."""

    attempt: int
    sent: Sent
    retry_at: datetime | None


@dataclass(frozen=True)
class Ending:
    """How a message stands when nothing is left to try now."""

    message_id: int
    claimed_at: datetime
    state: MessageState
    not_before: datetime
    failure: Failure | None
    is_digest: bool


def begin_all(session: Session, tries: Sequence[Try], *, now: datetime) -> list[Begun]:
    """Write these tries as `sending` before anything leaves, and say that we are still at it.

    A message that the reaper gave to somebody else, because we were too slow, is left out.
    """
    claims = _still_ours(session, tries)
    ours = [one for one in tries if one.work.message.id in claims]
    if not ours:
        return []
    values = {
        "messages": [one.work.message.id for one in ours],
        "people": [one.reader.code for one in ours],
        "channels": [one.door.channel for one in ours],
        "addresses": [one.door.address for one in ours],
        "now": now,
    }
    rows = session.connection().execute(_BEGIN, values)
    ids = {(message, channel, address): key for key, message, channel, address in rows}
    return [Begun(ids[one.work.message.id, *one.lane], one, claims[one.work.message.id or 0]) for one in ours]


def _still_ours(session: Session, tries: Sequence[Try]) -> dict[int, datetime]:
    counts = Counter(one.work.message.id or 0 for one in tries)
    claims = {one.work.message.id or 0: one.work.claimed_at for one in tries}
    values = {"ids": list(counts), "claims": [claims[key] for key in counts], "counts": list(counts.values())}
    return {int(key): at for key, at in session.connection().execute(_STILL_OURS, values)}


def record_all(session: Session, results: Sequence[Result], *, now: datetime) -> None:
    """Write the outcomes of these tries, except where the reaper has settled one meanwhile."""
    if not results:
        return
    values = {
        "ids": [one.attempt for one in results],
        "outcomes": [one.sent.outcome.value for one in results],
        "codes": [one.sent.code for one in results],
        "details": [one.sent.detail for one in results],
        "times": [one.retry_at for one in results],
        "now": now,
    }
    session.connection().execute(_RECORD, values)


def finish_all(session: Session, endings: Sequence[Ending], *, now: datetime) -> None:
    """Write how these messages stand, where the claim is still ours."""
    if not endings:
        return
    values = {
        "ids": [one.message_id for one in endings],
        "claims": [one.claimed_at for one in endings],
        "states": [one.state.value for one in endings],
        "times": [one.not_before for one in endings],
        "failures": [one.failure.value if one.failure else None for one in endings],
        "ended": [one.state in ENDED for one in endings],
        "now": now,
    }
    session.connection().execute(_FINISH, values)
    lost = [one.message_id for one in endings if one.is_digest and one.state == MessageState.FAILED]
    if lost:
        spread(session, lost)
