"""Shorthand for tests of accountability: an issue that has climbed, its measures, papers as a city prints them."""

from pathlib import Path

from sqlmodel import Session, col, select

from models.accountability import Measure, MeasureKind
from services.accountability.recording import history
from services.papers.stationery import read_stationery
from tests.small_city import RULES

STATIONERY = read_stationery(RULES.parent / "papers")
HEADQUARTERS, PERFORMANCE = "R00020", "R00021"
WHY = "经研究"
NOWHERE = Path("/nowhere")


def measures(session: Session, kind: MeasureKind | None = None) -> list[Measure]:
    """Those there are, oldest first, as the database has them now."""
    session.expire_all()
    query = select(Measure).order_by(col(Measure.id))
    return list(session.exec(query.where(Measure.kind == kind) if kind else query))


def acts(session: Session, measure: Measure) -> list[tuple[str, str]]:
    """What is on record about it: the act and who."""
    return [(one.act.value, one.who) for one in history(session, measure.id or 0)]
