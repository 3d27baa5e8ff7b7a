"""Verified (待销号): close-out when every condition holds, or the public disputes it."""

from models.closing import ANSWERS, NOT_SATISFIED, look_back_draw, missing_conditions
from models.errors import ConditionsNotMet, NotIndependent, WrongValue
from models.filing import item_of
from models.issue import Issue
from models.lifecycle import Action, State
from models.rights import is_independent
from services.commands import Command, Decision, Known, Row, need
from services.decisions.filed import check_worked_on_here
from services.decisions.restart import short_limit


def call_back(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Record what the public says. "Dissatisfied" with a verified issue sends it back at once."""
    check_worked_on_here(issue, command)
    need(is_independent(command.by, issue, known.workers), NotIndependent(person=command.by.code, unit=issue.lead_unit))
    answer = str(command.data["answer"])
    need(answer in ANSWERS, WrongValue(field="answer", value=answer, expected=", ".join(ANSWERS)))
    note = str(command.data.get("note") or "")
    row = Row("survey", {"answer": answer, "note": note, "asked_by": command.by.code, "at": known.now})
    changes = {"satisfaction": answer, "called_back_at": known.now}
    check_at = known.now if issue.state == State.VERIFIED else None
    said = Decision(Action.CALL_BACK, changes, {"note": note}, rows=(row,), check_at=check_at)
    if answer == NOT_SATISFIED and issue.state == State.VERIFIED:
        return [said, _dispute(issue, known, note or NOT_SATISFIED, said_so=True)]
    return [said]


def dispute(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """The public does not accept it: back to the unit, with half the limit."""
    check_worked_on_here(issue, command)
    return [_dispute(issue, known, command.data["reason"])]


def _dispute(issue: Issue, known: Known, reason: str, *, said_so: bool = False) -> Decision:
    limits = short_limit(known.rules.severity(issue.severity), calendar=known.calendar, now=known.now)
    changes = {**limits, "rework": issue.rework + 1, "verified_at": None, "verified_by": None}
    if not said_so:  # what the public said before no longer holds: it must be asked again
        changes |= {"satisfaction": None, "called_back_at": None}
    return Decision(Action.DISPUTE, changes, to=State.RECTIFYING, reason=reason)


def close_out(issue: Issue, _: Command, known: Known) -> list[Decision]:
    """Close it. Raises ConditionsNotMet with the codes of what is missing."""
    missing = missing_conditions(
        issue, rules=known.rules, evidence=known.evidence, evidence_wanted=known.evidence_wanted
    )
    need(not missing, ConditionsNotMet(missing=", ".join(missing)))
    return [closing(issue, known)]


def closing(issue: Issue, known: Known) -> Decision:
    """The decision that ends a life. `told` are the posts that hear that it ended."""
    # Nobody goes back to look at material: what was accepted is taken back at the material itself.
    draw = None if item_of(issue) else look_back_draw(issue, rules=known.rules)
    changes = {"closed_at": known.now, "closed_by": None, "stage_due_at": draw.at(known.now) if draw else None}
    on_time = bool(issue.due_at and issue.submitted_at and issue.submitted_at <= issue.due_at)
    facts = {"on_time": on_time, "told": list(known.told), "look_back": dict(draw.facts) if draw else None}
    return Decision(Action.CLOSE_OUT, changes, facts, to=State.CLOSED)
