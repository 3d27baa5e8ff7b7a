"""From a row of a ledger to the columns of an issue whose clocks run on under the rules of today. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from models.calendar import Calendar
from models.deadlines import ClockType, Limit, due, time_between
from models.issue import FoundLevel, Issue
from models.lifecycle import State
from models.rules import Rules, SeverityRule
from services.exports.register import Register
from services.findings import DEFAULT_SEVERITY
from services.imports.ledger_rows import Entry

NEXT_MEETING = Limit.parse("10 working_days")
RETURNS_BEFORE_DESIGNATION = 2
ASSIGNMENT = "E0"
NEVER_RUNS = (State.FOUND, State.VOID)
TIMES = ("assigned_at", "signed_in_at", "submitted_at", "verified_at", "look_back_at", "closed_at")
AS_GIVEN = (
    "measure",
    "result",
    "verified_by",
    "verdict",
    "closed_by",
    "satisfaction",
    "sweep_checked",
    "sweep_found",
    "look_back_result",
    "leader_assigned",
)
COUNTS = ("extensions", "rework", "returns")
AT_FIRST: Mapping[str, Any] = {
    **{name: info.get_default(call_default_factory=True) for name, info in Issue.model_fields.items()},
    "evidence": [],
}
"""What a new issue holds anyway: a ledger that says no more has nothing to put on record."""


@dataclass(frozen=True)
class Today:
    """The rules and the calendar that hold now, and what codes mean."""

    now: datetime
    register: Register
    rules: Rules
    calendar: Calendar
    known: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)

    def due(self, start: datetime, limit: Limit) -> datetime:
        """The deadline of a limit. Problems are handed over by the list, so most ask for one that is known."""
        if (start, limit) not in self.known:
            self.known[start, limit] = due(self.calendar, start=start, limit=limit).at
        at: datetime = self.known[start, limit]
        return at

    def minutes(self, start: datetime, end: datetime, clock: ClockType) -> float:
        """Minutes of the clock between two times."""
        if start == end:
            return 0
        if (start, end, clock) not in self.known:
            self.known[start, end, clock] = time_between(self.calendar, start=start, end=end, clock=clock)
        minutes: float = self.known[start, end, clock]
        return minutes

    def is_published(self, start: datetime, end: datetime) -> bool:
        """Whether notices cover all days from one time to the other."""
        first, last = sorted((self.calendar.local(start).date(), self.calendar.local(end).date()))
        if (first, last) not in self.known:
            self.known[first, last] = self.calendar.is_published(first, last)
        return bool(self.known[first, last])


def finding_columns(entry: Entry, today: Today) -> dict[str, Any]:
    """What an issue holds when it is found."""
    values, edition = entry.values, entry.edition
    point = today.register.points.get(values.get("point", ""))
    return {
        "description": values["description"],
        "source": values["source"],
        "found_level": values.get("found_level", FoundLevel.CITY),
        "found_by": values.get("found_by"),
        "found_at": _utc(values.get("found_at"), today) or today.now,
        "version_code": edition.version if edition else None,
        "standard_code": edition.code if edition else None,
        "category_code": values.get("category")
        or (edition.category if edition else point.category_code if point else None),
        "point_code": point.code if point else None,
        "area_code": entry.area,
        "area_path": entry.path,
        "lat": values.get("lat", point.lat if point else None),
        "lng": values.get("lng", point.lng if point else None),
        "address": values.get("address") or (point.address if point else ""),
        "severity": _severity(entry),
        "deduction": values.get("deduction", edition.deduction if edition else Decimal(0)),
        "evidence": [{"kind": kind, "sha256": sha} for kind in ("before", "after") for sha in values.get(kind, ())],
        **({"leader_assigned": True} if values.get("leader_assigned") else {}),
    }


def taken_over_columns(entry: Entry, today: Today) -> dict[str, Any]:
    """What an issue holds that is taken over in its state: dates as they stand, clocks and ladder ready to go on.

    - A deadline that the ledger states is kept, through re-computations too: what it differs by counts as paused.
    - Every step up to the one the ledger names counts as taken, so none is told a second time.
    - What a ledger does not say of a shelved issue starts now: its milestone is one dispatch meeting away.
    """
    values = entry.values
    state: State = values["state"]
    rule = today.rules.severity(_severity(entry))
    columns: dict[str, Any] = {
        **finding_columns(entry, today),
        **{name: _utc(values.get(name), today) for name in TIMES},
        **{name: values.get(name, 0) for name in COUNTS},
        **{name: values[name] for name in AS_GIVEN if name in values},
        "state": state,
        "assisting_units": list(values.get("assisting", ())),
        "designated": values.get("returns", 0) >= RETURNS_BEFORE_DESIGNATION,
        "sweep_required": "sweep_checked" in values,
        "orders_unanswered": sum(not replied for _, replied in values.get("orders", ())),
    }
    if state == State.FOUND:
        columns |= {"suggested_unit": values.get("lead_unit")}
    else:
        columns |= {"lead_unit": values.get("lead_unit")}
    columns |= _clock(columns, values, rule, today)
    columns |= _stage(columns, state, rule, today)
    return {name: value for name, value in columns.items() if AT_FIRST[name] != value}


def _severity(entry: Entry) -> str:
    return str(entry.values.get("severity") or (entry.edition.severity if entry.edition else DEFAULT_SEVERITY))


def _utc(local: datetime | None, today: Today) -> datetime | None:
    return local.replace(tzinfo=today.register.zone).astimezone(UTC) if local else None


def _clock(
    columns: Mapping[str, Any], values: Mapping[str, Any], rule: SeverityRule, today: Today
) -> Mapping[str, Any]:
    """The deadline with its limit, and how far the ladder has come."""
    state, start = columns["state"], columns["assigned_at"]
    original = _utc(values.get("original_due_at"), today)
    if start is None or state in NEVER_RUNS:
        ended = state not in NEVER_RUNS
        due_at = _utc(values.get("due_at"), today) or (original if ended else None)
        return {"limit": values.get("limit"), "original_due_at": original, "due_at": due_at, **_ladder(values, "")}
    limit = _parsed(values["limit"]) if "limit" in values else rule.limit
    computed = today.due(start, limit)
    original = original or computed
    due_at = _utc(values.get("due_at"), today) or original
    return {
        "rule_set_code": today.rules.code,
        "calendar_version": today.calendar.version,
        "sign_in_due_at": today.due(start, rule.sign_in),
        "clock_started_at": start,
        "limit": str(limit),
        "original_due_at": original,
        "due_at": due_at,
        "due_provisional": limit.clock.is_working and not today.is_published(start, due_at),
        "granted_minutes": today.minutes(computed, due_at, limit.clock),
        **_ladder(values, ASSIGNMENT),
    }


_parsed = cache(Limit.parse)


def _ladder(values: Mapping[str, Any], otherwise: str) -> Mapping[str, Any]:
    step = values.get("step", otherwise)
    if not step:
        return {"steps_taken": 0, "step": -1}
    rank = int(step[1:])
    return {"steps_taken": (1 << (rank + 1)) - 1, "step": rank}


def _stage(columns: Mapping[str, Any], state: State, rule: SeverityRule, today: Today) -> Mapping[str, Any]:
    """The clock of the stage: from when the stage began, as the ledger tells."""
    starts = {
        State.FOUND: (columns["found_at"], today.rules.assign_within),
        State.RECTIFIED: (columns["submitted_at"], rule.verify),
        State.VERIFIED: (columns["verified_at"], rule.close),
        State.SHELVED: (today.now, rule.milestone or NEXT_MEETING),
    }
    if state not in starts:
        return {}
    start, limit = starts[state]
    at = today.due(start, limit)
    return {"stage_due_at": at, **(_shelf(columns, at, rule, today) if state == State.SHELVED else {})}


def _shelf(columns: Mapping[str, Any], milestone: datetime, rule: SeverityRule, today: Today) -> Mapping[str, Any]:
    """What was left of the time when it was shelved is not told: what is left now, or as after a failed check."""
    clock = rule.limit.clock
    left = today.minutes(today.now, columns["due_at"], clock)
    least = today.minutes(today.now, today.due(today.now, rule.limit.scaled(rule.rework_share)), clock)
    return {"shelved_at": today.now, "milestone_at": milestone, "remaining_minutes": left if left > 0 else least}
