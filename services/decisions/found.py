"""Found (待交办): a problem is registered, looked through, given to the unit that answers for it, or dropped."""

import math
from collections.abc import Mapping
from typing import Any

from models.deadlines import due
from models.errors import MissingInput, NeedsHigherLevel, WrongValue
from models.issue import EvidenceKind, Issue
from models.lifecycle import OPEN, Action, Role, State
from models.rights import deciding_level
from models.same_fault import asks_for_sheets
from services.commands import Command, Decision, Known, Row, need
from services.decisions.restart import full_limit

DISPATCHERS = frozenset({Role.DISPATCHER})
RETURNS_BEFORE_DESIGNATION = 2
DISTRICT = 2
PIECE = frozenset({"kind", "sha256", "file_name", "media_type", "size", "taken_at", "lat", "lng"})
NOT_FACTS = frozenset({"evidence", "id", "number"})


def find(_: Issue, command: Command, known: Known) -> list[Decision]:
    """Register. The assign clock runs from now; triage is due at once. `data` holds the issue's columns."""
    within = due(known.current_calendar, start=known.now, limit=known.current_rules.assign_within)
    columns = {name: value for name, value in command.data.items() if name not in NOT_FACTS}
    changes = {**columns, "stage_due_at": within.at}
    return [Decision(Action.FIND, changes, to=State.FOUND, rows=evidence_rows(command, known), check_at=known.now)]


def take_over(_: Issue, command: Command, known: Known) -> list[Decision]:
    """Take an issue over from a ledger kept elsewhere, in the state in which it stands there."""
    columns = {name: value for name, value in command.data.items() if name not in {*NOT_FACTS, "state"}}
    state = State(command.data["state"])
    return [Decision(Action.TAKE_OVER, columns, to=state, rows=evidence_rows(command, known))]


def triage(_: Issue, __: Command, known: Known) -> list[Decision]:
    """Suggest who should answer, and show what may be the same problem."""
    unit, why = known.suggestion or (None, "unknown")
    facts = {"why": why, "possible_duplicates": list(known.duplicates)}
    return [Decision(Action.TRIAGE, {"suggested_unit": unit}, facts)]


def assign(issue: Issue, command: Command, known: Known) -> list[Decision]:
    """Give it to a unit and freeze the rules. After two returns only the district or the city may, and for good.

    Raises NeedsHigherLevel, MissingInput where no unit is named and none can be suggested.
    """
    unit = command.data.get("to") or (known.suggestion[0] if known.suggestion else None)
    need(unit, MissingInput(action=Action.ASSIGN.value, missing="to"))
    designated = issue.returns >= RETURNS_BEFORE_DESIGNATION
    level = deciding_level(command.by, issue, DISPATCHERS)
    need(not designated or level <= DISTRICT, NeedsHigherLevel(level=DISTRICT))
    severity = str(command.data.get("severity") or issue.severity)
    changes: dict[str, Any] = {
        "lead_unit": unit,
        "assisting_units": [code for code in command.data.get("assisting") or () if code != unit],
        "severity": severity,
        "designated": designated,
        "sweep_required": asks_for_sheets(issue, known.current_rules, severity=severity)
        or bool(command.data.get("sweep", issue.sweep_required)),
        "assigned_at": known.now,
        "rule_set_code": known.current_rules.code,
        "calendar_version": known.current_calendar.version,
        "steps_taken": 1,
        "step": 0,
        "step_at": known.now,
        **_first_deadlines(severity, known),
        **_fixed_deadline(command),
        **({"leader_assigned": True} if command.data.get("leader") else {}),
    }
    return [Decision(Action.ASSIGN, changes, to=State.ASSIGNED, reason=str(command.data.get("reason") or ""))]


def _first_deadlines(severity: str, known: Known) -> Mapping[str, Any]:
    rule = known.current_rules.severity(severity)
    sign_in = due(known.current_calendar, start=known.now, limit=rule.sign_in)
    limits = full_limit(rule, calendar=known.current_calendar, now=known.now)
    return {"sign_in_due_at": sign_in.at, "original_due_at": limits["due_at"], **limits}


def _fixed_deadline(command: Command) -> Mapping[str, Any]:
    """A day that was set before there was an issue, such as that of material to be filed: no limit is counted."""
    at = command.data.get("due_at")
    return {"due_at": at, "original_due_at": at, "limit": None, "due_provisional": False} if at else {}


def merge(_: Issue, command: Command, known: Known) -> list[Decision]:
    """The same problem is known already: this one ends, the other goes on."""
    into = known.others[command.data["into"]]
    need(into.state in OPEN, WrongValue(field="into", value=into.number, expected="an issue that is still open"))
    changes = {"merged_into": into.id, "stage_due_at": None}
    return [Decision(Action.MERGE, changes, {"into": into.number}, to=State.VOID)]


def void(_: Issue, command: Command, __: Known) -> list[Decision]:
    """Not a problem after all, or not ours."""
    return [Decision(Action.VOID, {"stage_due_at": None}, to=State.VOID, reason=command.data["reason"])]


def evidence_rows(command: Command, known: Known, *, cycle: int = 1) -> tuple[Row, ...]:
    """The evidence that comes with a command, as rows."""
    pieces = [_piece(piece) for piece in command.data.get("evidence") or ()]
    by = {"added_by": command.by.code, "added_at": known.now, "cycle": cycle}
    return tuple(Row("evidence", {**piece, **by}) for piece in pieces)


def _piece(piece: Mapping[str, Any]) -> Mapping[str, Any]:
    """A piece of evidence as it is given, checked. Raises WrongValue."""
    kinds = {kind.value for kind in EvidenceKind}
    need(str(piece.get("kind")) in kinds, WrongValue(field="kind", value=piece.get("kind"), expected=", ".join(kinds)))
    need(
        not set(piece) - PIECE, WrongValue(field="evidence", value=sorted(set(piece) - PIECE), expected="known fields")
    )
    for name in ("lat", "lng"):
        value = piece.get(name)
        need(value is None or math.isfinite(value), WrongValue(field=name, value=value, expected="degrees"))
    return piece
