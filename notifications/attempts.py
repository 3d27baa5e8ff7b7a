"""The rows of delivery: tries that begin, their outcomes, how messages stand; each as long as the claim is ours.

Every function works on many rows with a few statements. `clock_timestamp()` for claims: see claiming.py.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from models.message import MessageState
from notifications.channels.base import Fault, Sent
from notifications.dead_addresses import switch_off
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
    "INSERT INTO attempt (message_id, person_code, channel, address, outcome, code, detail, started_at, reason, door,"
    " joined_to) SELECT v.message, v.person, v.channel, v.address, 'sending', '', '', :now, v.reason, v.door, v.letter"
    " FROM unnest(CAST(:messages AS bigint[]), CAST(:people AS text[]), CAST(:channels AS text[]),"
    "  CAST(:addresses AS text[]), CAST(:reasons AS text[]), CAST(:doors AS text[]), CAST(:letters AS bigint[]))"
    "  WITH ORDINALITY AS v(message, person, channel, address, reason, door, letter, nth) ORDER BY v.nth"
    " RETURNING id, message_id, channel, address"
)
_RECORD = text(
    "UPDATE attempt AS a SET outcome = v.outcome, code = v.code, detail = v.detail, retry_at = v.retry_at,"
    " fault = v.fault, finished_at = :now"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:outcomes AS text[]), CAST(:codes AS text[]), CAST(:details AS text[]),"
    "  CAST(:times AS timestamptz[]), CAST(:faults AS text[])) AS v(id, outcome, code, detail, retry_at, fault)"
    " WHERE a.id = v.id AND a.outcome = 'sending'"
)
_FINISH = text(
    "UPDATE message AS m SET state = v.state, not_before = v.not_before, failure = v.failure, claimed_at = NULL,"
    " answer_by = v.answer_by, finished_at = CASE WHEN v.ended THEN CAST(:now AS timestamptz) END"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:claims AS timestamptz[]), CAST(:states AS text[]),"
    "  CAST(:times AS timestamptz[]), CAST(:failures AS text[]), CAST(:ended AS boolean[]),"
    "  CAST(:answers AS timestamptz[])) AS v(id, claimed_at, state, not_before, failure, ended, answer_by)"
    " WHERE m.id = v.id AND m.state = 'sending' AND m.claimed_at = v.claimed_at"
)


@dataclass(frozen=True)
class Begun:
    """A try whose row says `sending`. `claimed_at` is the message's claim, renewed; it holds from the commit on.

    `also` travel in the same letter.
    """

    attempt: int
    one: Try
    claimed_at: datetime
    also: "tuple[Begun, ...]" = ()

    @property
    def all(self) -> "tuple[Begun, ...]":
        """Every try of the letter."""
        return (self, *self.also)


@dataclass(frozen=True)
class Result:
    """The outcome of a try; `retry_at` is the time that the provider named."""

    attempt: int
    sent: Sent
    retry_at: datetime | None


@dataclass(frozen=True)
class Ending:
    """How a message stands when nothing is left to try now; `answer_by`: silence.py."""

    message_id: int
    claimed_at: datetime
    state: MessageState
    not_before: datetime
    failure: Failure | None
    is_digest: bool
    answer_by: datetime | None = None


def begin_all(
    session: Session, tries: Sequence[Try], *, now: datetime, also: Mapping[Try, Sequence[Try]] | None = None
) -> list[Begun]:
    """Write these tries as `sending` before anything leaves, and say that we are still at it.

    `also`: what goes along in the letter of one of them: tries of other messages. A message that the reaper gave to
    somebody else, because we were too slow, is left out.
    """
    letters = _begin(session, tries, now=now)
    wanted = [(one, letter) for letter in letters for one in (also or {}).get(letter.one, ())]
    along: dict[int | None, list[Begun]] = defaultdict(list)
    into = {one: letter.attempt for one, letter in wanted}
    for begun in _begin(session, list(into), now=now, into=into):
        along[into[begun.one]].append(begun)
    return [replace(letter, also=tuple(along[letter.attempt])) for letter in letters]


def _begin(
    session: Session, tries: Sequence[Try], *, now: datetime, into: Mapping[Try, int] | None = None
) -> list[Begun]:
    claims = _still_ours(session, tries) if tries else {}
    ours = [one for one in tries if one.work.message.id in claims]
    if not ours:
        return []
    values = {
        "messages": [one.work.message.id for one in ours],
        "people": [one.reader.code for one in ours],
        "channels": [one.door.channel for one in ours],
        "addresses": [one.door.address for one in ours],
        "reasons": [one.door.reason for one in ours],
        "doors": [one.lane[1] for one in ours],
        "letters": [(into or {}).get(one) for one in ours],
        "now": now,
    }
    rows = session.connection().execute(_BEGIN, values)
    ids = {(message, channel, address): key for key, message, channel, address in rows}
    keys = [(one.work.message.id, one.door.channel, one.door.address) for one in ours]
    return [Begun(ids[key], one, claims[key[0] or 0]) for key, one in zip(keys, ours, strict=True)]


def _still_ours(session: Session, tries: Sequence[Try]) -> dict[int, datetime]:
    counts = Counter(one.work.message.id or 0 for one in tries)
    claims = {one.work.message.id or 0: one.work.claimed_at for one in tries}
    values = {"ids": list(counts), "claims": [claims[key] for key in counts], "counts": list(counts.values())}
    return {int(key): at for key, at in session.connection().execute(_STILL_OURS, values)}


def record_all(session: Session, results: Sequence[Result], *, now: datetime) -> None:
    """Write the outcomes of these tries, except where the reaper has settled one meanwhile.

    Contacts that proved dead are switched off.
    """
    if not results:
        return
    values = {
        "ids": [one.attempt for one in results],
        "outcomes": [one.sent.outcome.value for one in results],
        "codes": [one.sent.code for one in results],
        "details": [one.sent.detail for one in results],
        "times": [one.retry_at for one in results],
        "faults": [one.sent.fault.value if one.sent.fault else None for one in results],
        "now": now,
    }
    session.connection().execute(_RECORD, values)
    switch_off(session, [one.attempt for one in results if one.sent.fault is Fault.ADDRESS], now=now)


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
        "answers": [one.answer_by for one in endings],
        "now": now,
    }
    session.connection().execute(_FINISH, values)
    lost = [one.message_id for one in endings if one.is_digest and one.state == MessageState.FAILED]
    if lost:
        spread(session, lost)
