"""The one door. Every change of an issue goes through `apply`, in batches.

1. Lock the issues and read what the decisions need.           services/situations.py
2. Look the action up in the lifecycle table, then decide.     models/lifecycle.py, services/decisions/
3. Apply the decisions to the records in memory and seal them. here
4. Write issues, events, messages with a few set statements.   services/recording.py
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from sqlmodel import Session

from models.errors import DubanError, NotFound, SomebodyWasFaster
from models.issue import Issue
from models.ladder import CHECK, TRIAGE, next_due, without_stage_steps
from models.lifecycle import BY_ACTION, Action, State, check
from models.rights import acts_for, roles_of_finder, roles_on
from models.seal import plain
from services import decisions, situations
from services.commands import Command, Decision, Known, Outcome
from services.recording import Written, write
from services.situations import Situation

BEGINS = frozenset({Action.FIND, Action.TAKE_OVER})
BOOKKEEPING = frozenset({"steps_taken", "step_at", "next_step", "next_step_at"})


@dataclass
class Worked:
    """A command in work: its issue, the columns that changed, the events that were decided."""

    outcome: Outcome
    issue: Issue
    changed: dict[str, Any] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    version: int = 0
    is_new: bool = False


def apply(
    session: Session,
    commands: Sequence[Command],
    *,
    now: datetime,
    skip_locked: bool = False,
    not_before: datetime | None = None,
) -> list[Outcome]:
    """Do all of it, or raise the first refusal and do nothing.

    Raises a DubanError (see models/errors.py) when a command is refused; the caller's transaction is then to be
    rolled back. `not_before` holds the messages back until that time.
    """
    outcomes = attempt(session, commands, now=now, skip_locked=skip_locked, not_before=not_before)
    for outcome in outcomes:
        if outcome.error:
            raise outcome.error
    return outcomes


def attempt(
    session: Session,
    commands: Sequence[Command],
    *,
    now: datetime,
    skip_locked: bool = False,
    not_before: datetime | None = None,
    guard_rows: bool = False,
) -> list[Outcome]:
    """Do what can be done; a refused command carries its error in its outcome and changes nothing.

    `guard_rows` is for sweeps: whatever goes wrong with one issue, a fault of ours included, stays with that issue.
    """
    situation = situations.read(session, commands, now=now, skip_locked=skip_locked)
    worked: dict[int, Worked] = {}
    caught = (Exception,) if guard_rows else (DubanError,)
    outcomes = [_work(command, situation, worked, caught) for command in commands]
    write(session, list(worked.values()), situation=situation, not_before=not_before or now)
    session.expire_all()
    return outcomes


def _work(
    command: Command, situation: Situation, worked: dict[int, Worked], caught: tuple[type[Exception], ...]
) -> Outcome:
    outcome = Outcome(command, command.issue_id)
    try:
        issue, is_new = _issue_of(command, situation)
        outcome.issue_id, outcome.number = issue.id, issue.number
        if command.key and (issue.id, command.key) in situation.seen:
            outcome.repeated, outcome.state = True, issue.state
            return outcome
        work = worked.get(issue.id or 0) or Worked(outcome, issue, version=issue.version, is_new=is_new)
        _decide(command, work, situation)
        worked[issue.id or 0] = work
        outcome.state = issue.state
        outcome.events = [one.event["action"] for one in work.written]
    except caught as error:
        outcome.error = error
    return outcome


def _issue_of(command: Command, situation: Situation) -> tuple[Issue, bool]:
    if command.action in BEGINS:
        return _blank(command), True
    issue = situation.issues.get(command.issue_id or 0)
    if issue is None:
        raise NotFound(what="issue", code=command.issue_id)
    if command.version is not None and command.version != issue.version:
        raise SomebodyWasFaster(number=issue.number)
    return issue, False


def _blank(command: Command) -> Issue:
    """An issue that is not there yet: every column at its default."""
    fields = {name: info.get_default(call_default_factory=True) for name, info in Issue.model_fields.items()}
    given = {
        name: command.data[name]
        for name in ("id", "number", "area_path", "lead_unit", "found_by")
        if name in command.data
    }
    return cast(Issue, SimpleNamespace(**{**fields, "state": None, "version": 0, **given}))


def _decide(command: Command, work: Worked, situation: Situation) -> None:
    issue = work.issue
    known = situation.known(issue)
    roles = roles_of_finder(command.by) if work.is_new else roles_on(command.by, issue)
    if command.action is Action.TAKE_OVER:
        roles = roles_on(command.by, issue)
    check(command.action, state=issue.state, roles=roles, supplied=command.supplied)
    decided = decisions.DECIDE[command.action](issue, command, known)
    before = dict(vars(issue))
    try:
        for decision in decided:
            _take(decision, command, work)
        _look_ahead(decided, work, situation)
    except Exception:
        vars(issue).update(before)
        raise


def _take(decision: Decision, command: Command, work: Worked) -> None:
    """Apply one decision to the record, and seal its event."""
    issue = work.issue
    from_state = issue.state
    to_state = decision.to or issue.state
    changes = {**decision.changes, "state": to_state}
    if from_state != to_state and "steps_taken" not in changes:
        changes["steps_taken"] = without_stage_steps(issue.steps_taken)
    if decision.action is Action.CLOSE_OUT:
        changes["closed_by"] = command.by.code
    _set(work, changes)
    event = {
        "issue_id": issue.id,
        "number": issue.number,
        "seq": issue.event_count,
        "cycle": issue.cycle,
        "action": decision.action,
        "step": decision.step,
        "from_state": from_state,
        "to_state": to_state,
        "actor": command.by.code,
        "on_behalf_of": acts_for(command.by, issue, BY_ACTION[command.action].who),
        "reason": decision.reason,
        "facts": _facts(decision),
        "key": command.key if not work.written else None,
    }
    work.written.append(Written(event, decision))


def _facts(decision: Decision) -> dict[str, Any]:
    """What the event says: every column it changed, and what else the decision wants on record."""
    changed = {name: value for name, value in decision.changes.items() if name not in BOOKKEEPING}
    return cast(dict[str, Any], plain({**changed, **decision.facts}))


def _set(work: Worked, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(work.issue, name, value)
    work.changed.update(changes)
    work.issue.event_count += 1
    work.changed["event_count"] = work.issue.event_count


def _look_ahead(decided: Sequence[Decision], work: Worked, situation: Situation) -> None:
    """Set the one time at which anything is due next."""
    issue = work.issue
    check_at = next((d.check_at for d in reversed(decided) if d.check_at), None)
    code, at = _next(issue, situation.known(issue), check_at)
    issue.next_step, issue.next_step_at = code, at
    work.changed |= {"next_step": code, "next_step_at": at, "set_aside": 0, "set_aside_why": None}


def _next(issue: Issue, known: Known, check_at: datetime | None) -> tuple[str | None, datetime | None]:
    if check_at and issue.state == State.FOUND:
        return TRIAGE, check_at
    if check_at and issue.state == State.VERIFIED:
        return CHECK, check_at
    due = next_due(issue, rules=known.rules, calendar=known.calendar)
    return (due.code, due.at) if due else (None, None)
