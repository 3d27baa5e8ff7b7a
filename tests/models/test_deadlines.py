from decimal import Decimal

import pytest

from models.calendar_sources import with_notice
from models.deadline_lines import DayNote, explain
from models.deadlines import ClockType, Due, Limit, add_time, due, share_point, time_between
from models.errors import WrongValue
from tests.models.calendars import a_calendar, local, shown
from tests.models.test_calendar import NOTICE_2027

WORKING, NATURAL = ClockType.WORKING_HOURS, ClockType.NATURAL_HOURS


def due_of(start: str, limit: str) -> Due:
    return due(a_calendar(), start=local(start), limit=Limit.parse(limit))


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-09-29 10:00", "3 working_days", "2026-10-09 17:00:00"),
        ("2026-09-29 18:30", "3 working_days", "2026-10-09 17:00:00"),
        ("2026-02-14 10:00", "1 working_days", "2026-02-24 17:00:00"),
        ("2026-10-03 10:00", "1 working_days", "2026-10-08 17:00:00"),
        ("2026-09-29 10:00", "0.5 working_days", "2026-09-29 14:30:00"),
        ("2026-09-29 16:00", "0.5 working_days", "2026-09-30 11:30:00"),
        ("2026-09-29 10:00", "1.5 working_days", "2026-10-08 13:30:00"),
        ("2026-09-29 10:00", "3 natural_days", "2026-10-02 23:59:59"),
        ("2026-09-29 10:00", "0.5 natural_days", "2026-09-29 22:00:00"),
        ("2026-09-29 10:00", "1.5 natural_days", "2026-10-01 11:59:59"),
        ("2026-09-29 10:00", "24 natural_hours", "2026-09-30 10:00:00"),
        ("2026-09-29 11:00", "2 working_hours", "2026-09-29 14:00:00"),
        ("2026-09-29 10:00", "2 working_hours", "2026-09-29 12:00:00"),
        ("2026-09-30 16:00", "2 working_hours", "2026-10-08 10:00:00"),
        ("2026-10-04 03:00", "7 working_hours", "2026-10-08 17:00:00"),
        ("2026-10-04 03:00", "0 working_hours", "2026-10-08 09:00:00"),
        ("2035-03-01 10:00", "1 working_days", "2035-03-02 17:00:00"),
    ],
)
def test_limit_ends_at(start: str, limit: str, expected: str) -> None:
    assert expected == shown(due_of(start, limit).at)


def test_deadline_is_in_utc() -> None:
    assert due_of("2026-09-29 10:00", "3 working_days").at.timezone_name == "UTC"


@pytest.mark.parametrize(
    ("start", "limit", "provisional"),
    [
        ("2026-12-30 10:00", "1 working_days", False),
        ("2026-12-30 10:00", "2 working_days", True),
        ("2026-12-31 16:00", "1 working_hours", False),
        ("2026-12-31 16:00", "2 working_hours", True),
        ("2026-12-31 16:00", "10 natural_days", False),
        ("2026-12-31 16:00", "48 natural_hours", False),
        ("2090-05-01 09:00", "1 working_days", True),
    ],
)
def test_deadline_is_provisional_when_it_rests_on_unpublished_working_days(
    start: str, limit: str, provisional: bool
) -> None:
    assert provisional is due_of(start, limit).provisional


def test_day_of_issue_may_be_unpublished_when_it_is_not_counted() -> None:
    assert not due_of("2023-12-31 10:00", "1 working_days").provisional


def test_imported_notice_moves_a_provisional_deadline_and_settles_it() -> None:
    start, limit = local("2026-12-30 10:00"), Limit.parse("1 working_days")

    after = due(with_notice(a_calendar(), NOTICE_2027, source="notice"), start=start, limit=limit)

    assert (shown(after.at), after.provisional) == ("2027-01-04 17:00:00", False)


@pytest.mark.parametrize("written", ["3 working_days", "0.5 natural_hours", "24 natural_hours", "10 natural_days"])
def test_limit_reads_back_as_it_is_written(written: str) -> None:
    assert written == str(Limit.parse(written))


@pytest.mark.parametrize(
    "written", ["", "3", "three working_days", "3 days", "-1 working_days", "3  working_days", "100001 working_hours"]
)
def test_limit_that_cannot_be_read_is_refused(written: str) -> None:
    with pytest.raises(WrongValue):
        Limit.parse(written)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-0.1"])
def test_limit_of_no_sensible_amount_is_refused(amount: str) -> None:
    with pytest.raises(WrongValue):
        Limit(amount=Decimal(amount), clock=WORKING)


def test_rework_gets_half_the_limit() -> None:
    assert Limit.parse("1.5 working_days") == Limit.parse("3 working_days").scaled(0.5)


def test_time_is_taken_back_over_a_weekend_to_the_end_of_a_span() -> None:
    assert (
        shown(add_time(a_calendar(), at=local("2026-09-20 10:00"), minutes=-60, clock=WORKING)) == "2026-09-18 17:00:00"
    )


