"""Closed (已销号): looked at again later; relapsed or reopened where it did not hold."""

from datetime import timedelta
from typing import Any

from models.errors import NotIndependent, SameEyes, WrongValue
from models.issue import Issue
from models.lifecycle import Action, State
from models.rights import is_independent
from models.same_fault import asks_for_sheets
from services.commands import Command, Decision, Known, need
from services.decisions.filed import check_worked_on_here
from services.decisions.restart import full_limit
from services.decisions.timed import jump

LOOK_BACK_RESULTS = ("holds",)


def reopen(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """It was closed too early. A new cycle with the whole limit."""
    check_worked_on_here(issue, command)
    return [_again(issue, known, Action.REOPEN, reason=command.data["reason"])]


def relapse(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """It came back. A new cycle; within 30 days of the close-out it starts one level higher, and counts double.

    Every relapse doubles the deduction again and is counted (`relapses`): scores take either, never both.
    """
    check_worked_on_here(issue, command)
    relapses = issue.relapses + 1
    marks = {
        "deduction": issue.deduction * 2,
        "relapses": relapses,
        "sweep_required": issue.sweep_required or asks_for_sheets(issue, known.rules, relapses=relapses),
    }
    decision = _again(issue, known, Action.RELAPSE, reason=command.data["reason"], **marks)
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
        "orders_unanswered": 0,  # those of the cycle before are over with it
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


def look_back(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Somebody went back and it still holds; if it does not, that is a relapse.

    Raises NotIndependent for the unit and whoever worked on it, SameEyes for whoever passed it.
    """
    need(is_independent(command.by, issue, known.workers), NotIndependent(person=command.by.code, unit=issue.lead_unit))
    need(command.by.code != issue.verified_by, SameEyes(person=command.by.code, number=issue.number))
    result = str(command.data.get("result") or "holds")
    need(result in LOOK_BACK_RESULTS, WrongValue(field="result", value=result, expected="holds"))
    changes = {"look_back_at": known.now, "look_back_result": result, "stage_due_at": None}
    return [Decision(Action.LOOK_BACK, changes, quiet=True)]
