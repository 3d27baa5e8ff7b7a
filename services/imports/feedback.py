"""A superior's feedback (上级反馈) out of a Word file or a workbook: a finished round with its sheets and its issues.

Either every row comes in or none. What is open here already, the same standard at the same point, is shown before; the
row then becomes another issue, or a word on the one that is there, as whoever imports says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.area import Area
from models.audit import Method, Observation, Result, Round, RoundKind, Sheet
from models.errors import BadRows, NotFound
from models.issue import Issue, Source
from models.lifecycle import Action
from models.rights import Actor
from services.audits import next_number
from services.commands import Command
from services.findings import Finding, current_version, find
from services.imports.feedback_plan import LEVELS, FeedbackOrder, Known, Plan, check, plan
from services.imports.feedback_rows import Entry
from services.imports.turns import wait_for_turn
from services.transition import apply as through_the_door

AGAIN = "上级反馈再次指出 · found again by a superior: {round} · {said}"


@dataclass(frozen=True)
class Brought:
    """What came in: the round, numbers of new issues, numbers of open ones on which a word was put."""

    number: str
    issues: tuple[str, ...]
    linked: tuple[str, ...]
    repeated: bool = False


def apply(session: Session, planned: Plan, order: FeedbackOrder, *, by: Actor, now: datetime) -> Brought:
    """Bring it in, in the caller's transaction; the same file for the same day and place once.

    Raises BadRows, and brings nothing in, when a row is bad; what `plan` raises.
    """
    area = check(session, order, by=by, now=now)
    if planned.bad:
        raise BadRows(file=planned.file, rows=planned.bad)
    wait_for_turn(session)
    key = f"feedback:{order.level}:{order.area_code}:{order.on_date}:{planned.sha256}"
    if there := session.exec(select(Round).where(Round.key == key)).first():
        return Brought(there.number, (), (), repeated=True)
    round_ = _new_round(session, order, planned, area, key=key, by=by, now=now)
    fresh = [one for one in planned.entries if not one.known or order.known is Known.NEW]
    outcomes = find(session, findings=[_finding(one, round_, order) for one in fresh], by=by, now=now)
    issues = {(one.place, one.row): outcome.issue_id for one, outcome in zip(fresh, outcomes, strict=True)}
    linked = _link(session, round_, [one for one in planned.entries if one not in fresh], issues, by=by, now=now)
    _write_sheets(session, round_, planned.entries, issues, by=by, now=now)
    return Brought(round_.number, tuple(outcome.number for outcome in outcomes), linked)


def _new_round(
    session: Session, order: FeedbackOrder, planned: Plan, area: Area, *, key: str, by: Actor, now: datetime
) -> Round:
    round_ = Round(
        number=next_number(session, now=now),
        kind=RoundKind.SUPERIOR,
        organiser=order.level.value,
        area_code=area.code,
        categories=[],
        version_code=_version(session, planned, now=now),
        seed=0,
        wanted=len({one.point for one in planned.entries if one.point}),
        on_date=order.on_date,
        requested_by=by.code,
        created_at=now,
        finished_at=now,
        key=key,
        method=Method.CHOSEN,
    )
    session.add(round_)
    session.flush()
    return round_


def _version(session: Session, planned: Plan, *, now: datetime) -> str:
    named = [one.edition.version for one in planned.entries if one.edition]
    version = max(named, key=named.count) if named else current_version(session, now=now)
    if version is None:
        raise NotFound(what="evaluation version", code="-")
    return version


def _finding(one: Entry, round_: Round, order: FeedbackOrder) -> Finding:
    return Finding(
        description=one.description,
        source=Source.SUPERIOR,
        found_level=order.level,
        point=one.point,
        area=None if one.point else one.area,
        category=one.category,
        standard=one.edition.code if one.edition else None,
        version=one.edition.version if one.edition else None,
        severity=one.severity,
        address=one.address,
        deduction=one.deduction,
        round_id=round_.id,
        key=f"round:{round_.number}:{one.place}:{one.row}",
    )


def _link(
    session: Session,
    round_: Round,
    known: Sequence[Entry],
    issues: dict[tuple[str, int], int | None],
    *,
    by: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Put a word on the issues that are open already."""
    if not known:
        return ()
    numbers = {one.known for one in known}
    rows = session.exec(select(Issue.number, Issue.id).where(col(Issue.number).in_(numbers)))
    ids: dict[str | None, int | None] = dict(rows.all())
    commands = []
    for one in known:
        issues[one.place, one.row] = ids[one.known]
        words = {"text": AGAIN.format(round=round_.number, said=one.description)}
        commands.append(
            Command(Action.COMMENT, by, ids[one.known], words, key=f"{round_.number}/{one.place}/{one.row}")
        )
    through_the_door(session, commands, now=now)
    return tuple(dict.fromkeys(one.known or "" for one in known))


def _write_sheets(
    session: Session,
    round_: Round,
    found: Sequence[Entry],
    issues: Mapping[tuple[str, int], int | None],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """A full sheet for each point with a standard; what names no point or standard is an issue of the round alone."""
    by_point: dict[str, list[Entry]] = {}
    for one in found:
        if one.point and one.edition and one.edition.version == round_.version_code:
            by_point.setdefault(one.point, []).append(one)
    for position, (point, rows) in enumerate(by_point.items(), start=1):
        sheet = Sheet(round_id=round_.id or 0, point_code=point, inspector=by.code, position=position, filled_at=now)
        session.add(sheet)
        session.flush()
        for one in rows:
            session.add(_observation(sheet, one, issues[one.place, one.row], now))
    session.flush()


def _observation(sheet: Sheet, one: Entry, issue_id: int | None, now: datetime) -> Observation:
    assert one.edition is not None
    return Observation(
        sheet_id=sheet.id or 0,
        standard_code=one.edition.code,
        result=Result.NOT_MET,
        note=one.description,
        observed_at=now,
        issue_id=issue_id,
    )


__all__ = ["LEVELS", "Brought", "FeedbackOrder", "Known", "Plan", "apply", "plan"]
