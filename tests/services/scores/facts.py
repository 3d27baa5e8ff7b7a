"""Short ways to a round with its results and a month with its cases."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, select

from models.audit import Result, Round, RoundKind, Sheet
from models.issue import Source
from services import audits, issues
from services.audit_results import Seen, record
from tests.cast import HANDLER, MONDAY, OFFICE, PHOTO, VERIFIER, an_issue, at, who
from tests.services.test_audits import ORDER

MET, NOT_MET, NOT_APPLICABLE = Result
SEEN = {
    "P-0001": {"01-01": NOT_MET, "01-02": MET},
    "P-0003": {"01-01": MET, "01-02": NOT_MET},
    "P-0002": {"12-01": MET, "12-02": NOT_APPLICABLE},
}


def a_round(
    session: Session, *, seen=None, kind: RoundKind = RoundKind.ANNOUNCED, now: datetime = MONDAY, seed: int = 1
) -> str:
    """A round over all three points of the small city with these results; its number."""
    order = replace(ORDER, points=3, kind=kind, seed=seed, on_date=now.date(), key=f"{kind}-{seed}")
    started = audits.start(session, order, now=now)
    for sheet in session.exec(select(Sheet).where(Sheet.round_id == started.round_id)).all():
        given = SEEN if seen is None else seen
        rows = [Seen(code, result, *_note(result)) for code, result in given.get(sheet.point_code, {}).items()]
        if rows:
            record(session, sheet_id=sheet.id, by=who(session, sheet.inspector), now=now, observations=rows)
    session.flush()
    return started.number


def _note(result: Result) -> tuple[str, ...]:
    return ("见照片",) if result is not MET else ()


def the_round(session: Session, number: str) -> Round:
    return session.exec(select(Round).where(Round.number == number)).one()


def finished(session: Session, key: int, moment: str) -> None:
    """The unit hands it in, somebody passes it, the office closes it, all at once."""
    now = at(moment)
    issues.submit(session, issue_ids=[key], by=who(session, HANDLER), now=now, result="完成", evidence=[PHOTO])
    issues.pass_verification(session, issue_ids=[key], by=who(session, VERIFIER), now=now)
    issues.close_out(session, issue_ids=[key], by=who(session, OFFICE), now=now)


def three_cases(session: Session) -> tuple[int, int, int]:
    """Of D-CGJ in November 2026: closed in time, closed late, late and open."""
    in_time = found(session, state="closed")
    late = found(session, state="rectifying")
    finished(session, late, "2026-11-09 10:00")
    return in_time, late, found(session, state="rectifying")


def found(session: Session, *, state: str, now: datetime = MONDAY, source: Source = Source.COVERT, **other) -> int:
    """An issue that inspectors of the city found."""
    return an_issue(session, state=state, now=now, source=source, **other)
