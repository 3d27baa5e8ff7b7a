"""When an issue's next step is due, which steps have passed, and where a jump lands. Pure: dates in, dates out.

Two kinds of steps: the ladder E0 to E8 runs over the deadline while the unit works; stage steps (A, V, C, M) run over
the other clocks: assigning, verifying, closing out, a shelved milestone. Source: domain 9c.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from models.calendar import Calendar
from models.deadlines import Limit, due, share_point
from models.issue import Issue
from models.lifecycle import RUNNING, State
from models.rules import Rules, StageStep, Step

TRIAGE = "triage"
CHECK = "check"
FIRST_STAGE_BIT = 16


@dataclass(frozen=True)
class Due:
    """A step and the time at which it falls due."""

    code: str
    at: datetime
    bit: int


def is_taken(issue: Issue, bit: int) -> bool:
    """Whether a step was decided already in this cycle (ladder) or in this stay (stage steps)."""
    return bool(issue.steps_taken >> bit & 1)


def schedule(issue: Issue, *, rules: Rules, calendar: Calendar) -> list[Due]:
    """Every step not yet taken that time alone will bring, soonest first."""
    return _schedule(issue, rules, calendar, enough=lambda _: False)


def next_due(issue: Issue, *, rules: Rules, calendar: Calendar) -> Due | None:
    """The soonest step, or None where nothing is waiting for time."""
    return next(iter(_schedule(issue, rules, calendar, enough=lambda _: True)), None)


def passed(issue: Issue, *, rules: Rules, calendar: Calendar, now: datetime) -> list[Due]:
    """The steps whose time has come, soonest first. After a stop this may be several."""
    return [step for step in _schedule(issue, rules, calendar, enough=lambda at: at > now) if step.at <= now]


def _schedule(issue: Issue, rules: Rules, calendar: Calendar, *, enough: Callable[[datetime], bool]) -> list[Due]:
    running = issue.state in RUNNING
    steps = _ladder(issue, rules, calendar, enough) if running else _stages(issue, rules, calendar)
    return sorted(steps, key=lambda step: (step.at, step.bit))


def _ladder(issue: Issue, rules: Rules, calendar: Calendar, enough: Callable[[datetime], bool]) -> Iterator[Due]:
    """Steps that run from the deadline come one after the other (the lint of a pack sees to it): past enough, stop."""
    seen_enough = False
    for step in rules.ladder:
        if is_taken(issue, step.rank) or (seen_enough and step.start == "due"):
            continue
        at = step_time(step, issue, rules=rules, calendar=calendar)
        if at is not None:
            seen_enough |= step.start == "due" and enough(at)
            yield Due(step.code, at, step.rank)


def step_time(step: Step, issue: Issue, *, rules: Rules, calendar: Calendar) -> datetime | None:
    """When a step of the ladder falls due for this issue; None where its start does not apply."""
    severity = rules.severity(issue.severity)
    offset = rules.offset(step, severity=issue.severity)
    if step.start == "sign_in_due":
        start = issue.sign_in_due_at if issue.state == State.ASSIGNED else None
    elif step.start == "due":
        start = issue.due_at
    elif step.start == "share":
        if issue.clock_started_at is None or issue.due_at is None:
            return None
        return share_point(
            calendar, start=issue.clock_started_at, due_at=issue.due_at, share=step.share, clock=severity.limit.clock
        )
    else:
        return None  # "assigned": taken by the assignment itself, never by time
    return after(calendar, start, offset) if start else None


def _stages(issue: Issue, rules: Rules, calendar: Calendar) -> Iterator[Due]:
    if issue.stage_due_at is None:
        return
    for position, step in enumerate(rules.stages):
        bit = FIRST_STAGE_BIT + position
        if step.stage == issue.state and not is_taken(issue, bit):
            offset = rules.offset(step, severity=issue.severity)
            yield Due(step.code, after(calendar, issue.stage_due_at, offset), bit)


def stage_step(code: str, rules: Rules) -> StageStep:
    """The stage step of this code. Raises StopIteration for none: codes come from `schedule`."""
    return next(step for step in rules.stages if step.code == code)


def after(calendar: Calendar, start: datetime, offset: Limit) -> datetime:
    """A time some offset later; exactly the start where the offset is nothing."""
    return due(calendar, start=start, limit=offset).at if offset.amount else start


def without_stage_steps(steps_taken: int) -> int:
    """The steps taken, with the stage steps forgotten: each stay in a stage has its own."""
    return steps_taken & ((1 << FIRST_STAGE_BIT) - 1)


def level_reached(steps_taken: int, rules: Rules) -> int:
    """The highest level that was told, 5 where only the handler was."""
    return min((step.level for step in rules.ladder if steps_taken >> step.rank & 1), default=5)


def jump_target(steps_taken: int, *, from_level: int, rules: Rules) -> Step | None:
    """Where a double failure or a relapse lands: the first overdue step not taken that tells a level higher up.

    A step that a person decides is never jumped to. None at the top. Source: domain 9c, "jump one level".
    """
    wanted = max(1, from_level - rules.jump.levels)
    for step in rules.ladder:
        taken = steps_taken >> step.rank & 1
        if step.start == "due" and not taken and not step.person_decides and step.level <= wanted:
            return step
    return None
