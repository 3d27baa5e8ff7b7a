"""The look for the same fault elsewhere (举一反三): started, done, or not wanted after all."""

from datetime import datetime

from models.errors import NoSweepWanted
from models.issue import Issue
from models.lifecycle import Action, State
from services.commands import Command, Decision, Known, need


def start(_: Issue, command: Command, __: Known) -> list[Decision]:
    """A round over other points has begun; which one, how many points, until when stands in the facts."""
    return [Decision(Action.START_SWEEP, facts=dict(command.data), quiet=True)]


def finish(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Every sheet of a round is in. Several rounds in one cycle add up."""
    changes = {
        "sweep_checked": (issue.sweep_checked or 0) + int(command.data["checked"]),
        "sweep_found": (issue.sweep_found or 0) + int(command.data.get("found") or 0),
    }
    facts = {"round": command.data.get("round"), "issues": list(command.data.get("issues") or ())}
    return [Decision(Action.FINISH_SWEEP, changes, facts, check_at=_check(issue, known))]


def waive(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """The office does without it, with a reason. Raises NoSweepWanted where nothing is waited for."""
    need(issue.sweep_required and issue.sweep_checked is None, NoSweepWanted(number=issue.number))
    changes = {"sweep_required": False}
    return [Decision(Action.WAIVE_SWEEP, changes, reason=command.data["reason"], check_at=_check(issue, known))]


def _check(issue: Issue, known: Known) -> datetime | None:
    """One that waits for its close-out is looked at again: this may have been the last condition."""
    return known.now if issue.state == State.VERIFIED else None
