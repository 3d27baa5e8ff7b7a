"""Importing a notice: new days, moved deadlines, nothing else; and how far ahead the days are known."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from models.calendar import DayKind
from models.calendar_sources import NoticeDay
from models.city import City
from models.errors import ActionNotAllowed, BadRows, MissingInput, UnreadableFile
from models.issue import IssueEvent, RequestKind
from models.message import Message
from models.rule import CalendarDayRow, CalendarVersion
from services import calendars, issues, requests, rulebook
from services.calendar_files import read_notice
from services.horizon import horizon, warn_of_horizon
from tests.cast import HANDLER, OFFICE, an_issue, at, messages, read, shown, who
from tests.small_city import a_city

DECEMBER = at("2026-12-29 10:00")
NOTICE = [
    NoticeDay(date(2027, 1, 1), DayKind.HOLIDAY, "元旦"),
    NoticeDay(date(2027, 1, 4), DayKind.HOLIDAY, "元旦"),
    NoticeDay(date(2027, 1, 9), DayKind.MAKE_UP, "元旦调休"),
    NoticeDay(date(2027, 2, 6), DayKind.HOLIDAY, "春节"),
]
ADMINISTRATOR = "R00005"


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


def taken_in(session: Session, *, commit: bool = True, by: str = ADMINISTRATOR, rows=NOTICE, now=DECEMBER):
    actor = who(session, by)
    return calendars.import_notice(session, rows=rows, source="2027年通知", now=now, by=actor, commit=commit)


def test_a_deadline_over_the_new_days_moves_and_is_no_longer_provisional(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=DECEMBER)
    assert (shown(read(city, key).due_at), read(city, key).due_provisional) == ("2027-01-04 17:00", True)
    (change,) = taken_in(city).issues
    assert (shown(change.old_due_at), shown(change.new_due_at)) == ("2027-01-04 17:00", "2027-01-05 17:00")
    assert (shown(read(city, key).due_at), read(city, key).due_provisional) == ("2027-01-05 17:00", False)


def test_the_event_has_both_dates_and_the_unit_hears_of_it(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=DECEMBER)
    taken_in(city)
    event = city.exec(select(IssueEvent).where(IssueEvent.issue_id == key).order_by(col(IssueEvent.seq).desc())).first()
    assert (event.action, event.actor, event.reason) == ("recompute", "system", "2027年通知")
    assert (event.facts["old_due_at"][:10], event.facts["due_at"][:10]) == ("2027-01-04", "2027-01-05")
    assert ("deadline_changed", "D-CGJ:handler") in messages(city, key)


def test_a_try_shows_the_same_diff_and_writes_nothing(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=DECEMBER)
    tried = taken_in(city, commit=False)
    assert shown(read(city, key).due_at) == "2027-01-04 17:00"
    assert len(city.exec(select(CalendarVersion)).all()) == 1
    done = taken_in(city)
    assert (tried.version, done.version) == (None, 2)
    assert (tried.issues, tried.days, tried.newly_published) == (done.issues, done.days, done.newly_published)


def test_the_diff_names_the_days_and_the_new_horizon(city: Session) -> None:
    diff = taken_in(city)
    assert (diff.published_before, diff.published_after) == (date(2026, 12, 31), date(2027, 12, 31))
    assert (date(2027, 1, 4), DayKind.WORKDAY, DayKind.HOLIDAY) in [(d.date, d.old, d.new) for d in diff.days]
    assert diff.newly_published == 365


def test_an_issue_whose_dates_stay_goes_over_in_silence(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=at("2026-11-02 10:00"))
    told = messages(city, key)
    assert taken_in(city, now=at("2026-11-03 10:00")).issues == ()
    assert (shown(read(city, key).due_at), read(city, key).calendar_version) == ("2026-11-05 17:00", 2)
    assert messages(city, key) == told


def test_natural_limits_do_not_move(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=at("2026-12-31 16:00"), standard="01-02")
    due = read(city, key).due_at
    taken_in(city, now=at("2026-12-31 16:30"))
    assert read(city, key).due_at == due


def test_the_sign_in_clock_moves_too(city: Session) -> None:
    key = an_issue(city, state="assigned", now=at("2026-12-31 16:00"))
    assert shown(read(city, key).sign_in_due_at) == "2027-01-04 12:00"
    taken_in(city, now=at("2026-12-31 16:30"))
    assert shown(read(city, key).sign_in_due_at) == "2027-01-05 12:00"


def test_the_verification_clock_moves_too(city: Session) -> None:
    key = an_issue(city, state="rectified", now=at("2026-12-31 10:00"))
    taken_in(city, now=at("2026-12-31 16:30"))
    assert shown(read(city, key).stage_due_at) == "2027-01-06 17:00"


def test_after_shelving_the_rest_of_the_time_stays_what_it_was(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=at("2026-12-21 10:00"))
    ask = {"issue_ids": [key], "now": at("2026-12-22 12:00")}
    requests.ask_shelving(city, by=who(city, HANDLER), reason="待料", milestone=at("2026-12-31 09:00"), **ask)
    requests.grant(city, by=who(city, OFFICE), kind=RequestKind.SHELVING, **ask)
    issues.resume(city, issue_ids=[key], by=who(city, HANDLER), now=at("2026-12-31 09:00"))
    assert shown(read(city, key).due_at) == "2027-01-05 14:00"
    taken_in(city, now=at("2026-12-31 16:30"))
    assert shown(read(city, key).due_at) == "2027-01-06 14:00"


def test_granted_time_stays_on_top(city: Session) -> None:
    key = an_issue(city, state="rectifying", now=DECEMBER)
    ask = {"issue_ids": [key], "now": DECEMBER}
    requests.ask_extension(city, by=who(city, HANDLER), reason="雨", amount="2 working_days", **ask)
    requests.grant(city, by=who(city, OFFICE), kind=RequestKind.EXTENSION, **ask)
    taken_in(city)
    assert shown(read(city, key).due_at) == "2027-01-07 17:00"


def test_new_issues_count_on_the_new_days(city: Session) -> None:
    taken_in(city)
    assert city.exec(select(City.calendar_version)).one() == 2
    assert shown(read(city, an_issue(city, state="assigned", now=DECEMBER)).due_at) == "2027-01-05 17:00"


def test_the_same_notice_twice_changes_nothing(city: Session) -> None:
    taken_in(city)
    again = taken_in(city)
    assert (again.version, again.days, again.issues) == (None, (), ())


def test_a_number_that_was_rolled_back_is_not_given_again(city: Session) -> None:
    first = taken_in(city).version
    rulebook.calendar(city, first)
    city.rollback()
    second = taken_in(city, rows=[*NOTICE, NoticeDay(date(2027, 5, 3), DayKind.HOLIDAY)]).version
    assert second > first
    assert not rulebook.calendar(city, second).is_workday(date(2027, 5, 3))


def test_every_day_of_the_new_version_is_kept(city: Session) -> None:
    version = taken_in(city).version
    days = city.exec(select(CalendarDayRow).where(CalendarDayRow.version == version)).all()
    assert len(days) == len(city.exec(select(CalendarDayRow).where(CalendarDayRow.version == 1)).all())


@pytest.mark.parametrize("by", [HANDLER, "R00010", "R00003"])
def test_only_the_city_imports_notices(city: Session, by: str) -> None:
    with pytest.raises(ActionNotAllowed):
        taken_in(city, by=by)


def test_an_empty_notice_is_refused(city: Session) -> None:
    with pytest.raises(MissingInput):
        taken_in(city, rows=[])


def test_a_file_is_read_and_every_bad_row_told_with_its_line(city: Session, tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_text(
        "date,kind,name\n2027-01-01,放假,元旦\n2027-13-01,holiday,\n2027-01-05,make_up,\n2027-01-01,x,\n", "utf-8"
    )
    with pytest.raises(BadRows) as caught:
        read_notice(path, calendar=rulebook.calendar(city, 1))
    assert [(row.row, row.column) for row in caught.value.rows] == [(3, "date"), (4, "kind"), (5, "kind")]


def test_a_good_file_gives_its_days(city: Session, tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_text("date,kind,name\n2027-01-01,放假,元旦\n2027-01-09,make_up,调休\n", "utf-8-sig")
    days = read_notice(path, calendar=rulebook.calendar(city, 1))
    assert days == [
        NoticeDay(date(2027, 1, 1), DayKind.HOLIDAY, "元旦"),
        NoticeDay(date(2027, 1, 9), DayKind.MAKE_UP, "调休"),
    ]


def test_what_is_no_table_is_refused(city: Session, tmp_path: Path) -> None:
    path = tmp_path / "notice.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableFile):
        read_notice(path, calendar=rulebook.calendar(city, 1))


def test_the_end_of_the_published_days_is_seen_three_months_ahead(city: Session) -> None:
    assert horizon(city, now=at("2026-09-01 10:00")).warn is False
    seen = horizon(city, now=at("2026-11-20 10:00"))
    assert (seen.published_until, seen.days_left, seen.warn, seen.urgent) == (date(2026, 12, 31), 41, True, True)


def test_open_deadlines_beyond_the_horizon_are_counted(city: Session) -> None:
    an_issue(city, state="rectifying", now=DECEMBER)
    assert horizon(city, now=DECEMBER).provisional_open == 1


def test_word_of_the_horizon_goes_out_once_a_week(city: Session) -> None:
    assert warn_of_horizon(city, now=at("2026-11-17 10:00")) == 2
    assert warn_of_horizon(city, now=at("2026-11-18 10:00")) == 0
    assert warn_of_horizon(city, now=at("2026-11-24 10:00")) == 2
    assert {m.post_code for m in city.exec(select(Message))} == {"5103:administrator", "5103:office"}
