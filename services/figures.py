"""The figures of units over a period, each with its denominator. Source: domain 9f.

A case belongs to the period in which it is due. What closed or was handed in later does not count for the period; state
and deadline are otherwise those of the day on which the figures are made, so they are published on time and frozen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

FORMULA = "9f-1"
"""The version of the formulae: goes into each bulletin, so that an old one stays what it was."""


@dataclass(frozen=True)
class UnitFigures:
    """One lead unit. Counts of the period; the rates are None where their denominator is 0."""

    unit_code: str
    unit_name: str = ""
    ranking_group: str = ""
    assigned: int = 0
    due: int = 0
    suspended: int = 0
    closed: int = 0
    closed_on_time: int = 0
    overdue_open: int = 0
    checks: int = 0
    failed_checks: int = 0
    returns: int = 0
    extended: int = 0
    looked_back: int = 0
    relapsed: int = 0
    escalations: Mapping[int, int] = field(default_factory=dict)

    @property
    def to_close(self) -> int:
        """The denominator of both rectification rates: due in the period, less what was validly shelved."""
        return self.due - self.suspended

    @property
    def rectification_rate(self) -> float | None:
        return _rate(self.closed, self.to_close)

    @property
    def on_time_rate(self) -> float | None:
        return _rate(self.closed_on_time, self.to_close)

    @property
    def rework_rate(self) -> float | None:
        return _rate(self.failed_checks, self.checks)

    @property
    def overdue_open_rate(self) -> float | None:
        return _rate(self.overdue_open, self.due)

    @property
    def extension_rate(self) -> float | None:
        return _rate(self.extended, self.due)

    @property
    def return_rate(self) -> float | None:
        return _rate(self.returns, self.assigned)

    @property
    def relapse_rate(self) -> float | None:
        return _rate(self.relapsed, self.looked_back)


@dataclass(frozen=True)
class Ranked:
    """A unit's place in its group. Equal figures share a place; without cases there is none."""

    rank: int | None
    figures: UnitFigures


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def unit_figures(session: Session, *, start: datetime, end: datetime) -> list[UnitFigures]:
    """The figures of every unit that had anything in the period, `end` not included; by code."""
    found: dict[str, dict[str, Any]] = {}
    for statement in (DUE, EVENTS):
        for row in session.connection().execute(text(statement), {"start": start, "end": end}).mappings():
            found.setdefault(row["unit"], {}).update({name: value for name, value in row.items() if name != "unit"})
    for unit, level, count in session.connection().execute(text(ESCALATIONS), {"start": start, "end": end}):
        found.setdefault(unit, {}).setdefault("escalations", {})[int(level)] = count
    names = session.connection().execute(
        text("SELECT code, name, ranking_group FROM unit WHERE code = ANY(:codes)"), {"codes": sorted(found)}
    )
    known = {code: (name, group) for code, name, group in names}
    return [UnitFigures(unit, *known.get(unit, ("", "")), **found[unit]) for unit in sorted(found)]


def total(figures: Iterable[UnitFigures]) -> UnitFigures:
    """The sum over units."""
    sums: dict[str, Any] = dict.fromkeys(COUNTS, 0)
    levels: dict[int, int] = {}
    for one in figures:
        for name in COUNTS:
            sums[name] += getattr(one, name)
        for level, count in one.escalations.items():
            levels[level] = levels.get(level, 0) + count
    return UnitFigures("*", escalations=levels, **sums)


def ranking(figures: Iterable[UnitFigures]) -> list[Ranked]:
    """Within each ranking group: by rectification rate, then on-time rate, then fewer overdue, then volume.

    Equal is the same rank, all listed; no cases: not ranked, at the end. Source: domain 9f.
    """
    ordered = sorted(figures, key=lambda one: (one.ranking_group, *_order(one), one.unit_code))
    ranked: list[Ranked] = []
    for _, group in groupby(ordered, key=lambda one: one.ranking_group):
        members = list(group)
        orders = [_order(one) for one in members]
        ranked += [Ranked(orders.index(_order(one)) + 1 if one.to_close else None, one) for one in members]
    return ranked


