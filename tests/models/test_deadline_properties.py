"""Rules that hold for any moment and any calendar, tried on many."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar import Calendar, CalendarDay, DayKind
from models.deadline_lines import explain
from models.deadlines import ClockType, Limit, add_time, due, elapsed, share_point, time_between
from tests.models.calendars import a_calendar

# A busy machine may stall one example for longer than Hypothesis allows by itself.
settings.register_profile("duban", deadline=None)
settings.load_profile("duban")

# From inside the published years to beyond the end of the table.
moments = st.datetimes(dt.datetime(2025, 11, 1), dt.datetime(2029, 3, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001 - the zone is added by `timezones`
seconds = st.integers(min_value=0, max_value=40 * 7 * 3600)
clocks = st.sampled_from(ClockType)
working_clocks = st.sampled_from([ClockType.WORKING_HOURS, ClockType.WORKING_DAYS])
limits = st.builds(Limit, st.decimals(Decimal("0.1"), 30, places=1), clocks)
whole_days = st.integers(min_value=1, max_value=60)
numbers = st.integers(min_value=0, max_value=80)


def later(at: dt.datetime, *, by: int, clock: ClockType) -> dt.datetime:
    return add_time(a_calendar(), at=at, minutes=by / 60, clock=clock)


def a_date_near(at: dt.datetime, number: int) -> dt.date:
    return a_calendar().local(at).date() + dt.timedelta(days=number)


def calendar_with(date: dt.date, kind: DayKind) -> Calendar:
    return replace(a_calendar(), days={**a_calendar().days, date: CalendarDay(date, kind)})


@given(at=moments, wait=seconds, added=seconds, more=seconds, clock=clocks)
def test_adding_more_time_or_starting_later_never_ends_earlier(
    at: dt.datetime, wait: int, added: int, more: int, clock: ClockType
) -> None:
    end = later(at, by=added, clock=clock)

    assert end <= later(at, by=added + more, clock=clock)
    assert end <= later(at + dt.timedelta(seconds=wait), by=added, clock=clock)


@given(at=moments, first=seconds, then=seconds, clock=clocks)
def test_adding_twice_is_adding_the_sum(at: dt.datetime, first: int, then: int, clock: ClockType) -> None:
    at_once = later(at, by=first + then, clock=clock)
    assert at_once == later(later(at, by=first, clock=clock), by=then, clock=clock)


@given(at=moments, first=whole_days, then=whole_days, clock=st.sampled_from(["working_days", "natural_days"]))
def test_whole_days_twice_are_their_sum(at: dt.datetime, first: int, then: int, clock: str) -> None:
    middle = due(a_calendar(), start=at, limit=Limit(Decimal(first), ClockType(clock))).at

    at_once = due(a_calendar(), start=at, limit=Limit(Decimal(first + then), ClockType(clock))).at
    assert at_once == due(a_calendar(), start=middle, limit=Limit(Decimal(then), ClockType(clock))).at


@given(at=moments, added=seconds, clock=clocks)
def test_time_between_gives_back_what_was_added(at: dt.datetime, added: int, clock: ClockType) -> None:
    end = later(at, by=added, clock=clock)
    assert time_between(a_calendar(), start=at, end=end, clock=clock) == pytest.approx(added / 60, abs=1e-7)


@given(at=moments, start=moments, clock=clocks)
def test_adding_the_time_between_leads_to_the_same_working_time(
    at: dt.datetime, start: dt.datetime, clock: ClockType
) -> None:
    minutes = time_between(a_calendar(), start=start, end=at, clock=clock)

    end = add_time(a_calendar(), at=start, minutes=minutes, clock=clock)

    assert elapsed(a_calendar(), start=end, end=at, clock=clock) == 0


@given(at=moments, limit=limits, number=numbers)
def test_new_holiday_never_makes_a_deadline_earlier(at: dt.datetime, limit: Limit, number: int) -> None:
    freer = calendar_with(a_date_near(at, number), DayKind.HOLIDAY)
    assert due(freer, start=at, limit=limit).at >= due(a_calendar(), start=at, limit=limit).at


@given(at=moments, limit=limits, number=numbers)
def test_new_make_up_day_never_makes_a_deadline_later(at: dt.datetime, limit: Limit, number: int) -> None:
    busier = calendar_with(a_date_near(at, number), DayKind.MAKE_UP)
    assert due(busier, start=at, limit=limit).at <= due(a_calendar(), start=at, limit=limit).at


@given(at=moments, limit=limits, share=st.floats(0, 1), shelved_for=st.timedeltas(dt.timedelta(), dt.timedelta(90)))
def test_shelving_loses_and_gains_no_time(
    at: dt.datetime, limit: Limit, share: float, shelved_for: dt.timedelta
) -> None:
    calendar, clock = a_calendar(), limit.clock
    due_at = due(calendar, start=at, limit=limit).at
    shelved_at = share_point(calendar, start=at, due_at=due_at, share=share, clock=clock)
    resumed_at = shelved_at + shelved_for
    remaining = time_between(calendar, start=shelved_at, end=due_at, clock=clock)

    due_again = add_time(calendar, at=resumed_at, minutes=remaining, clock=clock)

    used = elapsed(calendar, start=at, end=shelved_at, clock=clock)
    left = elapsed(calendar, start=resumed_at, end=due_again, clock=clock)
    assert elapsed(calendar, start=at, end=due_at, clock=clock) == used + left


@given(at=moments, limit=limits)
def test_resuming_at_once_leaves_the_deadline_where_it_was(at: dt.datetime, limit: Limit) -> None:
    due_at = due(a_calendar(), start=at, limit=limit).at
    remaining = time_between(a_calendar(), start=at, end=due_at, clock=limit.clock)

    assert due_at == add_time(a_calendar(), at=at, minutes=remaining, clock=limit.clock)


@given(at=moments, amount=st.decimals(0, 30, places=2), clock=working_clocks)
def test_working_deadline_never_falls_outside_working_time(at: dt.datetime, amount: Decimal, clock: ClockType) -> None:
    assert a_calendar().is_open(due(a_calendar(), start=at, limit=Limit(amount, clock)).at)


@given(at=moments, more=st.decimals(0, 5, places=2), limit=limits)
def test_longer_limit_is_never_due_earlier(at: dt.datetime, more: Decimal, limit: Limit) -> None:
    longer = Limit(limit.amount + more, limit.clock)
    assert due(a_calendar(), start=at, limit=limit).at <= due(a_calendar(), start=at, limit=longer).at


@given(at=moments, days=st.integers(1, 30), clock=st.sampled_from(["working_days", "natural_days"]))
def test_days_told_add_up_to_the_limit(at: dt.datetime, days: int, clock: str) -> None:
    limit = Limit(Decimal(days), ClockType(clock))
    due_at = due(a_calendar(), start=at, limit=limit).at

    told = explain(a_calendar(), start=at, due_at=due_at, clock=limit.clock)

    day = 420 if limit.clock.is_working else 1440
    assert days * day == pytest.approx(sum(line.counted for line in told))


@given(at=moments, hours=st.integers(1, 60), clock=st.sampled_from(["working_hours", "natural_hours"]))
def test_hours_told_add_up_to_the_limit(at: dt.datetime, hours: int, clock: str) -> None:
    limit = Limit(Decimal(hours), ClockType(clock))
    due_at = due(a_calendar(), start=at, limit=limit).at

    told = explain(a_calendar(), start=at, due_at=due_at, clock=limit.clock)

    assert hours * 60 == pytest.approx(sum(line.counted for line in told))
