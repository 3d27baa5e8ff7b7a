"""What a unit may ask for, and how it is decided: more time, another owner, a place on the shelf (挂账)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from models.deadlines import Limit, due, time_between
from models.errors import (
    MilestoneTooFar,
    NeedsHigherLevel,
    NoOpenRequest,
    RequestAlreadyOpen,
    TimeInThePast,
    TooLate,
    TooMany,
    TooMuch,
    WrongValue,
)
from models.issue import Issue, Request, RequestKind, RequestState
from models.lifecycle import BY_ACTION, Action, State
from models.rights import deciding_level
from models.rules import ExtensionRule
from services.commands import Command, Decision, Known, Row, need
from services.decisions.assigned import back_to_found

REFUSES = {
    Action.REFUSE_EXTENSION: RequestKind.EXTENSION,
    Action.REFUSE_RETURN: RequestKind.RETURN,
    Action.REFUSE_SHELVING: RequestKind.SHELVING,
}
DISTRICT = 2
LONGEST_SHELVING = timedelta(days=3 * 365)
"""One cycle of the evaluation (domain 1); what waits longer would never be asked after. (proposal)"""


def ask_extension(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Ask for more time, before the deadline only. Raises TooLate, TooMany, TooMuch. Source: domain 9b."""
    need(issue.due_at and known.now < issue.due_at, TooLate(due=local_time(issue.due_at, known)))
    rule = known.rules.severity(issue.severity).extension
    _check_extension(issue, rule, Limit.parse(command.data["amount"]))
    return [_ask(RequestKind.EXTENSION, command, known, {"amount": str(command.data["amount"])})]


def _check_extension(issue: Issue, rule: ExtensionRule, amount: Limit) -> None:
    allowed = TooMany(severity=issue.severity, times=rule.times, used=issue.extensions)
    need(issue.extensions < rule.times, allowed)
    need(amount.amount > 0, WrongValue(field="amount", value=str(amount), expected="more than nothing"))
    if rule.most is not None:
        fits = amount.clock == rule.most.clock and amount.amount <= rule.most.amount
        need(fits, TooMuch(severity=issue.severity, most=str(rule.most), asked=str(amount)))


def grant_extension(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Give the time asked for, or less (`amount`), on top of the deadline. Raises NoOpenRequest, NeedsHigherLevel."""
    request = _open(known, RequestKind.EXTENSION)
    rule = known.rules.severity(issue.severity).extension
    _check_level(command, issue, rule.approver_level)
    asked = Limit.parse(request.facts["amount"])
    amount = Limit.parse(command.data["amount"]) if command.data.get("amount") else asked
    _check_extension(issue, rule, amount)
    fits = amount.clock == asked.clock and amount.amount <= asked.amount
    need(fits, WrongValue(field="amount", value=str(amount), expected=f"at most what was asked for, {asked}"))
    assert issue.due_at is not None
    end = due(known.calendar, start=issue.due_at, limit=amount)
    clock = known.rules.severity(issue.severity).limit.clock
    granted = time_between(known.calendar, start=issue.due_at, end=end.at, clock=clock)
    changes = {
        "due_at": end.at,
        "due_provisional": issue.due_provisional or end.provisional,
        "extensions": issue.extensions + 1,
        "granted_minutes": issue.granted_minutes + granted,
    }
    facts = {"amount": str(amount), "old_due_at": issue.due_at}
    return [_grant(RequestKind.EXTENSION, Action.GRANT_EXTENSION, command, changes, facts)]


def local_time(at: datetime | None, known: Known) -> str:
    """An instant as a clerk reads it: city time, to the minute."""
    return f"{known.calendar.local(at):%Y-%m-%d %H:%M}" if at else "–"


def ask_return(_: Issue, command: Command, known: Known) -> list[Decision]:
    """Say that somebody else should answer, after signing in. Raises RequestAlreadyOpen."""
    return [_ask(RequestKind.RETURN, command, known, {})]


def grant_return(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Agree: back to be assigned anew."""
    request = _open(known, RequestKind.RETURN)
    _check_level(command, issue, DISTRICT)
    decision = back_to_found(issue, known, Action.GRANT_RETURN, reason=request.reason)
    return [replace(decision, settles=(RequestKind.RETURN, RequestState.GRANTED))]


def ask_shelving(_: Issue, command: Command, known: Known) -> list[Decision]:
    """Ask to keep it on the list until a milestone: it needs money, or a season.

    Raises TimeInThePast, MilestoneTooFar.
    """
    milestone: datetime = command.data["milestone"]
    _check_milestone(milestone, known)
    return [_ask(RequestKind.SHELVING, command, known, {"milestone": milestone})]


def _check_milestone(milestone: datetime, known: Known) -> None:
    need(milestone > known.now, TimeInThePast(field="milestone", value=local_time(milestone, known)))
    near = milestone <= known.now + LONGEST_SHELVING
    need(near, MilestoneTooFar(value=local_time(milestone, known), years=LONGEST_SHELVING.days // 365))


def grant_shelving(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Stop the clock; what is left of the time is kept. The milestone clock runs instead."""
    request = _open(known, RequestKind.SHELVING)
    _check_level(command, issue, DISTRICT)
    assert issue.due_at is not None
    clock = known.rules.severity(issue.severity).limit.clock
    milestone = command.data.get("milestone") or datetime.fromisoformat(request.facts["milestone"])
    _check_milestone(milestone, known)
    changes = {
        "shelved_at": known.now,
        "milestone_at": milestone,
        "stage_due_at": milestone,
        "remaining_minutes": time_between(known.calendar, start=known.now, end=issue.due_at, clock=clock),
    }
    decision = _grant(RequestKind.SHELVING, Action.GRANT_SHELVING, command, changes, {})
    return [replace(decision, to=State.SHELVED)]


def refuse(_: Issue, command: Command, known: Known) -> list[Decision]:
    """Say no, with a reason. Raises NoOpenRequest."""
    kind = REFUSES[command.action]
    _open(known, kind)
    reason = str(command.data["reason"])
    return [Decision(command.action, reason=reason, settles=(kind, RequestState.REFUSED))]


def _ask(kind: RequestKind, command: Command, known: Known, facts: dict[str, Any]) -> Decision:
    need(kind not in known.requests, RequestAlreadyOpen(kind=kind.value))
    reason = str(command.data["reason"])
    row = {"kind": kind, "asked_by": command.by.code, "asked_at": known.now, "reason": reason, "facts": facts}
    return Decision(command.action, facts=facts, reason=reason, rows=(Row("request", row),))


def _open(known: Known, kind: RequestKind) -> Request:
    need(kind in known.requests, NoOpenRequest(kind=kind.value))
    return known.requests[kind]


def _check_level(command: Command, issue: Issue, level: int) -> None:
    who = BY_ACTION[command.action].who
    need(deciding_level(command.by, issue, who) <= level, NeedsHigherLevel(level=level))


def _grant(
    kind: RequestKind, action: Action, command: Command, changes: dict[str, Any], facts: dict[str, Any]
) -> Decision:
    reason = str(command.data.get("reason") or "")
    return Decision(action, changes, facts, reason=reason, settles=(kind, RequestState.GRANTED))
