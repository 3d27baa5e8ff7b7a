"""What devices kept while they had no network comes in, one standard at a time: each once, whatever is sent twice."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, select

from models.audit import Observation, Round, Sheet
from models.errors import RoundEnded
from models.rights import Actor
from models.unit import Person
from services import audit_contradictions
from services.audit_errors import RecordedOtherwise
from services.audit_results import Seen, record, said


class Came(StrEnum):
    """What became of what came in: written, there already, something else is there, or kept beside that."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    DIFFERS = "differs"
    HANDED_IN = "handed_in"


@dataclass(frozen=True)
class Received:
    """What became of it; where something else is recorded, that and the name of who recorded it."""

    came: Came
    known: Observation | None = None
    who: str = ""


def receive(
    session: Session, *, sheet_id: int, seen: Seen, key: str, insists: bool, by: Actor, now: datetime
) -> Received:
    """Record it, unless it is there. What differs is told; who insists has it kept beside, to be decided.

    `key`: what the device named it. The caller commits. Raises what `record` raises, and KeyUsed.
    """
    try:
        with session.begin_nested():
            done = record(session, sheet_id=sheet_id, by=by, now=now, observations=[seen])
    except RecordedOtherwise:
        return _otherwise(session, sheet_id, seen, key=key, insists=insists, by=by, now=now)
    except RoundEnded:
        known = _known(session, sheet_id, seen.standard)
        if known is None or said(known) != said(seen):
            raise
        return Received(Came.REPEATED)
    return Received(Came.RECORDED if done.written else Came.REPEATED)


def _otherwise(
    session: Session, sheet_id: int, seen: Seen, *, key: str, insists: bool, by: Actor, now: datetime
) -> Received:
    known = _known(session, sheet_id, seen.standard)
    assert known is not None
    sheet = session.get_one(Sheet, sheet_id)
    who = session.get_one(Person, known.recorded_by or sheet.inspector).name
    if not insists:
        return Received(Came.DIFFERS, known, who)
    round_ = session.get_one(Round, sheet.round_id)
    audit_contradictions.hand_in(session, known, seen, key=key, round_=round_, by=by, now=now)
    return Received(Came.HANDED_IN, known, who)


def _known(session: Session, sheet_id: int, standard: str) -> Observation | None:
    query = select(Observation).where(Observation.sheet_id == sheet_id, Observation.standard_code == standard)
    return session.exec(query).first()
