"""What time alone brings: triage, the steps of the ladder, the other clocks, the look at close-out conditions."""

from collections.abc import Sequence

from models.closing import missing_conditions
from models.issue import Issue
from models.ladder import (
    CHECK,
    TRIAGE,
    Due,
    jump_target,
    level_reached,
    passed,
    stage_step,
    without_stage_steps,
)
from models.lifecycle import RUNNING, Action, State
from models.rules import Step
from services.commands import Command, Decision, Known, Row
from services.decisions import found, verified

ORDERS = {"supervision_order_1": 1, "supervision_order_2": 2, "supervision_order_3": 3}


def on_time(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Whatever is due on this issue now: nothing, one thing, or several after a stop."""
    if issue.next_step == TRIAGE and issue.state == State.FOUND:
        return _triage(issue, command, known)
    if issue.next_step == CHECK and issue.state == State.VERIFIED:
        return _check(issue, known)
    due_now = passed(issue, rules=known.rules, calendar=known.calendar, now=known.now)
    if issue.state in RUNNING:
        return _climb(issue, known, due_now)
    return _remind(issue, known, due_now)


def _triage(issue: Issue, command: Command, known: Known) -> list[Decision]:
    decisions = found.triage(issue, command, known)
    clear = known.suggestion and not known.duplicates and not issue.returns
    if known.rules.policy.get("auto_assign") and clear:
        return [*decisions, *found.assign(issue, command, known)]
    return decisions


def _check(issue: Issue, known: Known) -> list[Decision]:
    """Close out when every condition holds; otherwise wait for what is missing, and say nothing."""
    missing = missing_conditions(
        issue, rules=known.rules, evidence=known.evidence, evidence_wanted=known.evidence_wanted
    )
    return [] if missing else [verified.closing(issue, known)]


LEAVES = frozenset({Action.SUBMIT, Action.RETURN, Action.GRANT_RETURN, Action.GRANT_SHELVING})


def catch_up(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """The steps that had passed before somebody acted, when no round came in between: on record, told to nobody.

    A late signature ends the clock of signing in alone; what else has passed is still told by the next round.
    """
    if issue.state not in RUNNING or command.action not in LEAVES | {Action.SIGN_IN}:
        return []
    due_now = passed(issue, rules=known.rules, calendar=known.calendar, now=known.now)
    if command.action is Action.SIGN_IN:
        due_now = [due for due in due_now if known.rules.step(due.code).start == "sign_in_due"]
    return _climb(issue, known, due_now, told=False)


def _climb(issue: Issue, known: Known, due_now: Sequence[Due], *, told: bool = True) -> list[Decision]:
    """Record every step that has passed; only the highest one is told, so that a stop makes no storm (promise 10)."""
    steps = [(known.rules.step(due.code), due) for due in due_now]
    top = max((step.rank for step, _ in steps), default=-1)
    taken, decisions = issue.steps_taken, []
    for step, due in sorted(steps, key=lambda pair: pair[0].rank):
        taken |= 1 << step.rank
        decisions.append(_escalation(issue, known, step, taken, due=due, quiet=step.rank != top or not told))
    return decisions


def _escalation(
    issue: Issue, known: Known, step: Step, taken: int, *, due: Due | None, quiet: bool, cause: str = "time"
) -> Decision:
    highest = taken.bit_length() - 1
    changes: dict[str, object] = {"steps_taken": taken, "step": highest, "step_at": known.now}
    facts = {"cause": cause, "level": step.level, "paper": step.paper, "was_due": due.at if due else None}
    degree = 0 if quiet else ORDERS.get(step.paper, 0)
    rows: tuple[Row, ...] = ()
    if degree:
        changes["orders_unanswered"] = issue.orders_unanswered + 1
        rows = (Row("supervision_order", {"degree": degree, "unit_code": issue.lead_unit, "issued_at": known.now}),)
    return Decision(Action.ESCALATE, changes, facts, step=step.code, quiet=quiet, rows=rows)


def jump(issue: Issue, known: Known, cause: str, *, new_cycle: bool = False) -> list[Decision]:
    """One level higher at once: after a second failed check, or a relapse. Nothing where the top is reached."""
    level = level_reached(issue.steps_taken, known.rules)
    taken = 1 if new_cycle else without_stage_steps(issue.steps_taken)
    step = jump_target(taken, from_level=level, rules=known.rules)
    if step is None:
        return []
    return [_escalation(issue, known, step, taken | 1 << step.rank, due=None, quiet=False, cause=cause)]


def _remind(issue: Issue, known: Known, due_now: Sequence[Due]) -> list[Decision]:
    """The other clocks: assigning, verifying, closing out, a milestone. The last one passed is told."""
    taken, decisions = issue.steps_taken, []
    for due in due_now:
        taken |= 1 << due.bit
        step = stage_step(due.code, known.rules)
        facts = {"cause": "time", "level": step.level, "paper": step.paper, "was_due": due.at}
        quiet = due is not due_now[-1]
        decisions.append(Decision(Action.ESCALATE, {"steps_taken": taken}, facts, step=_key(issue, due), quiet=quiet))
    return decisions


def _key(issue: Issue, due: Due) -> str:
    """A stage may be entered again in the same cycle: after rework, or shelved until another milestone."""
    if issue.state == State.SHELVED:
        return f"{due.code}-{issue.milestone_at:%Y%m%d%H%M}"
    return f"{due.code}-{issue.rework}"


def unreachable(_: Issue, command: Command, __: Known) -> list[Decision]:
    """Nobody could be told: an event, not silence (promise 4). The duty officer sees it."""
    return [Decision(Action.UNREACHABLE, facts=dict(command.data))]
