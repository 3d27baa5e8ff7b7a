"""What another policy would have done to past issues: how often each step would have fired, how many would be late."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.lifecycle import Action
from models.rules import Rules
from services import rulebook
from services.replaying import WANTED, Fate, Happened, Past, as_it_was, replayed


@dataclass
class Comparison:
    """One severity: so many issues, so many late then and under the other policy, and per step how often it fired."""

    issues: int = 0
    late_then: int = 0
    late_now: int = 0
    steps: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, then: Fate, now: Fate) -> None:
        self.issues += 1
        self.late_then += then.late
        self.late_now += now.late
        for step in then.steps | now.steps:
            did, would = self.steps.get(step, (0, 0))
            self.steps[step] = did + then.steps[step], would + now.steps[step]


@dataclass(frozen=True)
class ReplayCounts:
    """The issues assigned in a period, compared until its end. `by_severity` holds each, `all` their sum.

    `unknown`: issues of a severity that the other policy does not have.
    """

    rule_set_code: str
    start: datetime
    end: datetime
    all: Comparison
    by_severity: Mapping[str, Comparison]
    unknown: int


def replay(session: Session, rules: Rules, *, start: datetime, end: datetime) -> ReplayCounts:
    """Count what `rules` would have done to the issues first assigned from `start` up to `end` (not included)."""
    everything, by_severity, unknown = Comparison(), defaultdict[str, Comparison](Comparison), 0
    for past in _read(session, start=start, end=end):
        if past.severity not in rules.severities:
            unknown += 1
            continue
        then, now = as_it_was(past, until=end), replayed(past, rules=rules, until=end)
        everything.add(then, now)
        by_severity[past.severity].add(then, now)
    return ReplayCounts(rules.code, start, end, everything, dict(sorted(by_severity.items())), unknown)


def _read(session: Session, *, start: datetime, end: datetime) -> Iterator[Past]:
    """The pasts of all issues of the period, with one statement."""
    query = text(
        "SELECT i.id, i.severity, i.calendar_version, e.action, e.at, e.cycle, e.step, e.facts"
        " FROM issue i JOIN issue_event e ON e.issue_id = i.id"
        " WHERE i.calendar_version IS NOT NULL AND e.at < :end AND e.action = ANY(:wanted) AND i.id IN ("
        "  SELECT issue_id FROM issue_event WHERE action = 'assign' GROUP BY issue_id"
        "  HAVING min(at) >= :start AND min(at) < :end)"
        " ORDER BY i.id, e.seq"
    )
    given = {"start": start, "end": end, "wanted": sorted(WANTED)}
    rows = session.connection().execute(query.execution_options(yield_per=5000), given)
    for _, group in groupby(rows, key=lambda row: row.id):
        events = list(group)
        calendar = rulebook.calendar(session, events[0].calendar_version)
        yield Past(events[0].severity, calendar, tuple(_happened(events)))


def _happened(rows: Iterable[Any]) -> Iterator[Happened]:
    granted = 0.0
    for row in rows:
        action, facts = Action(row.action), row.facts
        total = float(facts.get("granted_minutes") or 0)
        new = total - granted if action is Action.GRANT_EXTENSION else 0.0
        granted = total if "granted_minutes" in facts else granted
        deadline = datetime.fromisoformat(facts["due_at"]) if facts.get("due_at") else None
        step = row.step if row.step and "-" not in row.step else None  # those with a dash belong to other clocks
        yield Happened(action, row.at, step=step, due_at=deadline, minutes=new)
