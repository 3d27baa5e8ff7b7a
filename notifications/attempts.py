"""The rows of delivery: tries that begin, their outcomes, how messages stand; each as long as the claim is ours.

Every function works on many rows with a few statements. `clock_timestamp()` for claims: see claiming.py.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.message import MessageState
from notifications.channels.base import Fault, Sent
from notifications.dead_addresses import switch_off
from notifications.digest import spread
from notifications.lanes import Try
from notifications.planning import Failure
from notifications.rows import document, rows

ENDED = frozenset({MessageState.SENT, MessageState.UNKNOWN, MessageState.FAILED})
_BEGIN = text(
    "WITH v AS MATERIALIZED (SELECT * FROM "
    + rows(
        "nth int, message bigint, claimed_at timestamptz, person text, channel text, address text, reason text,"
        " door text, letter bigint"
    )
    + "), ours AS (UPDATE message AS m SET claimed_at = clock_timestamp(), tries = m.tries + c.count"
    "  FROM (SELECT message, claimed_at, count(*) FROM v GROUP BY 1, 2) AS c"
    "  WHERE m.id = c.message AND m.state = 'sending' AND m.claimed_at = c.claimed_at RETURNING m.id, m.claimed_at),"
    " begun AS (INSERT INTO attempt (message_id, person_code, channel, address, outcome, code, detail, started_at,"
    "   reason, door, joined_to)"
    "  SELECT v.message, v.person, v.channel, v.address, 'sending', '', '', :now, v.reason, v.door, v.letter"
    "  FROM v JOIN ours ON ours.id = v.message ORDER BY v.nth RETURNING id, message_id, channel, address)"
    " SELECT b.message_id, b.channel, b.address, b.id, o.claimed_at FROM begun b JOIN ours o ON o.id = b.message_id"
)
_RECORD = text(
    "UPDATE attempt AS a SET outcome = v.outcome, code = v.code, detail = v.detail, retry_at = v.retry_at,"
    " fault = v.fault, finished_at = :now FROM "
    + rows("id bigint, outcome text, code text, detail text, retry_at timestamptz, fault text")
    + " WHERE a.id = v.id AND a.outcome = 'sending'"
)
_FINISH = text(
    "UPDATE message AS m SET state = v.state, not_before = v.not_before, failure = v.failure, claimed_at = NULL,"
    " answer_by = v.answer_by, finished_at = CASE WHEN v.ended THEN CAST(:now AS timestamptz) END FROM "
    + rows(
        "id bigint, claimed_at timestamptz, state text, not_before timestamptz, failure text, ended boolean,"
        " answer_by timestamptz"
    )
    + " WHERE m.id = v.id AND m.state = 'sending' AND m.claimed_at = v.claimed_at"
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
    if not tries:
        return []
    values = [_to_begin(nth, one, (into or {}).get(one)) for nth, one in enumerate(tries)]
    found = session.connection().execute(_BEGIN, {"rows": document(values), "now": now})
    begun = {(message, channel, address): (key, claimed_at) for message, channel, address, key, claimed_at in found}
    keys = ((one, begun.get((one.work.message.id, one.door.channel, one.door.address))) for one in tries)
    return [Begun(key[0], one, key[1]) for one, key in keys if key]


def _to_begin(nth: int, one: Try, letter: int | None) -> Mapping[str, Any]:
    return {
        "nth": nth,
        "message": one.work.message.id,
        "claimed_at": one.work.claimed_at,
        "person": one.reader.code,
        "channel": one.door.channel,
        "address": one.door.address,
        "reason": one.door.reason,
        "door": one.lane[1],
        "letter": letter,
    }


def record_all(session: Session, results: Sequence[Result], *, now: datetime) -> None:
    """Write the outcomes of these tries, except where the reaper has settled one meanwhile.

    Contacts that proved dead are switched off.
    """
    if not results:
        return
    values = [
        {
            "id": one.attempt,
            "outcome": one.sent.outcome,
            "code": _storable(one.sent.code),
            "detail": _storable(one.sent.detail),
            "retry_at": one.retry_at,
            "fault": one.sent.fault,
        }
        for one in results
    ]
    session.connection().execute(_RECORD, {"rows": document(values), "now": now})
    switch_off(session, [one.attempt for one in results if one.sent.fault is Fault.ADDRESS], now=now)


def _storable(said: str) -> str:
    """What a provider said, without what no database takes: zeros, and halves of characters."""
    return said.replace("\0", "").encode(errors="replace").decode()


def finish_all(session: Session, endings: Sequence[Ending], *, now: datetime) -> None:
    """Write how these messages stand, where the claim is still ours."""
    if not endings:
        return
    values = [
        {
            "id": one.message_id,
            "claimed_at": one.claimed_at,
            "state": one.state,
            "not_before": one.not_before,
            "failure": one.failure,
            "ended": one.state in ENDED,
            "answer_by": one.answer_by,
        }
        for one in endings
    ]
    session.connection().execute(_FINISH, {"rows": document(values), "now": now})
    lost = [one.message_id for one in endings if one.is_digest and one.state == MessageState.FAILED]
    if lost:
        spread(session, lost)
