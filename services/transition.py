"""The one door. Every change of an issue goes through `apply`, in batches.

1. Lock the issues and read what the decisions need.           services/situations.py
2. Look the action up in the lifecycle table, then decide.     models/lifecycle.py, services/decisions/
3. Apply the decisions to the records in memory and seal them. here
4. Write issues, events, messages with a few set statements.   services/recording.py
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from sqlmodel import Session

from models.calendar import Calendar
from models.errors import DubanError, NotFound, SomebodyWasFaster
from models.issue import Issue
from models.ladder import CHECK, TRIAGE, next_due, without_stage_steps
from models.lifecycle import BY_ACTION, Action, State, check
from models.rights import SYSTEM, acts_for, roles_of_finder, roles_on
from models.rules import Rules
from models.seal import plain
from notifications.collector import collector_rests
from services import decisions, situations
from services.commands import Command, Decision, Outcome, check_text
from services.decisions.timed import catch_up
from services.recording import Written, write
from services.situations import Situation

BEGINS = frozenset({Action.FIND, Action.TAKE_OVER})
BOOKKEEPING = frozenset({"steps_taken", "step_at", "next_step", "next_step_at"})


@dataclass
class Worked:
    """A command in work: its issue, the columns that changed, the events that were decided."""

    outcome: Outcome
    issue: Issue = field(default_factory=lambda: cast(Issue, SimpleNamespace()))
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
    """Do all of it, or raise the first refusal (a DubanError, see models/errors.py) and do nothing.

    `not_before` holds the messages back until that time.
    """
    with session.begin_nested():
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
    outcomes: dict[int, Outcome] = {}
    for wave in _waves(commands):
        with collector_rests():
            situation = situations.read(session, [command for _, command in wave], now=now, skip_locked=skip_locked)
            caught = (Exception,) if guard_rows else (DubanError,)
            worked = [_work(command, situation, caught) for _, command in wave]
            write(session, worked, situation=situation, not_before=not_before or now)
        outcomes |= {place: work.outcome for (place, _), work in zip(wave, worked, strict=True)}
        session.expire_all()
    return [outcomes[place] for place in range(len(commands))]


def rehearse(session: Session, commands: Sequence[Command], *, now: datetime) -> list[Outcome]:
    """What would become of each command if it came alone and now. Nothing is locked and nothing written.

    For pages that offer what is possible: whoever acts on it is decided about again, under the lock.
    """
    situation = situations.read(session, commands, now=now, hold=False)
    return [_work(command, situation.apart(command), (DubanError,)).outcome for command in commands]


def _waves(commands: Sequence[Command]) -> list[list[tuple[int, Command]]]:
    """The commands in batches in which no issue stands twice: the second sees what the first has written."""
    waves: list[list[tuple[int, Command]]] = []
    depth: Counter[int | None] = Counter()
    for place, command in enumerate(commands):
        wave = depth[command.issue_id] if command.issue_id is not None else 0
        depth[command.issue_id] += 1
        if wave == len(waves):
            waves.append([])
        waves[wave].append((place, command))
    return waves


def _work(command: Command, situation: Situation, caught: tuple[type[Exception], ...]) -> Worked:
    work = Worked(Outcome(command, command.issue_id))
    try:
        _find_issue(command, work, situation)
        if command.key and (work.issue.id, command.key) in situation.seen:
            work.outcome.repeated = True
        else:
            _check_version(command, work.issue)
            _decide(command, work, situation)
        work.outcome.state = work.issue.state
        work.outcome.events = [one.event["action"] for one in work.written]
        work.outcome.steps = [one.event["step"] for one in work.written]
    except caught as error:
        work.outcome.error = error
        work.changed, work.written = {}, []
    return work


def _find_issue(command: Command, work: Worked, situation: Situation) -> None:
    work.is_new = command.action in BEGINS
    issue = _blank(command) if work.is_new else situation.issues.get(command.issue_id or 0)
    if issue is None:
        raise NotFound(what="issue", code=command.issue_id)
    work.issue, work.version = issue, issue.version
    work.outcome.issue_id, work.outcome.number = issue.id, issue.number


def _check_version(command: Command, issue: Issue) -> None:
    if command.version is not None and command.version != issue.version:
        raise SomebodyWasFaster(number=issue.number)


def _blank(command: Command) -> Issue:
    """An issue that is not there yet: every column at its default."""
    plain_values, made = _defaults()
    given = {
        name: command.data[name]
        for name in ("id", "number", "area_path", "lead_unit", "found_by")
        if name in command.data
    }
    fresh = {name: make() for name, make in made.items()}
    return cast(Issue, SimpleNamespace(**{**plain_values, **fresh, "state": None, "version": 0, **given}))


@cache
def _defaults() -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """The defaults of the columns: values to share, and makers of those that every issue needs its own of."""
    fields = Issue.model_fields.items()
    made = {name: cast(Callable[[], Any], info.default_factory) for name, info in fields if info.default_factory}
    return {name: info.get_default() for name, info in fields if name not in made}, made


def _decide(command: Command, work: Worked, situation: Situation) -> None:
    issue = work.issue
    begins = command.action is Action.FIND
    roles = roles_of_finder(command.by) if begins else roles_on(command.by, issue)
    check(command.action, state=issue.state, roles=roles, supplied=command.supplied)
    check_text(command.data)
    for_whom = acts_for(command.by, issue, BY_ACTION[command.action].who)
    waited_for = (issue.state, issue.next_step, issue.next_step_at)
    known = situation.known(issue)
    for decision in catch_up(issue, command, known):
        _take(decision, work, Signature(SYSTEM.code))
    decided = decisions.DECIDE[command.action](issue, command, known)
    for place, decision in enumerate(decided):
        _take(decision, work, Signature(command.by.code, for_whom, command.key if place == 0 else None))
    _look_ahead(decided, work, situation.rules_and_calendar(issue), waited_for)


@dataclass(frozen=True)
class Signature:
    """Who did it, in whose place, and under which key."""

    actor: str
    on_behalf_of: str | None = None
    key: str | None = None


def _take(decision: Decision, work: Worked, by: Signature) -> None:
    """Apply one decision to the record, and keep its event."""
    issue = work.issue
    from_state = issue.state
    to_state = decision.to or issue.state
    changes = {**decision.changes, "state": to_state}
    if from_state != to_state and "steps_taken" not in changes:
        changes["steps_taken"] = without_stage_steps(issue.steps_taken)
    if decision.action is Action.CLOSE_OUT:
        changes["closed_by"] = by.actor
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
        "actor": by.actor,
        "on_behalf_of": by.on_behalf_of,
        "reason": decision.reason,
        "facts": _facts(decision),
        "key": by.key,
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


Waiting = tuple[State | None, str | None, datetime | None]


def _look_ahead(decided: Sequence[Decision], work: Worked, frozen: tuple[Rules, Calendar], waited_for: Waiting) -> None:
    """Set the one time at which anything is due next. `frozen`: the issue's rules and calendar, as they are by now."""
    issue = work.issue
    check_at = next((d.check_at for d in reversed(decided) if d.check_at), None)
    timed = work.outcome.command.action is Action.ESCALATE
    code, at = _next(issue, frozen, check_at)
    state, step, step_at = waited_for
    if not check_at and not timed and step in (TRIAGE, CHECK) and state == issue.state:
        code, at = step, step_at  # a word in between does not take away the look that is due
    if timed or not issue.set_aside:
        issue.next_step, issue.next_step_at = code, at
        work.changed |= {"next_step": code, "next_step_at": at}
    if timed:
        work.changed |= {"set_aside": 0, "set_aside_why": None}


def _next(
    issue: Issue, frozen: tuple[Rules, Calendar], check_at: datetime | None
) -> tuple[str | None, datetime | None]:
    if check_at and issue.state == State.FOUND:
        return TRIAGE, check_at
    if check_at and issue.state == State.VERIFIED:
        return CHECK, check_at
    due = next_due(issue, rules=frozen[0], calendar=frozen[1])
    return (due.code, due.at) if due else (None, None)
