"""Issues that come of a round: at once, or, where the round is held, when it is published.

One exception: what is dangerous (the ladder climbs round the clock) waits for no publication. Of a round that nobody
may know of it becomes an issue as if the inspector had come upon it: it names neither the round nor its kind, and stays
so. Source: domain 9b and 9c (S1), docs/decisions.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from models.audit import Observation, Result, Round, RoundKind, Sheet
from models.issue import FoundLevel, Source
from models.rights import Actor
from models.standard import Standard
from services import rulebook
from services.findings import Finding, find

SOURCE_OF: Mapping[RoundKind, Source] = {
    RoundKind.ANNOUNCED: Source.ANNOUNCED,
    RoundKind.COVERT: Source.COVERT,
    RoundKind.MOCK: Source.MOCK,
    RoundKind.SPECIAL: Source.ANNOUNCED,
    RoundKind.LOOK_BACK: Source.LOOK_BACK,
    RoundKind.SUPERIOR: Source.SUPERIOR,
    RoundKind.SAME_FAULT: Source.ANNOUNCED,
}
SHA256 = 64


def is_urgent(session: Session, standard: Standard) -> bool:
    """Whether a fault may not wait: for its severity the ladder climbs round the clock. Source: domain 9c, S1."""
    rules = rulebook.rules(session, rulebook.the_city(session).rule_set_code or "")
    speed = rules.speeds.get(standard.severity)
    return speed is not None and speed.hours_per_day is not None


def due_now(session: Session, round_: Round, standard: Standard) -> bool:
    """Whether a standard not met becomes an issue when it is recorded."""
    return not round_.held or round_.published_at is not None or is_urgent(session, standard)


def make(
    session: Session,
    round_: Round,
    seen: Sequence[tuple[Observation, Sheet, Standard]],
    *,
    by: Actor,
    own: bool = False,
    now: datetime,
) -> tuple[str, ...]:
    """An issue for each of these observations, which are not met; their numbers. `own`: found by the unit itself."""
    findings = [finding(round_, row, sheet, standard, own=own) for row, sheet, standard in seen]
    outcomes = find(session, findings=findings, by=by, now=now)
    for (row, _, _), outcome in zip(seen, outcomes, strict=True):
        row.issue_id = outcome.issue_id
        session.add(row)
    return tuple(outcome.number for outcome in outcomes)


def finding(round_: Round, row: Observation, sheet: Sheet, standard: Standard, *, own: bool = False) -> Finding:
    """What is registered of one observation."""
    key = f"round:{round_.number}:{sheet.id}:{standard.code}"
    named = not round_.is_secret
    return Finding(
        description=row.note or standard.text,
        source=Source.SELF_CHECK if own else SOURCE_OF[round_.kind] if named else Source.ANNOUNCED,
        found_level=FoundLevel(round_.organiser),
        point=sheet.point_code,
        standard=standard.code,
        version=standard.version_code,
        severity=standard.severity,
        deduction=standard.deduction,
        round_id=round_.id if named else None,
        key=key if named else f"seen:{hashlib.sha256(f'{round_.seed}:{key}'.encode()).hexdigest()}",
        evidence=({"kind": "before", "sha256": row.photo},) if row.photo and len(row.photo) == SHA256 else (),
    )


def faults(rows: Sequence[Observation]) -> list[Observation]:
    """Those that are not met."""
    return [row for row in rows if row.result is Result.NOT_MET]