def test_no_time_at_all_stays_in_working_time_and_waits_for_it_outside() -> None:
    answers = [
        shown(add_time(a_calendar(), at=local(at), minutes=0, clock=WORKING))
        for at in ("2026-09-29 12:00", "2026-09-29 12:30", "2026-09-29 17:00", "2026-09-30 20:00")
    ]
    assert answers == ["2026-09-29 12:00:00", "2026-09-29 13:00:00", "2026-09-29 17:00:00", "2026-10-08 09:00:00"]


def test_time_between_leaves_out_lunch_nights_and_holidays() -> None:
    between = time_between(a_calendar(), start=local("2026-09-30 11:00"), end=local("2026-10-08 10:00"), clock=WORKING)
    assert between == 60 + 240 + 60


def test_time_between_is_negative_when_the_end_comes_first() -> None:
    between = time_between(a_calendar(), start=local("2026-09-30 11:00"), end=local("2026-09-30 10:30"), clock=NATURAL)
    assert between == -30


def test_seventy_percent_of_three_working_days_is_reached_within_working_time() -> None:
    start, limit = local("2026-10-12 08:00"), Limit.parse("3 working_days")
    at = due(a_calendar(), start=start, limit=limit).at

    point = share_point(a_calendar(), start=start, due_at=at, share=0.7, clock=limit.clock)

    # Monday's hours are free but part of the time there is: 70 % of 28 h is 19.6 h, Wednesday 5.6 h in.
    assert shown(point) == "2026-10-14 15:36:00"


@pytest.mark.parametrize("clock", list(ClockType))
def test_whole_share_is_the_deadline_itself(clock: ClockType) -> None:
    start = local("2026-09-29 10:00")
    at = due(a_calendar(), start=start, limit=Limit(Decimal(3), clock)).at

    assert at == share_point(a_calendar(), start=start, due_at=at, share=1, clock=clock)


def notes(start: str, limit: str, *pauses: tuple[str, str], until: str | None = None) -> list[tuple[str, str, float]]:
    at = local(until) if until else due_of(start, limit).at
    shelved = [(local(since), local(back)) for since, back in pauses]
    clock = Limit.parse(limit).clock
    lines = explain(a_calendar(), start=local(start), due_at=at, clock=clock, pauses=shelved)
    return [(f"{line.date:%m-%d}", str(line.note), line.counted) for line in lines]


def test_working_days_are_told_day_by_day() -> None:
    assert [
        ("02-13", "not_counted_issue_day", 0),
        ("02-14", "make_up", 420),
        *[(f"02-{day}", "weekend" if day in (15, 21, 22) else "holiday", 0) for day in range(15, 24)],
        ("02-24", "counted", 420),
    ] == notes("2026-02-13 10:00", "2 working_days")


def test_half_a_working_day_counts_the_day_of_issue() -> None:
    assert notes("2026-09-29 16:00", "0.5 working_days") == [("09-29", "counted", 60), ("09-30", "counted", 150)]


def test_natural_days_count_in_full_up_to_their_last_second() -> None:
    assert notes("2026-10-01 10:00", "2 natural_days") == [
        ("10-01", "not_counted_issue_day", 0),
        ("10-02", "counted", 1440),
        ("10-03", "counted", 1440),
    ]


def test_working_hours_show_what_each_day_gave() -> None:
    assert notes("2026-09-29 15:00", "5 working_hours") == [("09-29", "counted", 120), ("09-30", "counted", 180)]


def test_shelved_days_are_told_and_not_counted() -> None:
    pause = ("2026-10-13 09:00", "2026-10-14 11:00")
    assert notes("2026-10-12 09:00", "2 working_days", pause, until="2026-10-15 17:00") == [
        ("10-12", "not_counted_issue_day", 0),
        ("10-13", "shelved", 0),
        ("10-14", "shelved", 300),
        ("10-15", "counted", 420),
    ]


def test_day_of_issue_at_a_weekend_is_told_as_the_weekend() -> None:
    assert notes("2026-09-19 10:00", "1 working_days") == [
        ("09-19", DayNote.WEEKEND, 0),
        ("09-20", DayNote.MAKE_UP, 420),
    ]


def test_days_without_a_notice_are_told_as_provisional() -> None:
    at = due_of("2026-12-31 10:00", "1 working_days").at

    lines = explain(a_calendar(), start=local("2026-12-31 10:00"), due_at=at, clock=ClockType.WORKING_DAYS)

    assert [line.provisional for line in lines] == [False, True, True, True, True]
    assert lines[1].name == "元旦"


def test_deadline_before_the_start_has_no_days_to_tell() -> None:
    assert explain(a_calendar(), start=local("2026-10-12 10:00"), due_at=local("2026-10-09 10:00"), clock=WORKING) == ()
