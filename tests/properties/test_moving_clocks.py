"""What moves a clock in the middle of its run loses and gains no time: shelving, another limit, a new calendar."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import assume, given
from hypothesis import strategies as st

from models.calendar import Calendar
from models.deadlines import ClockType, Limit, elapsed
from models.issue import Issue, Request, RequestKind
from models.lifecycle import Action, State
from models.rights import Actor, HeldPost
from models.rules import Rules, parse_rules
from models.unit import OwnerKind, PostKind
from services.commands import Command, Known
from services.decisions import DECIDE
from services.decisions.restart import full_limit
from tests.properties.calendars import calendars, moments
from tests.small_city import rule_content

CITY_OFFICE = Actor("R00001", (HeldPost(PostKind.OFFICE, OwnerKind.AREA, "5103", 1),))
waits = st.timedeltas(dt.timedelta(), dt.timedelta(60))
amounts = st.decimals(1, 20, places=1)
"""Below a day the day of issue counts; how much of it there was is no longer known after shelving."""
limits = st.builds(Limit, amounts, st.sampled_from(ClockType))


def rules_with(limit: Limit) -> Rules:
    """The city's rules, with this limit for S5 and extensions of the same clock."""
    rules = parse_rules("walk", rule_content())
    old = rules.severities["S5"]
    extension = replace(old.extension, times=9, most=Limit(Decimal(100), limit.clock))
    return replace(rules, severities={**rules.severities, "S5": replace(old, limit=limit, extension=extension)})


class Run:
    """One issue, its rules and its calendar, and the decisions on it: pure, no database."""

    def __init__(self, calendar: Calendar, limit: Limit, start: dt.datetime) -> None:
        self.calendar, self.rules = calendar, rules_with(limit)
        blank = {name: info.get_default(call_default_factory=True) for name, info in Issue.model_fields.items()}
        begun = full_limit(self.rules.severity("S5"), calendar=calendar, now=start)
        more = {"id": 1, "severity": "S5", "state": State.RECTIFYING, "area_path": "5103", "lead_unit": "D-CGJ"}
        self.issue = cast(Issue, SimpleNamespace(**{**blank, **more, "assigned_at": start, **begun}))

    def do(self, action: Action, now: dt.datetime, *, asked: dict[str, Any] | None = None, **new: Any) -> None:
        said = {"issue_id": 1, "asked_by": "R00006", "asked_at": now, "reason": "雨", "facts": asked or {}}
        requests = {kind: Request(kind=kind, **said) for kind in RequestKind}
        known = Known(
            now=now,
            city="5103",
            rules=self.rules,
            calendar=self.calendar,
            current_rules=new.get("rules", self.rules),
            current_calendar=new.get("calendar", self.calendar),
            requests=requests,
        )
        for decision in DECIDE[action](self.issue, Command(action, CITY_OFFICE, 1), known):
            for name, value in {**decision.changes, "state": decision.to or self.issue.state}.items():
                setattr(self.issue, name, value)
        self.rules, self.calendar = known.current_rules, known.current_calendar

    def shelve(self, start: dt.datetime, wait: dt.timedelta) -> None:
        milestone = (start + dt.timedelta(days=90)).isoformat()
        self.do(Action.GRANT_SHELVING, start, asked={"milestone": milestone})
        self.do(Action.RESUME, start + wait)

    def reapply(self, limit: Limit, now: dt.datetime) -> None:
        self.do(Action.REAPPLY_RULES, now, rules=rules_with(limit))

    def recompute(self, calendar: Calendar, now: dt.datetime) -> None:
        self.do(Action.RECOMPUTE, now, calendar=calendar)

    def extend(self, amount: Limit, now: dt.datetime) -> None:
        self.do(Action.GRANT_EXTENSION, now, asked={"amount": str(amount)})

    def left(self, now: dt.datetime) -> int:
        """Time to the deadline, microseconds of the limit's clock."""
        clock = self.rules.severity("S5").limit.clock
        return elapsed(self.calendar, start=now, end=cast(dt.datetime, self.issue.due_at), clock=clock)


def a_run(calendar: Calendar, limit: Limit, start: dt.datetime, *moves: Callable[[Run], None]) -> Run:
    run = Run(calendar, limit, start)
    for move in moves:
        move(run)
    return run


A_SECOND = 1_000_000


@given(calendar=calendars(), start=moments, limit=limits, used=waits, wait=waits)
def test_shelved_time_is_neither_lost_nor_won(
    calendar: Calendar, start: dt.datetime, limit: Limit, used: dt.timedelta, wait: dt.timedelta
) -> None:
    run = a_run(calendar, limit, start)
    before = run.left(start + used)

    run.shelve(start + used, wait)

    assert abs(before - run.left(start + used + wait)) <= 1


