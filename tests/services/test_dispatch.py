"""The half-month bulletin: which period, frozen once, told to whom."""

from datetime import date

import pytest
from sqlmodel import Session, col, select

from models.appraisal import Appraisal, Bulletin
from models.errors import WrongValue
from models.message import Message
from services import issues
from services.dispatch import half_month, percent, period_before
from tests.cast import OFFICE, an_issue, at, read, who
from tests.small_city import a_city

MONDAY, MORNING = at("2026-11-02 10:00"), at("2026-11-16 08:10")


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    an_issue(session, state="closed", now=MONDAY)
    key = an_issue(session, now=MONDAY, point="P-0002", standard="12-01")
    issues.assign(session, issue_ids=[key], by=who(session, OFFICE), now=MONDAY, to="T510302001")
    return session


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        (date(2026, 11, 16), date(2026, 11, 1), date(2026, 11, 15)),
        (date(2026, 11, 30), date(2026, 11, 1), date(2026, 11, 15)),
        (date(2026, 12, 1), date(2026, 11, 16), date(2026, 11, 30)),
        (date(2027, 1, 15), date(2026, 12, 16), date(2026, 12, 31)),
        (date(2028, 3, 1), date(2028, 2, 16), date(2028, 2, 29)),
    ],
)
def test_the_period_is_the_half_month_that_ended_last(on: date, first: date, last: date) -> None:
    assert period_before(on) == (first, last)


def test_the_bulletin_holds_the_totals_and_the_last_units(city: Session) -> None:
    seen = half_month(city, on=date(2026, 11, 16), now=MORNING).figures
    assert (seen["formula"], seen["units"], seen["total"]["due"], seen["total"]["closed"]) == ("9f-1", 2, 2, 1)
    assert seen["total"]["rectification_rate"] == "0.5000"
    assert seen["bottom"] == [{"code": "T510302001", "name": "五星街街道办事处"}]


def test_each_unit_is_appraised_with_its_rank(city: Session) -> None:
    half_month(city, on=date(2026, 11, 16), now=MORNING)
    rows = city.exec(select(Appraisal).order_by(col(Appraisal.unit_code)))
    assert [(row.unit_code, row.figures["rank"], row.figures["rectification_rate"]) for row in rows] == [
        ("D-CGJ", 1, "1.0000"),
        ("T510302001", 2, "0.0000"),
    ]


def test_it_is_made_once_and_stays_what_it_was(city: Session) -> None:
    first = half_month(city, on=date(2026, 11, 16), now=MORNING)
    an_issue(city, state="rectifying", now=MONDAY)
    again = half_month(city, on=date(2026, 11, 20), now=at("2026-11-20 08:10"))
    assert (again.id, again.figures["total"]["due"]) == (first.id, 2)
    assert len(city.exec(select(Bulletin)).all()) == 1


def test_the_office_the_headquarters_and_each_units_leader_are_told(city: Session) -> None:
    half_month(city, on=date(2026, 11, 16), now=MORNING)
    told = city.exec(select(Message).where(Message.kind == "bulletin").order_by(col(Message.id))).all()
    assert [(m.post_code, m.why) for m in told] == [
        ("5103:office", "L1.office"),
        ("5103:headquarters", "L1.headquarters"),
        ("510302:office", "L2.office"),
        ("D-CGJ:principal_leader", "unit.principal_leader"),
        ("T510302:principal_leader", "unit.principal_leader"),
        ("T510302001:deputy_leader", "unit.deputy_leader"),
    ]
    facts = told[0].facts
    assert facts["totals"] == {"assigned": 2, "due": 2, "closed": 1, "rate": "50.0", "overdue": 1}
    assert (facts["start"], facts["end"], facts["bottom"]) == ("2026-11-01", "2026-11-15", ["五星街街道办事处"])


def lists(session: Session) -> dict[str, list[str]]:
    """Which issues the bulletin lists, by post."""
    rows = session.exec(select(Message).where(Message.kind == "bulletin"))
    return {row.post_code or "": [line["number"] for line in row.facts["lines"]] for row in rows}


def test_each_leader_is_shown_what_is_overdue_in_their_own_hands(city: Session) -> None:
    of_the_street = read(city, 2).number
    of_the_department = read(city, an_issue(city, state="rectifying", now=MONDAY)).number

    half_month(city, on=date(2026, 11, 16), now=MORNING)

    assert lists(city) == {
        "5103:office": [of_the_street, of_the_department],
        "5103:headquarters": [of_the_street, of_the_department],
        "510302:office": [of_the_street, of_the_department],
        "T510302:principal_leader": [of_the_street, of_the_department],
        "D-CGJ:principal_leader": [of_the_department],
        "T510302001:deputy_leader": [of_the_street, of_the_department],
    }


def test_a_quiet_half_month_is_published_too(session: Session) -> None:
    a_city(session)
    seen = half_month(session, on=date(2026, 11, 16), now=MORNING).figures
    assert (seen["units"], seen["bottom"], seen["total"]["rectification_rate"]) == (0, [], None)


def test_a_day_that_has_not_come_is_refused(city: Session) -> None:
    with pytest.raises(WrongValue):
        half_month(city, on=date(2026, 12, 1), now=MORNING)


def test_a_rate_without_cases_is_shown_as_a_dash() -> None:
    assert (percent(None), percent("0.9071")) == ("–", "90.7")
