"""Two who filled in one sheet apart from each other and saw different things: both are kept, a person decides.

What came first is recorded; what came later waits beside it. Whoever steers the round says which counts, neither of the
two who looked. A round with something undecided is not published.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, select

from models.audit import Observation, Result, Round, RoundAct, RoundEvent, Sheet
from models.contradiction import Contradiction
from models.errors import MissingInput, NotFound
from models.issue import Issue
from models.rights import Actor
from models.standard import Standard
from services import audit_issues
from services.audit_acts import note, steered
from services.audit_errors import DecidedAlready, IssueMade, OwnLook, PublishedAlready
from services.audit_results import Seen, seen_at
from services.audits import KeyUsed

_ALL = text(
    "SELECT c.id, o.id AS observation_id, o.standard_code AS standard, p.code AS point, p.name AS point_name,"
    " o.result AS recorded, o.note AS recorded_note, o.facts AS recorded_facts, o.photo AS recorded_photo,"
    " o.observed_at AS recorded_at, w.code AS recorded_by, w.name AS recorded_name,"
    " c.result AS other, c.note AS other_note, c.facts AS other_facts, c.photo AS other_photo,"
    " c.observed_at AS other_at, c.said_by AS other_by, v.name AS other_name"
    " FROM contradiction c JOIN observation o ON o.id = c.observation_id JOIN sheet s ON s.id = o.sheet_id"
    " JOIN point p ON p.code = s.point_code JOIN person w ON w.code = coalesce(o.recorded_by, s.inspector)"
    " JOIN person v ON v.code = c.said_by WHERE s.round_id = :id ORDER BY p.code, o.standard_code, c.id"
)

SAID = ("result", "note", "photo", "facts", "observed_at")
"""What an observation and what contradicts it both say."""


class Chosen(StrEnum):
    """Which of two results counts: the one that was recorded, or the other one."""

    RECORDED = "recorded"
    OTHER = "other"


@dataclass(frozen=True)
class TwoResults:
    """One standard of one sheet with what is recorded of it and what else somebody saw. Times are UTC."""

    id: int
    observation_id: int
    standard: str
    point: str
    point_name: str
    recorded: str
    recorded_note: str
    recorded_facts: dict[str, Any]
    recorded_photo: str | None
    recorded_at: datetime
    recorded_by: str
    recorded_name: str
    other: str
    other_note: str
    other_facts: dict[str, Any]
    other_photo: str | None
    other_at: datetime
    other_by: str
    other_name: str


def hand_in(
    session: Session, known: Observation, seen: Seen, *, key: str, round_: Round, by: Actor, now: datetime
) -> Contradiction:
    """Keep what says otherwise beside what is recorded; the same key again is the same one. The caller commits.

    Raises KeyUsed for a key that names something else.
    """
    found = session.exec(select(Contradiction).where(Contradiction.key == key)).first()
    if found is None:
        found = Contradiction(
            observation_id=known.id or 0,
            key=key,
            result=seen.result,
            note=seen.note.strip(),
            photo=seen.photo,
            facts=seen.facts.written(),
            said_by=by.code,
            observed_at=seen_at(round_, seen.made_at, now=now),
            received_at=now,
        )
        session.add(found)
        session.flush()
    if (found.observation_id, found.said_by) != (known.id, by.code):
        raise KeyUsed(field="key", value=key, expected="a key that nothing else has used", number=round_.number)
    return found


def waiting(session: Session, round_: Round) -> list[TwoResults]:
    """What nobody has decided yet."""
    decided = _decided(session, round_)
    rows = session.connection().execute(_ALL, {"id": round_.id}).mappings()
    return [TwoResults(**row) for row in rows if row["id"] not in decided]


def _decided(session: Session, round_: Round) -> set[int | None]:
    """Those that were decided, and what stood there before and stands beside it since."""
    query = select(RoundEvent.facts).where(RoundEvent.round_id == round_.id)
    acts = session.exec(query.where(RoundEvent.act == RoundAct.CONTRADICTION_DECIDED))
    return {key for facts in acts for key in (facts["contradiction"], facts.get("before"))}


def decide(session: Session, number: str, *, key: int, chosen: Chosen, by: Actor, now: datetime, why: str) -> None:
    """Say which result counts, with a reason; the other one stays on record beside it.

    Raises NotFound, ActionNotAllowed, PublishedAlready, MissingInput, DecidedAlready, OwnLook, IssueMade.
    """
    round_ = steered(session, number, by=by)
    if round_.published_at is not None:
        raise PublishedAlready(number=round_.number)
    found = _found(session, round_, key)
    if not why.strip():
        raise MissingInput(action="decide", missing="why")
    if by.code in (found.recorded_by, found.other_by):
        raise OwnLook
    facts = {"contradiction": key, "point": found.point, "standard": found.standard, "chosen": chosen.value}
    if chosen is Chosen.OTHER:
        facts["before"] = _replace(session, round_, found, by=by, now=now)
    note(session, round_, RoundAct.CONTRADICTION_DECIDED, by=by, now=now, why=why, facts=facts)


def _found(session: Session, round_: Round, key: int) -> TwoResults:
    found = next((one for one in waiting(session, round_) if one.id == key), None)
    if found is not None:
        return found
    if key in _decided(session, round_):
        raise DecidedAlready
    raise NotFound(what="contradiction", code=key)


def _replace(session: Session, round_: Round, found: TwoResults, *, by: Actor, now: datetime) -> int | None:
    """Let the other result be the one that is recorded; the key of what stood there before."""
    row, other = session.get_one(Observation, found.observation_id), session.get_one(Contradiction, found.id)
    if row.issue_id is not None:
        raise IssueMade(number=session.get_one(Issue, row.issue_id).number)
    before = Contradiction(
        observation_id=found.observation_id,
        key=f"before:{found.id}",
        said_by=found.recorded_by,
        received_at=row.received_at or row.observed_at,
        **{name: getattr(row, name) for name in SAID},
    )
    session.add(before)
    for name in SAID:
        setattr(row, name, getattr(other, name))
    row.received_at, row.recorded_by = other.received_at, other.said_by
    session.add(row)
    session.flush()
    _find(session, round_, row, by=by, now=now)
    return before.id


def _find(session: Session, round_: Round, row: Observation, *, by: Actor, now: datetime) -> None:
    """What is not met now and may not wait becomes an issue, as if it had been recorded so."""
    sheet = session.get_one(Sheet, row.sheet_id)
    standard = session.get_one(Standard, (round_.version_code, row.standard_code))
    if row.result is Result.NOT_MET and sheet.again_of is None and audit_issues.due_now(session, round_, standard):
        audit_issues.make(session, round_, [(row, sheet, standard)], by=by, now=now)
