"""The life of an issue, as a table that one can read aloud.

Action, from which states, to which state, who may, what must be supplied. What is not in the table is refused.
Source: design section 4.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from models.errors import ActionNotAllowed, ActionNotPossible, MissingInput


class State(StrEnum):
    """Where an issue stands. Overdue is computed from its dates, never a state."""

    FOUND = "found"
    ASSIGNED = "assigned"
    RECTIFYING = "rectifying"
    RECTIFIED = "rectified"
    VERIFIED = "verified"
    CLOSED = "closed"
    SHELVED = "shelved"
    VOID = "void"


class Role(StrEnum):
    """What somebody is *to one issue*; derived from the posts they hold over its area and its unit."""

    REPORTER = "reporter"
    INSPECTOR = "inspector"
    HANDLER = "handler"
    UNIT_LEADER = "unit_leader"
    DISPATCHER = "dispatcher"
    VERIFIER = "verifier"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    ASSISTANT = "assistant"
    SYSTEM = "system"


class Action(StrEnum):
    """Everything that can be done to an issue. Each one that is accepted is one event."""

    FIND = "find"
    TAKE_OVER = "take_over"
    TRIAGE = "triage"
    ASSIGN = "assign"
    SIGN_IN = "sign_in"
    RETURN = "return"
    SUBMIT = "submit"
    PASS = "pass"
    FAIL = "fail"
    CLOSE_OUT = "close_out"
    DISPUTE = "dispute"
    REOPEN = "reopen"
    RELAPSE = "relapse"
    LOOK_BACK = "look_back"
    MERGE = "merge"
    VOID = "void"
    COMMENT = "comment"
    ATTACH = "attach"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    ASK_RETURN = "ask_return"
    GRANT_RETURN = "grant_return"
    REFUSE_RETURN = "refuse_return"
    ASK_SHELVING = "ask_shelving"
    GRANT_SHELVING = "grant_shelving"
    REFUSE_SHELVING = "refuse_shelving"
    RESUME = "resume"
    CALL_BACK = "call_back"
    REPORT_SWEEP = "report_sweep"
    START_SWEEP = "start_sweep"
    FINISH_SWEEP = "finish_sweep"
    WAIVE_SWEEP = "waive_sweep"
    REPLY_ORDER = "reply_order"
    REVIEW_ORDER = "review_order"
    ESCALATE = "escalate"
    UNREACHABLE = "unreachable"
    REAPPLY_RULES = "reapply_rules"
    RECOMPUTE = "recompute"
    ISSUE_PAPER = "issue_paper"
    REMIND = "remind"
    MARK_LEADER = "mark_leader"
    UNMARK_LEADER = "unmark_leader"


@dataclass(frozen=True)
class Transition:
    """One line of the table. `to` is None where the state stays as it is."""

    action: Action
    come_from: frozenset[State]
    to: State | None
    who: frozenset[Role]
    needs: frozenset[str] = field(default_factory=frozenset)


S, R, A = State, Role, Action
OPEN = frozenset({S.FOUND, S.ASSIGNED, S.RECTIFYING, S.RECTIFIED, S.VERIFIED, S.SHELVED})
ANY = frozenset(State)
RUNNING = frozenset({S.ASSIGNED, S.RECTIFYING})
LED = ANY - {S.FOUND, S.VOID}
"""A unit answers for it, or did."""
THE_UNIT = frozenset({R.HANDLER, R.UNIT_LEADER})
THE_OFFICE = frozenset({R.DISPATCHER, R.SUPERVISOR})
PEOPLE = frozenset(Role) - {R.SYSTEM}


def _line(action: Action, come_from: object, to: State | None, who: object, *needs: str) -> Transition:
    states = frozenset({come_from}) if isinstance(come_from, State) else frozenset(come_from)  # type: ignore[call-overload]
    return Transition(action, states, to, frozenset(who), frozenset(needs))  # type: ignore[call-overload]


LIFECYCLE: tuple[Transition, ...] = (
    _line(A.FIND, (), S.FOUND, PEOPLE | {R.SYSTEM}, "description"),
    _line(A.TAKE_OVER, (), None, {R.DISPATCHER, R.ADMINISTRATOR, R.SYSTEM}, "description", "state"),
    _line(A.TRIAGE, S.FOUND, None, {R.DISPATCHER, R.SYSTEM}),
    _line(A.ASSIGN, S.FOUND, S.ASSIGNED, {R.DISPATCHER, R.SYSTEM}),
    _line(A.MERGE, S.FOUND, S.VOID, {R.DISPATCHER}, "into"),
    _line(A.VOID, S.FOUND, S.VOID, THE_OFFICE, "reason"),
    _line(A.SIGN_IN, S.ASSIGNED, S.RECTIFYING, THE_UNIT),
    _line(A.RETURN, S.ASSIGNED, S.FOUND, THE_UNIT, "reason"),
    _line(A.ASK_RETURN, S.RECTIFYING, None, THE_UNIT, "reason"),
    _line(A.GRANT_RETURN, S.RECTIFYING, S.FOUND, THE_OFFICE),
    _line(A.REFUSE_RETURN, S.RECTIFYING, None, THE_OFFICE, "reason"),
    _line(A.SUBMIT, S.RECTIFYING, S.RECTIFIED, THE_UNIT, "result"),
    _line(A.PASS, S.RECTIFIED, S.VERIFIED, {R.VERIFIER}),
    _line(A.FAIL, S.RECTIFIED, S.RECTIFYING, {R.VERIFIER}, "reason"),
    _line(A.CLOSE_OUT, S.VERIFIED, S.CLOSED, {R.DISPATCHER, R.SYSTEM}),
    _line(A.DISPUTE, S.VERIFIED, S.RECTIFYING, {R.REPORTER, R.DISPATCHER, R.SUPERVISOR}, "reason"),
    _line(A.REOPEN, S.CLOSED, S.RECTIFYING, THE_OFFICE, "reason"),
    _line(A.RELAPSE, S.CLOSED, S.RECTIFYING, {R.INSPECTOR, R.VERIFIER} | THE_OFFICE, "reason"),
    _line(A.LOOK_BACK, S.CLOSED, None, {R.INSPECTOR, R.VERIFIER}),
    _line(A.ASK_EXTENSION, RUNNING, None, THE_UNIT, "reason", "amount"),
    _line(A.GRANT_EXTENSION, RUNNING, None, THE_OFFICE | {R.LEADER}),
    _line(A.REFUSE_EXTENSION, RUNNING, None, THE_OFFICE | {R.LEADER}, "reason"),
    _line(A.ASK_SHELVING, S.RECTIFYING, None, THE_UNIT, "reason", "milestone"),
    _line(A.GRANT_SHELVING, S.RECTIFYING, S.SHELVED, THE_OFFICE | {R.LEADER}),
    _line(A.REFUSE_SHELVING, S.RECTIFYING, None, THE_OFFICE | {R.LEADER}, "reason"),
    _line(A.RESUME, S.SHELVED, S.RECTIFYING, THE_UNIT | THE_OFFICE | {R.SYSTEM}),
    _line(A.CALL_BACK, {S.RECTIFIED, S.VERIFIED, S.CLOSED}, None, {R.REPORTER, R.DISPATCHER}, "answer"),
    _line(A.REPORT_SWEEP, {S.RECTIFYING, S.RECTIFIED, S.VERIFIED}, None, THE_UNIT, "checked"),
    _line(A.START_SWEEP, LED, None, THE_UNIT | THE_OFFICE | {R.INSPECTOR}, "round"),
    _line(A.FINISH_SWEEP, LED, None, {R.SYSTEM}, "checked"),
    _line(A.WAIVE_SWEEP, {S.RECTIFYING, S.RECTIFIED, S.VERIFIED}, None, THE_OFFICE, "reason"),
    _line(A.REPLY_ORDER, OPEN - {S.FOUND}, None, THE_UNIT, "reply"),
    _line(A.REVIEW_ORDER, LED, None, THE_OFFICE | {R.LEADER}, "order", "verdict"),
    _line(A.COMMENT, ANY, None, PEOPLE, "text"),
    _line(A.ATTACH, OPEN, None, THE_UNIT | THE_OFFICE | {R.REPORTER, R.INSPECTOR, R.VERIFIER, R.ASSISTANT}, "evidence"),
    _line(A.ESCALATE, OPEN | {S.CLOSED}, None, {R.SYSTEM}),
    _line(A.UNREACHABLE, ANY, None, {R.SYSTEM}),
    _line(A.REAPPLY_RULES, RUNNING, None, THE_OFFICE | {R.ADMINISTRATOR}),
    _line(A.RECOMPUTE, OPEN - {S.FOUND}, None, {R.SYSTEM, R.ADMINISTRATOR}),
    _line(A.ISSUE_PAPER, LED, None, THE_OFFICE, "kind"),
    _line(A.REMIND, RUNNING, None, THE_OFFICE, "step"),
    _line(A.MARK_LEADER, OPEN, None, THE_OFFICE),
    _line(A.UNMARK_LEADER, OPEN, None, THE_OFFICE, "reason"),
)
BY_ACTION: Mapping[Action, Transition] = {line.action: line for line in LIFECYCLE}


def check(action: Action, *, state: State | None, roles: frozenset[Role], supplied: frozenset[str]) -> State | None:
    """The state after the action; the same state where it does not move.

    Raises ActionNotPossible from a state that the table does not list, ActionNotAllowed for somebody it does not
    list, MissingInput where something must be supplied.
    """
    line = BY_ACTION[action]
    if state not in line.come_from and not (state is None and not line.come_from):
        raise ActionNotPossible(action=action.value, state=state.value if state else "new")
    if not roles & line.who:
        raise ActionNotAllowed(action=action.value, who=", ".join(sorted(line.who)))
    if missing := line.needs - supplied:
        raise MissingInput(action=action.value, missing=", ".join(sorted(missing)))
    return line.to or state
