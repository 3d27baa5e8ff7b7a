"""What changes the city without the pages of administration leaves the same lines in its history."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from models.administration import ChangeKind
from models.calendar import DayKind
from models.calendar_sources import NoticeDay
from models.errors import WrongValue
from models.unit import Contact
from services import appointments, calendars, contacts
from services.administering import Edit, Past, history
from tests.services.administering.desk import BOSS, LATER, actor, done

POST, FIRST = "510302:office", date(2026, 12, 1)
NEW_YEAR = [NoticeDay(date(2027, 1, day), DayKind.HOLIDAY, "元旦") for day in (1, 2, 3)]


def appointed(small: Session, *, why: str = "轮岗") -> None:
    appointments.appoint(small, by=actor(small), post_code=POST, person_code="R3", start=FIRST, now=LATER, why=why)


def dismissed(small: Session, *, last: date) -> None:
    appointments.dismiss(small, by=actor(small), post_code=POST, person_code="R3", last_day=last, now=LATER)


def told(small: Session, table: str) -> list[Past]:
    """The lines of a table since it was loaded, the oldest first."""
    return [one for one in reversed(history(small, table=table)) if one.changed.kind is not ChangeKind.LOADED]


def as_lines(found: list[Past]) -> list[tuple[Any, ...]]:
    return [(one.who, one.why, one.at, one.changed) for one in found]


def test_an_appointment_leaves_what_a_page_would_leave(small):
    cells = {"post_code": POST, "person_code": "R3", "valid_from": FIRST.isoformat()}
    done(small, Edit("tenures", None, cells), why="轮岗")
    by_page = as_lines(told(small, "tenures"))
    small.rollback()

    appointed(small)

    assert as_lines(told(small, "tenures")) == by_page
    assert by_page[0][:3] == (BOSS, "轮岗", LATER)


def test_a_dismissal_says_the_last_day(small):
    appointed(small)
    dismissed(small, last=date(2026, 12, 31))

    last = told(small, "tenures")[-1].changed
    assert (last.kind, last.before, last.after) == (
        ChangeKind.CHANGED, {"valid_to": ""}, {"valid_to": "2026-12-31"}
    )  # fmt: skip


def test_what_is_undone_before_it_begins_ends_and_comes_back(small):
    appointed(small)
    dismissed(small, last=FIRST - timedelta(days=1))
    appointed(small)

    assert [one.changed.kind for one in told(small, "tenures")] == [ChangeKind.NEW, ChangeKind.ENDED, ChangeKind.BACK]


def test_saying_it_twice_is_told_once(small):
    appointed(small)
    appointed(small)

    assert len(told(small, "tenures")) == 1


def test_what_is_rolled_back_leaves_nothing(small):
    appointed(small)
    small.rollback()

    assert told(small, "tenures") == []


def test_a_reason_that_cannot_be_kept_is_refused(small):
    with pytest.raises(WrongValue):
        appointed(small, why="\x00")


def test_a_substitution_and_a_longer_one(small):
    for last in (date(2026, 12, 10), date(2026, 12, 20)):
        appointments.substitute(
            small, by=actor(small, "R2"), person_code="R2", deputy_code="R3", start=FIRST, end=last, now=LATER
        )

    first, second = told(small, "deputies")
    assert (first.who, first.changed.kind, first.changed.after["deputy_code"]) == ("R2", ChangeKind.NEW, "R3")
    assert (second.changed.before, second.changed.after) == ({"valid_to": "2026-12-10"}, {"valid_to": "2026-12-20"})


def test_an_address_that_is_removed_is_told_masked(small):
    (contact,) = small.exec(select(Contact).where(Contact.person_code == "R4")).all()
    contacts.remove(small, by=actor(small, "R4"), contact_id=contact.id or 0, now=LATER)

    (line,) = told(small, "contacts")
    assert (line.who, line.changed.kind, line.changed.key) == ("R4", ChangeKind.ENDED, "R4~sms~199****0004")
    assert line.changed.before["address"] == "199****0004"


def test_a_notice_tells_the_days_and_its_source(small):
    calendars.import_notice(
        small, rows=NEW_YEAR, source="国办发明电〔2026〕9号", now=LATER, by=actor(small), commit=True
    )

    days = told(small, "days")
    assert {(one.who, one.why) for one in days} == {(BOSS, "国办发明电〔2026〕9号")}
    assert {"2027-01-01", "2027-01-02", "2027-01-03"} <= {one.changed.key for one in days}


def test_a_notice_that_is_only_tried_leaves_nothing(small):
    calendars.import_notice(small, rows=NEW_YEAR, source="x", now=LATER, by=actor(small), commit=False)

    assert told(small, "days") == []