def bottom(ranked: Iterable[Ranked]) -> list[UnitFigures]:
    """The last of each group, ties included; nobody where all are equal, nor a unit that has closed everything."""
    last = []
    for _, group in groupby((one for one in ranked if one.rank), key=lambda one: one.figures.ranking_group):
        members = list(group)
        lowest = members[-1].rank
        if lowest != members[0].rank:
            last += [one.figures for one in members if one.rank == lowest and one.figures.rectification_rate != 1]
    return last


def _order(one: UnitFigures) -> tuple[float, ...]:
    if not one.to_close:
        return (1, 0, 0, 0, 0)
    return (0, -(one.rectification_rate or 0), -(one.on_time_rate or 0), one.overdue_open, -one.to_close)


COUNTS = (
    "assigned",
    "due",
    "suspended",
    "closed",
    "closed_on_time",
    "overdue_open",
    "checks",
    "failed_checks",
    "returns",
    "extended",
    "looked_back",
    "relapsed",
)

# What is due in the period. On time is judged by when it was handed in: waiting for verification does not count
# against the handler (domain 9b). Overdue and open at the end of the period, even if handed in since.
DUE = """
SELECT lead_unit AS unit, count(*) AS due,
       count(*) FILTER (WHERE state = 'shelved') AS suspended,
       count(*) FILTER (WHERE closed_at < :end) AS closed,
       count(*) FILTER (WHERE closed_at < :end AND submitted_at <= due_at) AS closed_on_time,
       count(*) FILTER (WHERE state IN ('assigned', 'rectifying')
                           OR (state <> 'shelved' AND submitted_at >= :end)) AS overdue_open
  FROM issue
 WHERE due_at >= :start AND due_at < :end AND lead_unit IS NOT NULL AND state <> 'void'
 GROUP BY lead_unit
"""

# Whose an event is: the unit to which the issue was given last before it, for it may have gone on to another since.
OWNED = """
WITH happened AS (
SELECT e.action, e.step, e.facts,
       coalesce(e.facts->>'returned_by',
                (SELECT a.facts->>'lead_unit' FROM issue_event a
                  WHERE a.issue_id = e.issue_id AND a.seq <= e.seq AND a.action IN ('assign', 'take_over')
                  ORDER BY a.seq DESC LIMIT 1), i.lead_unit) AS unit, e.issue_id
  FROM issue_event e JOIN issue i ON i.id = e.issue_id
 WHERE e.at >= :start AND e.at < :end AND e.action IN ('assign', 'pass', 'fail', 'return', 'grant_return',
       'grant_extension', 'relapse', 'look_back', 'escalate'))
"""
EVENTS = (
    OWNED
    + """
SELECT unit, count(*) FILTER (WHERE action = 'assign') AS assigned,
       count(*) FILTER (WHERE action IN ('pass', 'fail')) AS checks,
       count(*) FILTER (WHERE action = 'fail') AS failed_checks,
       count(*) FILTER (WHERE action IN ('return', 'grant_return')) AS returns,
       count(DISTINCT issue_id) FILTER (WHERE action = 'grant_extension') AS extended,
       count(*) FILTER (WHERE action IN ('relapse', 'look_back')) AS looked_back,
       count(*) FILTER (WHERE action = 'relapse') AS relapsed
  FROM happened WHERE unit IS NOT NULL AND action <> 'escalate' GROUP BY unit
"""
)
# Steps of the ladder only: those with a dash belong to the clocks of offices and verifiers, not of the unit.
ESCALATIONS = (
    OWNED
    + """
SELECT unit, CAST(facts->>'level' AS int) AS level, count(*)
  FROM happened WHERE unit IS NOT NULL AND action = 'escalate' AND step NOT LIKE '%-%' GROUP BY unit, level
"""
)
