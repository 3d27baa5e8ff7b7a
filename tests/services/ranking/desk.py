"""October in the small city, its draft, appeals and publication, in a few words."""

from sqlmodel import Session

from models.appeal import Appeal, AppealOutcome
from models.issue import Issue
from models.publication import Publication
from services.ranking import appeals, drafting
from services.ranking.appeals import Pleaded
from services.ranking.months import Month
from services.ranking.table import Row, Table, from_content
from tests.cast import DEPUTY, OFFICE, an_issue, at, read, who

CITY, HEADQUARTERS = "5103", "R00020"
OCTOBER = Month(2026, 10)
FOUND, DRAFTED = at("2026-10-12 10:00"), at("2026-11-02 10:00")
WITHIN, LAST_MINUTE, AFTER = at("2026-11-03 10:00"), at("2026-11-05 17:00"), at("2026-11-05 17:01")
LINK = "https://files.example.invalid/report.pdf"
PLEADED = Pleaded("not_my_duty", "该路段由区里管护")


def october(session: Session, *, closed: int = 2, open_: int = 1) -> list[int]:
    """Cases of D-CGJ that were due in October: closed in time, and open and late."""
    states = ["closed"] * closed + ["rectifying"] * open_
    found = [an_issue(session, state=state, now=FOUND) for state in states]
    session.commit()
    return found


def drafted(session: Session, month: Month = OCTOBER) -> Publication:
    now = at(f"{month.after}-02 10:00")
    row = drafting.draft(session, month=month, area_code=CITY, by=who(session, OFFICE, now=now), now=now)
    session.commit()
    return row


def number_of(session: Session, key: int) -> str:
    return session.get_one(Issue, key).number


def appealed(session: Session, key: int, *, by: str = DEPUTY, now=WITHIN, pleaded: Pleaded = PLEADED, **more) -> Appeal:
    row = appeals.appeal(
        session,
        read(session, key).number,
        month=OCTOBER,
        area_code=CITY,
        pleaded=pleaded,
        by=who(session, by, now=now),
        now=now,
        **more,
    )
    session.commit()
    return row


def decided(
    session: Session, appeal: Appeal, outcome: str, *, by: str = HEADQUARTERS, reason: str = "属实", now=WITHIN
):
    row = appeals.decide(
        session,
        appeal.id or 0,
        outcome=AppealOutcome(outcome),
        reason=reason,
        by=who(session, by, now=now),
        now=now,
    )
    session.commit()
    return row


def approved(session: Session, month: Month = OCTOBER, *, by: str = HEADQUARTERS, now=AFTER) -> Publication:
    row = drafting.must_find(session, month, area_code=CITY)
    drafting.approve(session, row, by=who(session, by, now=now), seen=row.content_sha256, now=now)
    session.commit()
    return row


def table(session: Session, month: Month = OCTOBER) -> Table:
    session.expire_all()
    return from_content(drafting.must_find(session, month, area_code=CITY).content)


def line(session: Session, unit: str = "D-CGJ", month: Month = OCTOBER) -> Row:
    found = table(session, month).row(unit)
    assert found is not None
    return found
