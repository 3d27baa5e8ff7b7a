"""What inspectors saw: results come back sheet by sheet; a standard not met becomes an issue, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.area import Area
from models.audit import Observation, Result, Round, RoundKind, Sheet
from models.errors import ActionNotAllowed, MissingInput, NotFound, RoundEnded, WrongValue
from models.issue import FoundLevel, Source
from models.lifecycle import Role
from models.permissions import PERMISSIONS, Right, held
from models.point import Point
from models.rights import Actor
from models.standard import Standard
from services.audits import asked_of, drawn_again
from services.findings import Finding, find
from services.same_fault_results import finish, looks_at_own

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


@dataclass(frozen=True)
class Seen:
    """What was seen of one standard. `photo` is a SHA-256 of the evidence store, or a file name kept as it is."""

    standard: str
    result: Result
    note: str = ""
    photo: str | None = None


@dataclass(frozen=True)
class Recorded:
    """What came of it: observations written, issues made (their numbers), whether the sheet is full now."""

    written: int
    repeated: int
    issues: tuple[str, ...]
    filled: bool


@dataclass(frozen=True)
class RoundProgress:
    """How far a round has come. `compliance_rate` is met ÷ (met + not met), None without either. Source: domain 9f."""

    number: str
    kind: RoundKind
    sheets: int
    filled: int
    met: int
    not_met: int
    not_applicable: int
    issues: int
    draw_repeats: bool

    @property
    def observed(self) -> int:
        return self.met + self.not_met + self.not_applicable

    @property
    def compliance_rate(self) -> float | None:
        judged = self.met + self.not_met
        return self.met / judged if judged else None


def record(session: Session, *, sheet_id: int, by: Actor, now: datetime, observations: Sequence[Seen]) -> Recorded:
    """Write what an inspector saw on one sheet.

    1. Check who hands it in, and every standard. Raises NotFound, ActionNotAllowed, MissingInput, WrongValue.
    2. What was recorded before and says the same is passed over; what says something else is refused.
    3. Each standard not met becomes an issue; a full sheet is marked, and the round when its last sheet is full.
    """
    sheet = session.exec(select(Sheet).where(Sheet.id == sheet_id).with_for_update()).first()
    if sheet is None:
        raise NotFound(what="sheet", code=sheet_id)
    if not observations:
        raise MissingInput(action="record", missing="observations")
    round_, point = session.get_one(Round, sheet.round_id), session.get_one(Point, sheet.point_code)
    if round_.ended_by is not None:
        raise RoundEnded(number=round_.number, who=round_.ended_by, why=round_.ended_why)
    _check_right(session, by, sheet, point)
    standards = {standard.code: standard for standard in asked_of(session, round_, point)}
    before = {o.standard_code: o for o in session.exec(select(Observation).where(Observation.sheet_id == sheet_id))}
    new = _new(observations, standards, before)
    rows = [_observation(sheet_id, seen, now) for seen in new]
    by_own_unit = looks_at_own(session, round_, sheet, now=now)
    findings = [_finding(row, standards[row.standard_code], round_, point, own=by_own_unit) for row in _faults(rows)]
    numbers = _make_issues(session, rows, findings, by=by, now=now)
    session.add_all(rows)
    full = set(standards) <= {*before, *(seen.standard for seen in new)}
    if full and sheet.filled_at is None:
        sheet.filled_at = now
    session.flush()
    if _finish_round(session, sheet.round_id, now=now):
        finish(session, round_, now=now)
    return Recorded(len(new), len(observations) - len(new), numbers, full)


def _check_right(session: Session, by: Actor, sheet: Sheet, point: Point) -> None:
    """Its inspector, or a dispatcher over the place who types it in."""
    if by.code == sheet.inspector:
        return
    path = session.get_one(Area, point.area_code).path
    if not held(by, Right.RECORD_FOR_OTHERS, city=path.split("/")[0]).covers(area_path=path):
        raise ActionNotAllowed(action="record", who=f"{sheet.inspector}, {Role.DISPATCHER}")


def _new(
    observations: Sequence[Seen], standards: Mapping[str, Standard], before: Mapping[str, Observation]
) -> list[Seen]:
    """The observations that are not there yet, in their order."""
    new: dict[str, Seen] = {}
    for seen in observations:
        if seen.standard not in standards:
            raise WrongValue(field="standard", value=seen.standard, expected=", ".join(sorted(standards)))
        known = before.get(seen.standard) or new.get(seen.standard)
        if known is None:
            new[seen.standard] = seen
        elif (known.result, known.note) != (seen.result, seen.note.strip()):
            raise WrongValue(field=seen.standard, value=seen.result, expected=f"as recorded before: {known.result}")
    return list(new.values())


def _observation(sheet_id: int, seen: Seen, now: datetime) -> Observation:
    return Observation(
        sheet_id=sheet_id,
        standard_code=seen.standard,
        result=seen.result,
        note=seen.note.strip(),
        photo=seen.photo,
        facts={},
        observed_at=now,
    )


def _make_issues(
    session: Session, rows: Sequence[Observation], findings: Sequence[Finding], *, by: Actor, now: datetime
) -> tuple[str, ...]:
    outcomes = find(session, findings=findings, by=by, now=now)
    for row, outcome in zip(_faults(rows), outcomes, strict=True):
        row.issue_id = outcome.issue_id
    return tuple(outcome.number for outcome in outcomes)


def _faults(rows: Sequence[Observation]) -> list[Observation]:
    return [row for row in rows if row.result is Result.NOT_MET]


def _finding(row: Observation, standard: Standard, round_: Round, point: Point, *, own: bool) -> Finding:
    return Finding(
        description=row.note or standard.text,
        source=Source.SELF_CHECK if own else SOURCE_OF[round_.kind],
        found_level=FoundLevel(round_.organiser),
        point=point.code,
        standard=standard.code,
        version=standard.version_code,
        severity=standard.severity,
        deduction=standard.deduction,
        round_id=round_.id,
        key=f"round:{round_.number}:{row.sheet_id}:{standard.code}",
        evidence=({"kind": "before", "sha256": row.photo},) if row.photo and len(row.photo) == SHA256 else (),
    )


def _finish_round(session: Session, round_id: int, *, now: datetime) -> bool:
    """Whether that was its last sheet."""
    # Two inspectors may hand in the last two sheets at once: the second looks after the first has committed.
    session.connection().execute(text("SELECT id FROM round WHERE id = :id FOR UPDATE"), {"id": round_id})
    statement = text(
        "UPDATE round SET finished_at = :now WHERE id = :id AND finished_at IS NULL"
        " AND NOT EXISTS (SELECT FROM sheet WHERE round_id = :id AND filled_at IS NULL)"
    )
    return session.connection().execute(statement, {"id": round_id, "now": now}).rowcount > 0


def end(session: Session, round_: Round, *, by: Actor, why: str, now: datetime) -> None:
    """End a round though sheets are open; nothing more is recorded on it.

    Raises ActionNotAllowed, MissingInput, RoundEnded for one whose sheets are all full.
    """
    session.connection().execute(text("SELECT id FROM round WHERE id = :id FOR UPDATE"), {"id": round_.id})
    session.refresh(round_)
    if not may_end(session, round_, by=by):
        raise ActionNotAllowed(action="audit", who=", ".join(sorted(PERMISSIONS[Right.START_AUDIT].who)))
    if round_.finished_at is not None:
        raise RoundEnded(number=round_.number, who=round_.ended_by or "", why=round_.ended_why)
    if not why.strip():
        raise MissingInput(action="end_audit", missing="why")
    round_.finished_at, round_.ended_by, round_.ended_why = now, by.code, why.strip()
    session.add(round_)
    session.flush()


def may_end(session: Session, round_: Round, *, by: Actor) -> bool:
    """Whoever ordered it, or may order one there."""
    area = session.get_one(Area, round_.area_code)
    over = held(by, Right.START_AUDIT, city=area.path.split("/")[0])
    return by.code == round_.requested_by or over.covers(area_path=area.path)


def progress(session: Session, round_number: str) -> RoundProgress:
    """How far a round has come, and whether its draw can be repeated. Raises NotFound."""
    round_ = round_by_number(session, round_number)
    query = text(
        "SELECT (SELECT count(*) FROM sheet WHERE round_id = :id),"
        " (SELECT count(*) FROM sheet WHERE round_id = :id AND filled_at IS NOT NULL),"
        " count(*) FILTER (WHERE o.result = 'met'), count(*) FILTER (WHERE o.result = 'not_met'),"
        " count(*) FILTER (WHERE o.result = 'not_applicable'), count(DISTINCT o.issue_id)"
        " FROM observation o JOIN sheet s ON s.id = o.sheet_id WHERE s.round_id = :id"
    )
    sheets, filled, met, not_met, not_applicable, issues = session.connection().execute(query, {"id": round_.id}).one()
    repeats = drawn_again(session, round_)
    return RoundProgress(
        round_.number, round_.kind, sheets, filled, met, not_met, not_applicable, issues, draw_repeats=repeats
    )


def round_by_number(session: Session, number: str) -> Round:
    """Raises NotFound."""
    round_ = session.exec(select(Round).where(col(Round.number) == number)).first()
    if round_ is None:
        raise NotFound(what="round", code=number)
    return round_
