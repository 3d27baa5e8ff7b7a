"""A small city with more points of one kind, and a sweep under way in it."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, select

from models.audit import Observation, Result, Round, Sheet
from models.issue import Issue, IssueEvent
from models.lifecycle import Action
from models.point import Point, Task
from services import same_fault
from services.audit_results import Recorded, Seen, record
from services.same_fault import Begun
from services.same_fault_plan import SweepOrder
from tests.cast import HANDLER, MONDAY, an_issue, who

MORE = (
    # code, name, category, area, lead unit, closed
    ("P-0011", "五星街", "01", "510302001002", "D-CGJ", False),
    ("P-0012", "中华路", "01", "510302001002001", "D-CGJ", False),
    ("P-0013", "同兴路", "01", "510303001001", "D-CGJ", False),
    ("P-0014", "解放路", "01", "510302001002", "D-SCJGJ", False),
    ("P-0015", "旧路", "01", "510302001002", "D-CGJ", True),
)
STANDARD = "01-01"
MET, NOT_MET, NOT_APPLICABLE = Seen(STANDARD, Result.MET), Seen(STANDARD, Result.NOT_MET, "也没有"), None


def more_points(session: Session) -> None:
    """Four more roads, three of them the bureau's, and one that is closed."""
    for code, name, category, area, unit, closed in MORE:
        session.add(Point(code=code, name=name, category_code=category, area_code=area, lead_unit=unit, closed=closed))
    session.flush()


def given_to(session: Session, point: str, unit: str, *, year: int = 2026) -> None:
    """The decomposition table says that this unit answers for the point."""
    session.add(Task(year=year, category_code="01", point_code=point, unit_code=unit))
    session.flush()


def swept(
    session: Session, key: int, *, by: str = HANDLER, now: datetime = MONDAY, order: SweepOrder | None = None
) -> Begun:
    """A sweep from this issue, of the unit's own points unless the order says otherwise."""
    given = replace(order, issue_id=key) if order else SweepOrder(key)
    return same_fault.start(session, given, by=who(session, by, now=now), now=now)


def points_of(session: Session) -> dict[str, str]:
    """The sheets of the newest round: point → who goes."""
    newest = session.exec(select(Round).order_by(Round.id.desc())).first()  # type: ignore[union-attr]
    sheets = session.exec(select(Sheet).where(Sheet.round_id == newest.id).order_by(Sheet.id)).all()
    return {sheet.point_code: sheet.inspector for sheet in sheets}


def fill(
    session: Session, point: str, seen: Seen, *, by: str = HANDLER, now: datetime = MONDAY, round_: str | None = None
) -> Recorded:
    """Hand in the sheet of a point."""
    query = select(Sheet.id).join(Round, Round.id == Sheet.round_id).where(Sheet.point_code == point)
    if round_:
        query = query.where(Round.number == round_)
    key = session.exec(query.order_by(Sheet.id.desc())).first()  # type: ignore[union-attr]
    return record(session, sheet_id=key, by=who(session, by, now=now), now=now, observations=[seen])


def facts_of(session: Session, key: int, action: Action) -> dict:
    """What the newest event of this kind says."""
    query = select(IssueEvent).where(IssueEvent.issue_id == key, IssueEvent.action == action)
    return session.exec(query.order_by(IssueEvent.seq.desc())).first().facts  # type: ignore[union-attr]


def issue_at(session: Session, point: str) -> Issue:
    """The newest issue at a point."""
    return session.exec(select(Issue).where(Issue.point_code == point).order_by(Issue.id.desc())).first()  # type: ignore


def observed(session: Session, point: str, at: datetime) -> None:
    """Somebody looked at a point for the standard at that time, in some other round."""
    key = an_issue(session, state="rectifying")
    swept(session, key, now=at)
    sheet = session.exec(select(Sheet).where(Sheet.point_code == point)).first()
    session.add(Observation(sheet_id=sheet.id, standard_code=STANDARD, result=Result.MET, observed_at=at))
    session.flush()
