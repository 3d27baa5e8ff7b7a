"""Shorthand for these tests: a finished round whose problems are assigned, and its notice."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from models.audit import Result, Round, RoundKind, Sheet
from models.issue import Issue
from services import audits, issues
from services.audit_results import Seen, record
from services.papers.drafts import Issued
from services.papers.notices import issue_notice
from services.papers.stationery import Stationery
from tests.cast import INSPECTOR, MONDAY, OFFICE, who
from tests.services.papers.shelf import CITYS
from tests.services.test_audits import ORDER

FOUND = {
    "P-0001": (Seen("01-01", Result.NOT_MET, "公益广告破损"), Seen("01-02", Result.NOT_MET, "三辆车占道")),
    "P-0002": (Seen("12-01", Result.NOT_MET, "没有公平秤"), Seen("12-02", Result.MET)),
    "P-0003": (Seen("01-01", Result.NOT_MET, "灯箱不亮"), Seen("01-02", Result.MET)),
}


def a_round(session: Session, *, finished: bool = True, assigned: bool = True) -> str:
    """Three points looked at on one day; what is not met goes to the unit of the point. Returns the round's number."""
    number = audits.start(session, replace(ORDER, points=3, kind=RoundKind.ANNOUNCED), now=MONDAY).number
    for point, seen in FOUND.items():
        sheet = session.exec(select(Sheet.id).where(Sheet.point_code == point)).one()
        told = seen if finished or point != "P-0003" else seen[:1]
        record(session, sheet_id=sheet, by=who(session, INSPECTOR), now=MONDAY, observations=told)
    if assigned:
        assign_all(session, to="D-CGJ", point="P-0001")
        assign_all(session, to="D-SCJGJ", point="P-0002")
        assign_all(session, to="D-CGJ", point="P-0003")
    return number


def assign_all(session: Session, *, to: str, point: str) -> list[int]:
    """Every found issue at a point to a unit."""
    query = select(Issue.id).where(Issue.point_code == point, Issue.state == "found").order_by(col(Issue.id))
    keys = [int(key or 0) for key in session.exec(query)]
    issues.assign(session, issue_ids=keys, by=who(session, OFFICE), now=MONDAY, to=to)
    return keys


def noticed(
    session: Session,
    number: str,
    *,
    unit: str = "D-CGJ",
    by: str = OFFICE,
    now: datetime = MONDAY,
    stationery: Stationery = CITYS,
) -> Issued:
    actor = who(session, by, now=now)
    return issue_notice(session, round_number=number, unit_code=unit, by=actor, now=now, stationery=stationery)


def round_id(session: Session, number: str) -> int:
    return int(session.exec(select(Round.id).where(Round.number == number)).one() or 0)
