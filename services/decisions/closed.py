"""Closed (已销号): looked at again later; relapsed or reopened where it did not hold."""

from datetime import timedelta
from typing import Any

from models.errors import WrongValue
from models.issue import Issue
from models.lifecycle import Action, State
from services.commands import Command, Decision, Known, need
from services.decisions.restart import full_limit
from services.decisions.timed import jump

LOOK_BACK_RESULTS = ("holds",)


def reopen(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """It was closed too early. A new cycle with the whole limit."""
    return [_again(issue, known, Action.REOPEN, reason=command.data["reason"])]


def relapse(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """It came back. A new cycle; within 30 days of the close-out it starts one level higher, and counts double."""
    decision = _again(issue, known, Action.RELAPSE, reason=command.data["reason"], deduction=issue.deduction * 2)
    window = timedelta(days=known.rules.jump.relapse_days)
    recent = issue.closed_at is not None and known.now - issue.closed_at <= window
    return [decision, *(jump(issue, known, "relapse", new_cycle=True) if recent else [])]


def _again(issue: Issue, known: Known, action: Action, *, reason: str, **more: Any) -> Decision:
    limits = full_limit(known.rules.severity(issue.severity), calendar=known.current_calendar, now=known.now)
    changes: dict[str, Any] = {
        **limits,
        "calendar_version": known.current_calendar.version,
        "cycle": issue.cycle + 1,
        "steps_taken": 1,
        "step": 0,
        "step_at": known.now,
        "extensions": 0,
        "sweep_checked": None,
        "sweep_found": None,
        "closed_at": None,
        "closed_by": None,
        "verified_at": None,
        "verified_by": None,
        "satisfaction": None,
        "called_back_at": None,
        "look_back_at": None,
        "look_back_result": None,
        **more,
    }
    return Decision(action, changes, to=State.RECTIFYING, reason=reason)


def look_back(_: Issue, command: Command, known: Known) -> list[Decision]:
    """Somebody went back and it still holds; if it does not, that is a relapse."""
    result = str(command.data.get("result") or "holds")
    need(result in LOOK_BACK_RESULTS, WrongValue(field="result", value=result, expected="holds"))
    changes = {"look_back_at": known.now, "look_back_result": result, "stage_due_at": None}
    return [Decision(Action.LOOK_BACK, changes, quiet=True)]
