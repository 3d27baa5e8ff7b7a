import datetime as dt

import pytest

from models.calendar import Calendar, CalendarDay, DayKind, Span
from models.calendar_sources import NoticeDay, seed_days, whole_years, with_notice
from models.errors import BadRows, WrongValue
from tests.models.calendars import OFFICE_HOURS, a_calendar, local, shown

NOTICE_2027 = (
    NoticeDay(dt.date(2026, 12, 31), DayKind.HOLIDAY, "元旦"),
    NoticeDay(dt.date(2027, 1, 1), DayKind.HOLIDAY, "元旦"),
    NoticeDay(dt.date(2027, 10, 1), DayKind.HOLIDAY, "国庆节"),
    NoticeDay(dt.date(2027, 10, 9), DayKind.MAKE_UP, "国庆节"),
)


def empty_calendar(**changed: object) -> Calendar:
    given = {"version": 1, "timezone": "Asia/Shanghai", "spans": OFFICE_HOURS, "days": {}} | changed
    return Calendar(**given)  # type: ignore[arg-type]


def dates(first: str, last: str) -> list[dt.date]:
    start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    return [start + dt.timedelta(days=number) for number in range((end - start).days + 1)]


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-01-01", "2026-01-03"), ("2026-02-15", "2026-02-23"), ("2026-10-01", "2026-10-07")],
    ids=["new-year", "spring-festival", "national-day"],
)
def test_festivals_of_2026_are_free_throughout(first: str, last: str) -> None:
    assert not any(a_calendar().is_workday(date) for date in dates(first, last))


def test_make_up_days_of_2026_are_worked_at_weekends() -> None:
    made_up = [day.date for day in a_calendar().days.values() if day.kind == DayKind.MAKE_UP and day.date.year == 2026]

    expected = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    assert expected == [date.isoformat() for date in made_up]
    assert all(date.weekday() >= 5 and a_calendar().is_workday(date) for date in made_up)


def test_half_day_holidays_of_some_people_stay_working_days() -> None:
    assert a_calendar().is_workday(dt.date(2026, 6, 1))


def test_seed_names_the_package_and_the_notice_of_a_published_year() -> None:
    day = seed_days([2026])[0]

    assert "holidays" in day.source
    assert "2026年部分节假日安排的通知" in day.source
    assert day.published


def test_year_without_a_notice_has_its_statutory_days_only_and_is_provisional() -> None:
    days = seed_days([2027])

    assert {False} == {day.published for day in days}
    assert DayKind.MAKE_UP not in {day.kind for day in days}
    assert next(day.kind for day in days if day.date == dt.date(2027, 10, 1)) == DayKind.HOLIDAY


def test_year_whose_swaps_nobody_knows_cannot_be_called_published() -> None:
    with pytest.raises(WrongValue, match="2027"):
        seed_days([2027], published_years=[2027])


def test_calendar_is_published_until_the_last_noticed_year_ends() -> None:
    assert dt.date(2026, 12, 31) == a_calendar().published_until


def test_gap_in_the_table_ends_what_is_published() -> None:
    days = {date: CalendarDay(date, DayKind.HOLIDAY, published=True) for date in dates("2026-01-01", "2026-01-03")}
    del days[dt.date(2026, 1, 2)]

    assert dt.date(2026, 1, 1) == empty_calendar(days=days).published_until


def test_empty_table_is_published_until_never() -> None:
    assert empty_calendar().published_until is None


def test_day_beyond_the_table_follows_the_weekday_rule_unpublished() -> None:
    assert CalendarDay(dt.date(2099, 7, 1), DayKind.WORKDAY) == a_calendar().day(dt.date(2099, 7, 1))
    assert a_calendar().day(dt.date(1999, 7, 4)).kind == DayKind.WEEKEND


@pytest.mark.parametrize("start", ["2020-03-05", "2023-12-29", "2026-09-29", "2028-12-28", "2090-01-07"])
def test_counting_working_days_agrees_with_walking_over_them(start: str) -> None:
    after = dates(start, (dt.date.fromisoformat(start) + dt.timedelta(days=60)).isoformat())[1:]
    walked = [date for date in after if a_calendar().is_workday(date)]

    counted = [a_calendar().workday_after(dt.date.fromisoformat(start), count=n) for n in range(1, len(walked) + 1)]
    assert walked == counted


def test_close_of_business_is_the_end_of_the_last_span() -> None:
    assert shown(a_calendar().close_of_business(dt.date(2026, 9, 29))) == "2026-09-29 17:00:00"


def test_lunch_is_not_open_but_its_edges_are() -> None:
    answers = [a_calendar().is_open(local(f"2026-09-29 {time}")) for time in ("12:00", "12:30", "13:00")]
    assert answers == [True, False, True]


