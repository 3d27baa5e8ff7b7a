"""Assigned (待签收): the unit signs in, or gives it back with a reason."""

from collections.abc import Mapping
from typing import Any

from models.deadlines import due
from models.errors import AlreadyDesignated
from models.issue import Issue
from models.lifecycle import Action, State
from services.commands import Command, Decision, Known, need

NOBODYS: Mapping[str, Any] = {
    "lead_unit": None,
    "handler": None,
    "assigned_at": None,
    "sign_in_due_at": None,
    "signed_in_at": None,
    "clock_started_at": None,
    "due_at": None,
    "due_provisional": False,
    "steps_taken": 0,
    "step": -1,
    "step_at": None,
    "extensions": 0,
    "orders_unanswered": 0,
    "assisting_units": [],
    "sweep_checked": None,
    "sweep_found": None,
}


def sign_in(_: Issue, command: Command, known: Known) -> list[Decision]:
    """Somebody of the unit takes it on; whoever signs in is the handler."""
    changes = {"signed_in_at": known.now, "handler": command.by.code}
    return [Decision(Action.SIGN_IN, changes, to=State.RECTIFYING)]


def give_back(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Not ours: back to be assigned anew. Raises AlreadyDesignated after the district named the owner."""
    need(not issue.designated, AlreadyDesignated(number=issue.number))
    return [back_to_found(issue, known, Action.RETURN, reason=command.data["reason"])]


def back_to_found(issue: Issue, known: Known, action: Action, *, reason: str) -> Decision:
    """Nobody's again. The next unit starts a ladder of its own, so a new cycle begins."""
    within = due(known.calendar, start=known.now, limit=known.rules.assign_within)
    changes = {
        **NOBODYS,
        "returns": issue.returns + 1,
        "cycle": issue.cycle + 1,
        "stage_due_at": within.at,
    }
    facts = {"returned_by": issue.lead_unit}
    return Decision(action, changes, facts, to=State.FOUND, reason=reason, check_at=known.now)
