"""How a deadline starts: the full limit, or the shorter one after a failed check."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.calendar import Calendar
from models.deadlines import Limit, due
from models.rules import SeverityRule


def full_limit(rule: SeverityRule, *, calendar: Calendar, now: datetime) -> Mapping[str, Any]:
    """The columns of a clock that starts now with the whole limit of the severity."""
    return _start(rule.limit, calendar=calendar, now=now)


def short_limit(rule: SeverityRule, *, calendar: Calendar, now: datetime) -> Mapping[str, Any]:
    """The columns of a clock that starts again after a failed check: half the original limit. Source: domain 9b."""
    return _start(rule.limit.scaled(rule.rework_share), calendar=calendar, now=now)


def _start(limit: Limit, *, calendar: Calendar, now: datetime) -> Mapping[str, Any]:
    end = due(calendar, start=now, limit=limit)
    return {
        "clock_started_at": now,
        "limit": str(limit),
        "granted_minutes": 0.0,
        "due_at": end.at,
        "due_provisional": end.provisional,
        "stage_due_at": None,
    }
