"""The rows of delivery: a try that begins, its outcome, how a message stands; each as long as the claim is ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from models.message import Attempt, MessageState, Outcome
from notifications.channels.base import Sent
from notifications.claiming import Work
from notifications.digest import spread
from notifications.planning import Door, Failure
from notifications.variables import Reader

ENDED = frozenset({MessageState.SENT, MessageState.UNKNOWN, MessageState.FAILED})


class TakenAway(Exception):
    """The reaper gave this message to somebody else while we worked on it."""


@dataclass(frozen=True)
class Ending:
    """How a message stands when nothing is left to try now."""

    message_id: int
    claimed_at: datetime
    state: MessageState
    not_before: datetime
    failure: Failure | None
    is_digest: bool


def begin(session: Session, work: Work, *, reader: Reader, door: Door, now: datetime) -> int:
    """Write a try as `sending` before anything leaves, and say that we are still at it. Raises TakenAway."""
    still_ours = text(
        "UPDATE message SET claimed_at = clock_timestamp(), tries = tries + 1"
        " WHERE id = :id AND state = 'sending' AND claimed_at = :claimed_at RETURNING claimed_at"
    )
    values = {"id": work.message.id, "claimed_at": work.claimed_at}
    claimed_at = session.connection().execute(still_ours, values).scalar_one_or_none()
    if claimed_at is None:
        raise TakenAway
    work.claimed_at = claimed_at
    attempt = Attempt(
        message_id=work.message.id or 0,
        person_code=reader.code,
        channel=door.channel,
        address=door.address,
        outcome=Outcome.SENDING,
        started_at=now,
    )
    session.add(attempt)
    session.flush()
    assert attempt.id is not None
    return attempt.id


def record(session: Session, attempt: int, *, sent: Sent, retry_at: datetime | None, now: datetime) -> None:
    """Write the outcome of a try, unless the reaper has settled it meanwhile."""
    query = text(
        "UPDATE attempt SET outcome = :outcome, code = :code, detail = :detail, retry_at = :retry_at,"
        " finished_at = :now WHERE id = :id AND outcome = 'sending'"
    )
    values = {
        "id": attempt,
        "outcome": sent.outcome.value,
        "code": sent.code,
        "detail": sent.detail,
        "retry_at": retry_at,
        "now": now,
    }
    session.connection().execute(query, values)


def finish_all(session: Session, endings: Sequence[Ending], *, now: datetime) -> None:
    """Write how these messages stand, where the claim is still ours."""
    query = text(
        "UPDATE message AS m SET state = v.state, not_before = v.not_before, failure = v.failure, claimed_at = NULL,"
        " finished_at = CASE WHEN v.ended THEN CAST(:now AS timestamptz) END"
        " FROM unnest(CAST(:ids AS bigint[]), CAST(:claims AS timestamptz[]), CAST(:states AS text[]),"
        "  CAST(:times AS timestamptz[]), CAST(:failures AS text[]), CAST(:ended AS boolean[]))"
        "  AS v(id, claimed_at, state, not_before, failure, ended)"
        " WHERE m.id = v.id AND m.state = 'sending' AND m.claimed_at = v.claimed_at"
    )
    session.connection().execute(
        query,
        {
            "ids": [one.message_id for one in endings],
            "claims": [one.claimed_at for one in endings],
            "states": [one.state.value for one in endings],
            "times": [one.not_before for one in endings],
            "failures": [one.failure.value if one.failure else None for one in endings],
            "ended": [one.state in ENDED for one in endings],
            "now": now,
        },
    )
    lost = [one.message_id for one in endings if one.is_digest and one.state == MessageState.FAILED]
    if lost:
        spread(session, lost)
