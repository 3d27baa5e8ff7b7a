"""Rounds for tests: started, filled, ended."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from models.audit import Result, Round, RoundKind, Sheet
from services import audits
from services.audit_results import Recorded, Seen, record
from tests.cast import INSPECTOR, MONDAY, who
from tests.services.test_audits import ORDER

GOOD, BAD = Seen("01-01", Result.MET), Seen("01-02", Result.NOT_MET, "三辆车占道")
MARKET = (Seen("12-01", Result.MET), Seen("12-02", Result.NOT_MET, "地面油污"))


def started(
    session: Session,
    *,
    kind: RoundKind = RoundKind.MOCK,
    inspectors: Sequence[str] = (INSPECTOR,),
    points: int = 3,
    now: datetime = MONDAY,
    **given: object,
) -> Round:
    """A round over points of the small city, all three of them unless told otherwise."""
    order = replace(ORDER, points=points, kind=kind, inspectors=tuple(inspectors), **given)
    return session.get_one(Round, audits.start(session, order, now=now).round_id)


def sheet_of(session: Session, round_: Round, point: str, *, again: bool = False) -> Sheet:
    query = select(Sheet).where(Sheet.round_id == round_.id, Sheet.point_code == point)
    twice = col(Sheet.again_of).is_not(None) if again else col(Sheet.again_of).is_(None)
    return session.exec(query.where(twice)).one()


def fill(
    session: Session, round_: Round, point: str, *seen: Seen, again: bool = False, now: datetime = MONDAY
) -> Recorded:
    sheet = sheet_of(session, round_, point, again=again)
    by = who(session, sheet.inspector)
    return record(session, sheet_id=sheet.id or 0, by=by, now=now, observations=seen)


def filled(session: Session, round_: Round) -> None:
    """Every sheet, with one fault on each."""
    fill(session, round_, "P-0001", GOOD, BAD)
    fill(session, round_, "P-0003", GOOD, BAD)
    fill(session, round_, "P-0002", *MARKET)
    session.refresh(round_)