def test_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        a_calendar().worked(dt.datetime(2026, 9, 29, 10))  # noqa: DTZ001 - that is what is tested


@pytest.mark.parametrize(
    "spans",
    [(), (Span(dt.time(9), dt.time(9)),), (Span(dt.time(9), dt.time(13)), Span(dt.time(12), dt.time(17)))],
    ids=["none", "empty", "overlap"],
)
def test_spans_that_make_no_working_day_are_refused(spans: tuple[Span, ...]) -> None:
    with pytest.raises(WrongValue, match="working hours"):
        empty_calendar(spans=spans)


def test_calendar_does_not_change_with_the_mapping_it_was_made_from() -> None:
    days = {dt.date(2026, 1, 1): CalendarDay(dt.date(2026, 1, 1), DayKind.HOLIDAY)}
    calendar = empty_calendar(days=days)

    days.clear()

    assert not calendar.is_workday(dt.date(2026, 1, 1))


def test_list_of_exceptions_is_filled_to_whole_years_as_published_as_they_are() -> None:
    guessed = CalendarDay(dt.date(2027, 1, 1), DayKind.HOLIDAY, "元旦", "guess", published=False)
    known = CalendarDay(dt.date(2026, 1, 1), DayKind.HOLIDAY, "元旦", "notice", published=True)

    filled = {day.date: day for day in whole_years([guessed, known])}

    assert len(filled) == 730
    assert CalendarDay(dt.date(2026, 1, 5), DayKind.WORKDAY, "", "notice", True) == filled[dt.date(2026, 1, 5)]
    assert not filled[dt.date(2027, 1, 4)].published


def test_notice_makes_the_next_version_with_its_whole_year_published() -> None:
    calendar = with_notice(a_calendar(), NOTICE_2027, source="国办发明电〔2026〕1号")

    assert calendar.version == 2
    assert dt.date(2027, 12, 31) == calendar.published_until
    assert dt.date(2026, 12, 31) == a_calendar().published_until


def test_notice_replaces_what_was_guessed_for_its_year() -> None:
    calendar = with_notice(a_calendar(), NOTICE_2027, source="notice")

    assert not a_calendar().is_workday(dt.date(2027, 5, 3))
    assert calendar.is_workday(dt.date(2027, 5, 3))
    assert calendar.is_workday(dt.date(2027, 10, 9))


def test_notice_changes_only_its_days_in_a_year_already_published() -> None:
    calendar = with_notice(a_calendar(), NOTICE_2027, source="notice")

    changed = [date for date in dates("2026-01-01", "2026-12-31") if calendar.day(date) != a_calendar().day(date)]
    assert [dt.date(2026, 12, 31)] == changed


def test_first_days_of_the_year_after_do_not_make_that_year_published() -> None:
    rows = (*NOTICE_2027, NoticeDay(dt.date(2028, 1, 1), DayKind.HOLIDAY, "元旦"))
    assert dt.date(2028, 1, 1) == with_notice(a_calendar(), rows, source="notice").published_until


def test_second_notice_for_a_year_amends_it() -> None:
    calendar = with_notice(a_calendar(), NOTICE_2027, source="notice")

    amended = with_notice(calendar, [NoticeDay(dt.date(2027, 10, 4), DayKind.HOLIDAY)], source="amendment")

    assert not amended.is_workday(dt.date(2027, 10, 1))
    assert not amended.is_workday(dt.date(2027, 10, 4))


def test_naming_the_year_replaces_it_although_published() -> None:
    calendar = with_notice(a_calendar(), NOTICE_2027, source="notice")

    rows = [NoticeDay(dt.date(2027, 10, 4), DayKind.HOLIDAY)]
    replaced = with_notice(calendar, rows, source="corrected", years=[2027])

    assert replaced.is_workday(dt.date(2027, 10, 1))


def test_every_unusable_row_of_a_notice_is_told_at_once() -> None:
    rows = [
        NoticeDay(dt.date(2027, 10, 1), DayKind.HOLIDAY),
        NoticeDay(dt.date(2027, 10, 1), DayKind.HOLIDAY),
        NoticeDay(dt.date(2027, 10, 4), DayKind.MAKE_UP),
        NoticeDay(dt.date(2027, 10, 9), DayKind.WORKDAY),
    ]

    with pytest.raises(BadRows) as refused:
        with_notice(a_calendar(), rows, source="notice")

    assert [(bad.row, bad.column) for bad in refused.value.rows] == [(1, "date"), (2, "date"), (3, "kind"), (4, "kind")]
