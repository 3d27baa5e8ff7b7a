"""A half month with something in it, and a bulletin brought to a state by those whose work it is."""

from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session

from models.publication import Publication, PublicationKind
from models.rights import SYSTEM
from services import issues
from services.bulletins import deciding
from services.bulletins.drafting import draft
from services.bulletins.files import Press
from services.papers.stationery import Stationery
from tests.cast import OFFICE, an_issue, at, who

HEADQUARTERS = "R00020"
MONDAY, MORNING = at("2026-11-02 10:00"), at("2026-11-16 08:10")
HALF_MONTH = PublicationKind.HALF_MONTH


def a_half_month(session: Session) -> tuple[int, int]:
    """One issue that a department closed in time, and one that a street left: their ids."""
    closed = an_issue(session, state="closed", now=MONDAY)
    late = an_issue(session, now=MONDAY, point="P-0002", standard="12-01")
    issues.assign(session, issue_ids=[late], by=who(session, OFFICE), now=MONDAY, to="T510302001")
    return closed, late


def drafted(session: Session, *, now: datetime = MORNING, on: date | None = None) -> Publication:
    """As the timer drafts it."""
    return draft(session, HALF_MONTH, on=on or now.date(), by=SYSTEM, now=now).publication


def approved(session: Session, *, now: datetime = MORNING) -> Publication:
    row = drafted(session, now=now)
    by = who(session, HEADQUARTERS, now=now)
    return deciding.approve(session, row.id or 0, by=by, seen=row.content_sha256, now=now)


def published(session: Session, *, now: datetime = MORNING, place: Path = Path("/nowhere")) -> Publication:
    """`place`: where the photos lie; without any, none is looked for."""
    row = approved(session, now=now)
    by = who(session, OFFICE, now=now)
    press = Press(Stationery(), place)
    return deciding.publish(session, row.id or 0, by=by, seen=row.content_sha256, now=now, press=press)
