"""Arithmetic of deadlines: rules that hold for any moment, any limit, any calendar."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar import MINUTE, Calendar, CalendarDay, DayKind
from models.deadline_lines import explain
from models.deadlines import ClockType, Limit, add_time, day_length, due, elapsed, share_point, time_between
from tests.properties import naive_time
from tests.properties.calendars import calendars, moments, office_of

calendar = calendars()
seconds = st.integers(min_value=0, max_value=40 * 7 * 3600)
clocks = st.sampled_from(ClockType)
working_clocks = st.sampled_from([ClockType.WORKING_HOURS, ClockType.WORKING_DAYS])
day_clocks = st.sampled_from([ClockType.WORKING_DAYS, ClockType.NATURAL_DAYS])
hour_clocks = st.sampled_from([ClockType.WORKING_HOURS, ClockType.NATURAL_HOURS])
limits = st.builds(Limit, st.decimals(0, 30, places=1), clocks)
whole_days = st.integers(min_value=1, max_value=60)
numbers = st.integers(min_value=0, max_value=80)


def later(calendar: Calendar, at: dt.datetime, *, by: int, clock: ClockType) -> dt.datetime:
    return add_time(calendar, at=at, minutes=by / 60, clock=clock)


def with_a(kind: DayKind, calendar: Calendar, at: dt.datetime, number: int) -> Calendar:
    """The calendar with one day changed, so many days after a moment."""
    date = calendar.local(at).date() + dt.timedelta(days=number)
    return replace(calendar, days={**calendar.days, date: CalendarDay(date, kind)})


@given(calendar=calendar, at=moments, limit=limits)
def test_a_deadline_is_what_counting_day_by_day_gives(calendar: Calendar, at: dt.datetime, limit: Limit) -> None:
    office, amount = office_of(calendar), Fraction(limit.amount)
    counted = naive_time.due(office, at, amount, limit.clock)

    found = due(calendar, start=at, limit=limit)

    assert counted == found.at
    assert naive_time.is_provisional(office, at, counted, amount, limit.clock) is found.provisional


@given(calendar=calendar, at=moments, amount=st.integers(-(10**11), 10**11), clock=clocks)
def test_time_added_or_taken_off_is_what_counting_gives(
    calendar: Calendar, at: dt.datetime, amount: int, clock: ClockType
) -> None:
    amount -= amount % 1000  # whole milliseconds: minutes are floats
    counted = naive_time.add(office_of(calendar), at, amount, clock)
    assert counted == add_time(calendar, at=at, minutes=amount / MINUTE, clock=clock)


@given(calendar=calendar, start=moments, end=moments, clock=clocks)
def test_the_time_between_is_what_counting_gives(
    calendar: Calendar, start: dt.datetime, end: dt.datetime, clock: ClockType
) -> None:
    counted = naive_time.between(office_of(calendar), start, end, clock)
    assert counted == elapsed(calendar, start=start, end=end, clock=clock)


@given(calendar=calendar, at=moments, wait=seconds, added=seconds, more=seconds, clock=clocks)
def test_adding_more_time_or_starting_later_never_ends_earlier(
    calendar: Calendar, at: dt.datetime, wait: int, added: int, more: int, clock: ClockType
) -> None:
    end = later(calendar, at, by=added, clock=clock)

    assert end <= later(calendar, at, by=added + more, clock=clock)
    assert end <= later(calendar, at + dt.timedelta(seconds=wait), by=added, clock=clock)


@given(calendar=calendar, at=moments, wait=seconds, limit=limits)
def test_a_limit_that_starts_later_is_never_due_earlier(
    calendar: Calendar, at: dt.datetime, wait: int, limit: Limit
) -> None:
    afterwards = at + dt.timedelta(seconds=wait)
    assert due(calendar, start=at, limit=limit).at <= due(calendar, start=afterwards, limit=limit).at


@given(calendar=calendar, at=moments, first=seconds, then=seconds, clock=clocks)
def test_adding_twice_is_adding_the_sum(
    calendar: Calendar, at: dt.datetime, first: int, then: int, clock: ClockType
) -> None:
    at_once = later(calendar, at, by=first + then, clock=clock)
    assert at_once == later(calendar, later(calendar, at, by=first, clock=clock), by=then, clock=clock)


@given(calendar=calendar, at=moments, first=whole_days, then=whole_days, clock=day_clocks)
def test_whole_days_twice_are_their_sum(
    calendar: Calendar, at: dt.datetime, first: int, then: int, clock: ClockType
) -> None:
    middle = due(calendar, start=at, limit=Limit(Decimal(first), clock)).at

    at_once = due(calendar, start=at, limit=Limit(Decimal(first + then), clock)).at
    assert at_once == due(calendar, start=middle, limit=Limit(Decimal(then), clock)).at


@given(calendar=calendar, at=moments, added=seconds, clock=clocks)
def test_time_between_gives_back_what_was_added(
    calendar: Calendar, at: dt.datetime, added: int, clock: ClockType
) -> None:
    end = later(calendar, at, by=added, clock=clock)
    assert time_between(calendar, start=at, end=end, clock=clock) == pytest.approx(added / 60, abs=1e-7)


@given(calendar=calendar, at=moments, start=moments, clock=clocks)
def test_adding_the_time_between_leads_to_the_same_working_time(
    calendar: Calendar, at: dt.datetime, start: dt.datetime, clock: ClockType
) -> None:
    minutes = time_between(calendar, start=start, end=at, clock=clock)

    end = add_time(calendar, at=start, minutes=minutes, clock=clock)

    assert elapsed(calendar, start=end, end=at, clock=clock) == 0


@given(calendar=calendar, at=moments, limit=limits, number=numbers)
def test_new_holiday_never_makes_a_deadline_earlier(
    calendar: Calendar, at: dt.datetime, limit: Limit, number: int
) -> None:
    freer = with_a(DayKind.HOLIDAY, calendar, at, number)
    assert due(freer, start=at, limit=limit).at >= due(calendar, start=at, limit=limit).at


@given(calendar=calendar, at=moments, limit=limits, number=numbers)
def test_new_make_up_day_never_makes_a_deadline_later(
    calendar: Calendar, at: dt.datetime, limit: Limit, number: int
) -> None:
    busier = with_a(DayKind.MAKE_UP, calendar, at, number)
    assert due(busier, start=at, limit=limit).at <= due(calendar, start=at, limit=limit).at


@given(
    calendar=calendar,
    at=moments,
    limit=limits,
    share=st.floats(0, 1),
    wait=st.timedeltas(dt.timedelta(), dt.timedelta(90)),
)
def test_shelving_loses_and_gains_no_time(
    calendar: Calendar, at: dt.datetime, limit: Limit, share: float, wait: dt.timedelta
) -> None:
    clock = limit.clock
    due_at = due(calendar, start=at, limit=limit).at
    shelved_at = share_point(calendar, start=at, due_at=due_at, share=share, clock=clock)
    resumed_at = shelved_at + wait
    remaining = time_between(calendar, start=shelved_at, end=due_at, clock=clock)

    due_again = add_time(calendar, at=resumed_at, minutes=remaining, clock=clock)

    used = elapsed(calendar, start=at, end=shelved_at, clock=clock)
    left = elapsed(calendar, start=resumed_at, end=due_again, clock=clock)
    assert elapsed(calendar, start=at, end=due_at, clock=clock) == used + left


@given(calendar=calendar, at=moments, limit=limits)
def test_resuming_at_once_leaves_the_deadline_where_it_was(calendar: Calendar, at: dt.datetime, limit: Limit) -> None:
    due_at = due(calendar, start=at, limit=limit).at
    remaining = time_between(calendar, start=at, end=due_at, clock=limit.clock)

    assert due_at == add_time(calendar, at=at, minutes=remaining, clock=limit.clock)


@given(calendar=calendar, at=moments, amount=st.decimals(0, 30, places=2), clock=working_clocks)
def test_working_deadline_never_falls_outside_working_time(
    calendar: Calendar, at: dt.datetime, amount: Decimal, clock: ClockType
) -> None:
    end = due(calendar, start=at, limit=Limit(amount, clock)).at
    openings = office_of(calendar).openings(calendar.local(end).date())

    assert any(start <= end <= closes for start, closes in openings)


@given(calendar=calendar, at=moments, more=st.decimals(0, 5, places=2), limit=limits)
def test_longer_limit_is_never_due_earlier(calendar: Calendar, at: dt.datetime, more: Decimal, limit: Limit) -> None:
    longer = Limit(limit.amount + more, limit.clock)
    assert due(calendar, start=at, limit=limit).at <= due(calendar, start=at, limit=longer).at


@given(calendar=calendar, at=moments, days=st.integers(1, 30), clock=day_clocks)
def test_days_told_add_up_to_the_limit(calendar: Calendar, at: dt.datetime, days: int, clock: ClockType) -> None:
    limit = Limit(Decimal(days), clock)
    due_at = due(calendar, start=at, limit=limit).at

    told = explain(calendar, start=at, due_at=due_at, clock=limit.clock)

    day = day_length(calendar, clock) / MINUTE
    assert days * day == pytest.approx(sum(line.counted for line in told))


@given(calendar=calendar, at=moments, hours=st.integers(1, 60), clock=hour_clocks)
def test_hours_told_add_up_to_the_limit(calendar: Calendar, at: dt.datetime, hours: int, clock: ClockType) -> None:
    limit = Limit(Decimal(hours), clock)
    due_at = due(calendar, start=at, limit=limit).at

    told = explain(calendar, start=at, due_at=due_at, clock=limit.clock)

    assert hours * 60 == pytest.approx(sum(line.counted for line in told))