@given(calendar=calendars(), start=moments, limit=limits, more=amounts, used=waits, wait=waits)
def test_another_limit_gives_as_much_time_after_the_shelf_as_before_it(
    calendar: Calendar, start: dt.datetime, limit: Limit, more: Decimal, used: dt.timedelta, wait: dt.timedelta
) -> None:
    other = Limit(more, limit.clock)
    shelved_at, back = start + used, start + used + wait
    before = a_run(calendar, limit, start, lambda r: r.reapply(other, shelved_at), lambda r: r.shelve(shelved_at, wait))
    after = a_run(calendar, limit, start, lambda r: r.shelve(shelved_at, wait), lambda r: r.reapply(other, back))

    assert abs(before.left(back) - after.left(back)) <= 2 * A_SECOND  # a natural day is cut a second before midnight


@given(calendar=calendars(), start=moments, limit=limits, more=amounts, used=waits)
def test_a_limit_changed_and_changed_back_is_where_it_was(
    calendar: Calendar, start: dt.datetime, limit: Limit, more: Decimal, used: dt.timedelta
) -> None:
    run = a_run(calendar, limit, start)
    before = run.issue.due_at

    run.reapply(Limit(more, limit.clock), start + used)
    run.reapply(limit, start + used)

    assert before == run.issue.due_at


@given(calendar=calendars(), start=moments, limit=limits, more=amounts, used=waits, wait=waits)
def test_a_limit_changed_and_changed_back_after_the_shelf_is_where_it_was(
    calendar: Calendar, start: dt.datetime, limit: Limit, more: Decimal, used: dt.timedelta, wait: dt.timedelta
) -> None:
    run = a_run(calendar, limit, start, lambda r: r.shelve(start + used, wait))
    before, back = run.left(start + used + wait), start + used + wait

    run.reapply(Limit(more, limit.clock), back)
    run.reapply(limit, back)

    assert abs(before - run.left(back)) <= 2 * A_SECOND


@given(calendar=calendars(), start=moments, limit=limits, more=amounts, used=waits)
def test_a_longer_limit_never_brings_the_deadline_forward(
    calendar: Calendar, start: dt.datetime, limit: Limit, more: Decimal, used: dt.timedelta
) -> None:
    run = a_run(calendar, limit, start)
    before = cast(dt.datetime, run.issue.due_at)

    run.reapply(Limit(limit.amount + more, limit.clock), start + used)

    assert before <= cast(dt.datetime, run.issue.due_at)


@given(old=calendars(), new=calendars(), start=moments, limit=limits, days=amounts, now=waits)
def test_a_notice_taken_back_leaves_the_deadline_where_it_was(
    old: Calendar, new: Calendar, start: dt.datetime, limit: Limit, days: Decimal, now: dt.timedelta
) -> None:
    new = replace(old, days=new.days)  # a notice changes days, not hours
    run = a_run(old, limit, start, lambda r: r.extend(Limit(days, limit.clock), start))
    before = run.issue.due_at

    run.recompute(new, start + now)
    run.recompute(old, start + now)

    assert before == run.issue.due_at


@given(calendar=calendars(), start=moments, limit=limits, days=amounts, used=waits, wait=waits)
def test_granted_time_is_kept_over_the_shelf(
    calendar: Calendar, start: dt.datetime, limit: Limit, days: Decimal, used: dt.timedelta, wait: dt.timedelta
) -> None:
    run = a_run(calendar, limit, start)
    assume(start + used < cast(dt.datetime, run.issue.due_at))
    run.extend(Limit(days, limit.clock), start + used)
    before = run.left(start + used)

    run.shelve(start + used, wait)

    assert abs(before - run.left(start + used + wait)) <= 1


@given(calendar=calendars(), start=moments, limit=limits, used=waits, wait=waits)
def test_only_a_clock_that_counts_working_time_is_ever_provisional(
    calendar: Calendar, start: dt.datetime, limit: Limit, used: dt.timedelta, wait: dt.timedelta
) -> None:
    run = a_run(calendar, limit, start, lambda r: r.shelve(start + used, wait))
    assert limit.clock.is_working or not run.issue.due_provisional


@given(old=calendars(), new=calendars(), start=moments, limit=limits, used=waits, wait=waits)
def test_the_days_of_a_notice_move_a_working_clock_only(
    old: Calendar, new: Calendar, start: dt.datetime, limit: Limit, used: dt.timedelta, wait: dt.timedelta
) -> None:
    assume(not limit.clock.is_working)
    run = a_run(old, limit, start, lambda r: r.shelve(start + used, wait))
    before = run.issue.due_at

    run.recompute(replace(old, days=new.days), start + used + wait)

    assert before == run.issue.due_at
