"""What inspectors saw: results come back sheet by sheet; a standard not met becomes an issue, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, select

from models.area import Area
from models.audit import Observation, Result, Round, Sheet
from models.errors import ActionNotAllowed, MissingInput, NotFound, RoundEnded, WrongValue
from models.lifecycle import Role
from models.permissions import PERMISSIONS, Right, held
from models.point import Point
from models.rights import Actor
from models.standard import Standard
from services import audit_facts, audit_issues
from services.audit_errors import RecordedOtherwise
from services.audit_facts import NO_FACTS, Facts
from services.audits import asked_of
from services.same_fault_results import finish, looks_at_own
from services.scores import formula


@dataclass(frozen=True)
class Seen:
    """What was seen of one standard. `photo` is a SHA-256 of the evidence store, or a file name kept as it is.

    `facts`: what was counted or timed. `made_at`: when it was seen, where a device kept it until there was a network.
    """

    standard: str
    result: Result
    note: str = ""
    photo: str | None = None
    facts: Facts = NO_FACTS
    made_at: datetime | None = None


@dataclass(frozen=True)
class Recorded:
    """What came of it: observations written, issues made (their numbers), whether the sheet is full now."""

    written: int
    repeated: int
    issues: tuple[str, ...]
    filled: bool


def record(session: Session, *, sheet_id: int, by: Actor, now: datetime, observations: Sequence[Seen]) -> Recorded:
    """Write what an inspector saw on one sheet.

    1. Check who hands it in, and every standard. Raises NotFound, ActionNotAllowed, MissingInput, WrongValue,
       RoundEnded for a round that takes no more.
    2. What was recorded before and says the same is passed over; what says something else is refused
       (RecordedOtherwise).
    3. Each standard not met becomes an issue, at once or when the round is published; of a second look none does.
    4. A full sheet is marked, and the round when its last sheet is full.
    """
    round_, sheet = _held(session, sheet_id)
    if not observations:
        raise MissingInput(action="record", missing="observations")
    point = session.get_one(Point, sheet.point_code)
    _check_open(round_, sheet)
    _check_right(session, by, sheet, point)
    standards = {standard.code: standard for standard in asked_of(session, round_, point)}
    before = {o.standard_code: o for o in session.exec(select(Observation).where(Observation.sheet_id == sheet_id))}
    new = _new(observations, standards, before)
    _check_counts(session, new, standards)
    rows = [_observation(round_, sheet, seen, by, now) for seen in new]
    numbers = _issues(session, round_, sheet, rows, standards, by=by, now=now)
    session.add_all(rows)
    full = set(standards) <= {*before, *(seen.standard for seen in new)}
    if full and sheet.filled_at is None:
        sheet.filled_at = now
    session.flush()
    if _finish_round(session, sheet.round_id, now=now):
        finish(session, round_, now=now)
    return Recorded(len(new), len(observations) - len(new), numbers, full)


def _held(session: Session, sheet_id: int) -> tuple[Round, Sheet]:
    """The sheet with its round, which is locked: whoever fills another sheet of it, ends or publishes it waits.

    Raises NotFound.
    """
    sheet = session.get(Sheet, sheet_id)
    if sheet is None:
        raise NotFound(what="sheet", code=sheet_id)
    lock = select(Round).where(Round.id == sheet.round_id).with_for_update(key_share=True)
    round_ = session.exec(lock.execution_options(populate_existing=True)).one()
    session.refresh(sheet)
    return round_, sheet


def _check_open(round_: Round, sheet: Sheet) -> None:
    """A round that somebody ended takes no more, except of its re-check; one that is published takes nothing."""
    ended = round_.ended_by is not None and sheet.again_of is None
    if ended or round_.published_at is not None:
        raise RoundEnded(number=round_.number, who=round_.ended_by or "", why=round_.ended_why)


def _check_counts(session: Session, new: Sequence[Seen], standards: Mapping[str, Standard]) -> None:
    on_site = formula.in_force(session).on_site
    for seen in new:
        audit_facts.check(seen.result, seen.facts, standards[seen.standard], on_site.measure(seen.standard))
        if seen.result is Result.NOT_APPLICABLE and not seen.note.strip():
            raise MissingInput(action="record", missing=f"{seen.standard}: note")


def _issues(
    session: Session,
    round_: Round,
    sheet: Sheet,
    rows: Sequence[Observation],
    standards: Mapping[str, Standard],
    *,
    by: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Of a second look nothing comes before somebody has decided."""
    if sheet.again_of is not None:
        return ()
    bad = [(row, sheet, standards[row.standard_code]) for row in audit_issues.faults(rows)]
    due = [one for one in bad if audit_issues.due_now(session, round_, one[2])]
    own = looks_at_own(session, round_, sheet, now=now)
    return audit_issues.make(session, round_, due, by=by, own=own, now=now)


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
        elif said(known) != said(seen):
            expected = f"as recorded before: {known.result}"
            raise RecordedOtherwise(field=seen.standard, value=seen.result, expected=expected)
    return list(new.values())


def said(known: Observation | Seen) -> tuple[Result, str, Facts]:
    """What was seen, as two of them are compared."""
    facts = known.facts if isinstance(known, Seen) else audit_facts.read(known.facts)
    return known.result, known.note.strip(), facts


def seen_at(round_: Round, made_at: datetime | None, *, now: datetime) -> datetime:
    """When it was seen, as a device says: neither before the round was there nor after it came in."""
    return min(max(made_at, round_.created_at), now) if made_at else now


def _observation(round_: Round, sheet: Sheet, seen: Seen, by: Actor, now: datetime) -> Observation:
    return Observation(
        sheet_id=sheet.id or 0,
        standard_code=seen.standard,
        result=seen.result,
        note=seen.note.strip(),
        photo=seen.photo,
        facts=seen.facts.written(),
        observed_at=seen_at(round_, seen.made_at, now=now),
        received_at=now if seen.made_at else None,
        recorded_by=by.code,
        counted=sheet.again_of is None,
    )


def _finish_round(session: Session, round_id: int, *, now: datetime) -> bool:
    """Whether that was its last sheet. The round is locked, so of two who hand in the last two one sees it."""
    statement = text(
        "UPDATE round SET finished_at = :now WHERE id = :id AND finished_at IS NULL"
        " AND NOT EXISTS (SELECT FROM sheet WHERE round_id = :id AND again_of IS NULL AND filled_at IS NULL)"
    )
    return session.connection().execute(statement, {"id": round_id, "now": now}).rowcount > 0


def end(session: Session, round_: Round, *, by: Actor, why: str, now: datetime) -> None:
    """End a round though sheets are open; nothing more is recorded on it.

    Raises ActionNotAllowed, MissingInput, RoundEnded for one whose sheets are all full.
    """
    session.connection().execute(text("SELECT id FROM round WHERE id = :id FOR NO KEY UPDATE"), {"id": round_.id})
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
