"""Who gets through each service that decides about rights: everybody of the small city tries, few are let in.

The sets are written out, so that no change of the table widens them unseen.
"""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session, select

from models.audit import RoundKind, Sheet
from models.calendar import DayKind
from models.calendar_sources import NoticeDay
from models.errors import ActionNotAllowed
from models.rights import Actor
from services import appointments, audit_results, audits, calendars, contacts, operators
from services.accounts import others
from services.audit_results import Seen
from services.audits import AuditOrder
from services.imports import tasks
from tests.cast import MONDAY, who
from tests.small_city import NAMES

OFFICE, INSPECTOR, DUTY, ADMINISTRATOR, DISTRICT, STREET_CHIEF, HEADQUARTERS = (
    *("R00001", "R00002", "R00004", "R00005"),
    *("R00010", "R00014", "R00020"),
)


def order(by: str) -> AuditOrder:
    given = {"kind": RoundKind.ANNOUNCED, "points": 2, "seed": 1, "on_date": date(2026, 11, 2)}
    return AuditOrder(area_code="510302001", inspectors=(INSPECTOR,), requested_by=by, **given)


def import_notice(session: Session, by: Actor) -> None:
    rows = [NoticeDay(date(2027, 1, 1), DayKind.HOLIDAY, "元旦")]
    calendars.import_notice(session, rows=rows, source="通知", now=MONDAY, by=by, commit=False)


def appoint(post: str) -> Callable[[Session, Actor], None]:
    def give(session: Session, by: Actor) -> None:
        appointments.appoint(session, by=by, post_code=post, person_code="R00099", start=date(2026, 11, 2), now=MONDAY)

    return give


def record_anothers_sheet(session: Session, by: Actor) -> None:
    (sheet,) = session.exec(select(Sheet).where(Sheet.point_code == "P-0001")).all()
    audit_results.record(session, sheet_id=sheet.id, by=by, now=MONDAY, observations=[Seen("01-01", "met")])


LET_IN = {
    "import a notice": (import_notice, {OFFICE, ADMINISTRATOR}),
    "import the tasks": (
        lambda session, by: tasks.apply(session, tasks.Plan(file="x"), by=by, now=MONDAY),
        {OFFICE, ADMINISTRATOR},
    ),
    "appoint in the city": (appoint("D-CGJ:handler"), {OFFICE, ADMINISTRATOR}),
    "appoint in a street": (appoint("T510302001:handler"), {OFFICE, ADMINISTRATOR, DISTRICT}),
    "start an audit": (
        lambda session, by: audits.available(session, order(by.code), now=MONDAY),
        {OFFICE, INSPECTOR, DUTY, DISTRICT, STREET_CHIEF, HEADQUARTERS},
    ),
    "fill in another's sheet": (record_anothers_sheet, {OFFICE, INSPECTOR, DISTRICT}),
    "see another's contacts": (
        lambda session, by: contacts.listing(session, by=by, person_code="R00030", now=MONDAY),
        {ADMINISTRATOR, "R00030"},
    ),
    "operate the outbox": (lambda session, by: operators.check(session, by), {OFFICE, DUTY, ADMINISTRATOR}),
    "manage log-ins": (
        lambda session, by: others.listing(session, by=by, today=date(2026, 11, 2), now=MONDAY),
        {ADMINISTRATOR},
    ),
}


@pytest.mark.parametrize("what", LET_IN)
def test_exactly_these_are_let_in(city: Session, what: str) -> None:
    act, expected = LET_IN[what]
    audits.start(city, order(OFFICE), now=MONDAY)
    city.commit()

    assert {code for code in NAMES if gets_through(city, act, who(city, code))} == expected


def gets_through(session: Session, act: Callable[[Session, Actor], object], by: Actor) -> bool:
    try:
        act(session, by)
    except ActionNotAllowed:
        return False
    finally:
        session.rollback()
    return True
