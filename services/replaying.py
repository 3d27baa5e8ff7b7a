"""One issue's past under another ladder. Pure: stretches in, steps out.

What people did stays: assigned, signed in, shelved, granted more time, handed in, failed. Limits and ladder are the
other ones. The calendar is the issue's own.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from models.calendar import Calendar
from models.deadlines import add_time, due, time_between
from models.issue import Issue
from models.ladder import jump_target, level_reached, step_time
from models.lifecycle import RUNNING, Action, State
from models.rules import Rules

STARTS = frozenset({Action.ASSIGN, Action.FAIL, Action.DISPUTE, Action.REOPEN, Action.RELAPSE})
SHORT = frozenset({Action.FAIL, Action.DISPUTE})
STOPS = frozenset({Action.SUBMIT, Action.RETURN, Action.GRANT_RETURN, Action.VOID, Action.CLOSE_OUT})
MOVES = frozenset({Action.GRANT_EXTENSION, Action.REAPPLY_RULES, Action.RECOMPUTE})
OTHERS = frozenset({Action.SIGN_IN, Action.GRANT_SHELVING, Action.RESUME, Action.ESCALATE})
WANTED = STARTS | STOPS | MOVES | OTHERS
OF_THE_OLD_POLICY = frozenset({Action.ESCALATE, Action.REAPPLY_RULES, Action.RECOMPUTE})


@dataclass(frozen=True)
class Happened:
    """One event, as far as a replay needs it. `due_at`: the deadline that it set; `minutes`: granted time."""

    action: Action
    at: datetime
    step: str | None = None
    due_at: datetime | None = None
    minutes: float = 0


@dataclass(frozen=True)
class Past:
    """One issue's past."""

    severity: str
    calendar: Calendar
    events: tuple[Happened, ...]


@dataclass
class Fate:
    """What became of an issue: the steps that fired (once in each cycle), and whether it was ever late."""

    steps: Counter[str] = field(default_factory=Counter)
    late: bool = False


def as_it_was(past: Past, *, until: datetime) -> Fate:
    """What the record says."""
    fate, deadline, running = Fate(), None, False
    for event in past.events:
        if event.step:
            fate.steps[event.step] += 1
        if event.action in STOPS | {Action.GRANT_SHELVING} and running:
            fate.late |= deadline is not None and event.at > deadline
            running = False
        running = running or event.action in STARTS | {Action.RESUME}
        deadline = event.due_at or deadline
    fate.late |= running and deadline is not None and until > deadline
    return fate


@dataclass
class _Run:
    """The clock of the other policy while the past goes by."""

    rules: Rules
    past: Past
    fate: Fate = field(default_factory=Fate)
    issue: Any = field(default_factory=lambda: SimpleNamespace(state=None, due_at=None))
    taken: int = 0
    failed: int = 0
    shelved_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def running(self) -> bool:
        return self.issue.state in RUNNING

    def pass_time(self, until: datetime) -> None:
        """Every step whose time comes up to then."""
        if not self.running:
            return
        self.fate.late |= until > self.issue.due_at
        for step in self.rules.ladder:
            if self.taken >> step.rank & 1:
                continue
            at = step_time(step, cast(Issue, self.issue), rules=self.rules, calendar=self.past.calendar)
            if at is not None and at <= until:
                self.fire(step.code, step.rank)

    def fire(self, code: str, rank: int) -> None:
        if not self.taken >> rank & 1:
            self.taken |= 1 << rank
            self.fate.steps[code] += 1

    def go_on(self, event: Happened) -> None:
        """What people did, under the other limits."""
        if event.action in STARTS:
            self.begin(event)
        elif event.action is Action.SIGN_IN:
            self.issue.state = State.RECTIFYING
        elif event.action in STOPS:
            self.issue.state = None
            self.closed_at = event.at if event.action is Action.CLOSE_OUT else None
        elif event.action is Action.GRANT_SHELVING:
            self.issue.state, self.shelved_at = None, event.at
        elif event.action is Action.RESUME and self.shelved_at:
            self.resume(event.at, self.shelved_at)
        elif event.action is Action.GRANT_EXTENSION and self.running:
            self.issue.due_at = self.later(self.issue.due_at, event.minutes)

    def begin(self, event: Happened) -> None:
        rule = self.rules.severity(self.past.severity)
        limit = rule.limit.scaled(rule.rework_share) if event.action in SHORT else rule.limit
        calendar = self.past.calendar
        self.issue = SimpleNamespace(
            severity=self.past.severity,
            state=State.ASSIGNED if event.action is Action.ASSIGN else State.RECTIFYING,
            clock_started_at=event.at,
            due_at=due(calendar, start=event.at, limit=limit).at,
            sign_in_due_at=due(calendar, start=event.at, limit=rule.sign_in).at,
        )
        self.jump(event)

    def jump(self, event: Happened) -> None:
        """A second failed check or a relapse soon after lifts by a level; a new cycle starts the ladder anew."""
        before, jump = self.taken, self.rules.jump
        if event.action not in SHORT:
            self.taken = 1
        self.failed += event.action in SHORT
        twice = event.action is Action.FAIL and self.failed >= jump.failed_checks
        recent = self.closed_at is not None and event.at - self.closed_at <= timedelta(days=jump.relapse_days)
        if twice or (event.action is Action.RELAPSE and recent):
            target = jump_target(self.taken, from_level=level_reached(before, self.rules), rules=self.rules)
            if target:
                self.fire(target.code, target.rank)

    def resume(self, at: datetime, shelved_at: datetime) -> None:
        clock = self.rules.severity(self.past.severity).limit.clock
        calendar, issue = self.past.calendar, self.issue
        left = time_between(calendar, start=shelved_at, end=issue.due_at, clock=clock)
        used = time_between(calendar, start=issue.clock_started_at, end=shelved_at, clock=clock)
        issue.due_at = add_time(calendar, at=at, minutes=left, clock=clock)
        issue.clock_started_at = add_time(calendar, at=at, minutes=-used, clock=clock)
        issue.state, self.shelved_at = State.RECTIFYING, None

    def later(self, at: datetime, minutes: float) -> datetime:
        clock = self.rules.severity(self.past.severity).limit.clock
        return add_time(self.past.calendar, at=at, minutes=minutes, clock=clock)


def replayed(past: Past, *, rules: Rules, until: datetime) -> Fate:
    """What the other policy would have done: the same people, the same days, other limits and steps."""
    run = _Run(rules, past)
    for event in past.events:
        if event.action not in OF_THE_OLD_POLICY:
            run.pass_time(event.at)
            run.go_on(event)
    run.pass_time(until)
    return run.fate
