"""Rectified (待复核): somebody independent looks, and passes or fails it."""

from models.deadlines import due
from models.errors import NotIndependent
from models.issue import Issue
from models.lifecycle import Action, State
from models.rights import is_independent
from services.commands import Command, Decision, Known, need
from services.decisions.filed import check_worked_on_here
from services.decisions.found import evidence_rows
from services.decisions.restart import short_limit
from services.decisions.timed import jump


def passed(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """It is put right. Raises NotIndependent (promise 7). The close-out conditions are looked at next."""
    check_worked_on_here(issue, command)
    _check_independent(issue, command, known)
    close = due(known.calendar, start=known.now, limit=known.rules.severity(issue.severity).close)
    changes = {
        "verified_at": known.now,
        "verified_by": command.by.code,
        "verdict": str(command.data.get("note") or ""),
        "stage_due_at": close.at,
    }
    rows = evidence_rows(command, known, cycle=issue.cycle)
    return [Decision(Action.PASS, changes, to=State.VERIFIED, rows=rows, check_at=known.now)]


def failed(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """It is not. The unit gets half the limit again; from the second failure on it goes up a level at once."""
    check_worked_on_here(issue, command)
    _check_independent(issue, command, known)
    rework = issue.rework + 1
    limits = short_limit(known.rules.severity(issue.severity), calendar=known.calendar, now=known.now)
    changes = {**limits, "rework": rework, "verdict": command.data["reason"]}
    rows = evidence_rows(command, known, cycle=issue.cycle)
    decision = Decision(
        Action.FAIL, changes, {"rework": rework}, to=State.RECTIFYING, rows=rows, reason=command.data["reason"]
    )
    often = known.failed_checks + 1 >= known.rules.jump.failed_checks
    climbs = jump(issue, known, "failed_twice") if often else []
    return [decision, *climbs]


def _check_independent(issue: Issue, command: Command, known: Known) -> None:
    need(is_independent(command.by, issue, known.workers), NotIndependent(person=command.by.code, unit=issue.lead_unit))
