"""The figures of units over a period, each with its denominator: sums of rows (figure_rows.py). Source: domain 9f."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import RowMapping, text
from sqlmodel import Session

from services.figure_rows import COUNTS, OWNED, ROWS

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


def unit_figures(session: Session, *, start: datetime, end: datetime, area_path: str = "") -> list[UnitFigures]:
    """The figures of every unit that had anything in the period, `end` not included; by code. No path: everywhere."""
    bound = period_below(start, end, area_path)
    sums = session.connection().execute(text(f"SELECT unit, {SUMS} FROM ({ROWS}) AS rows GROUP BY unit"), bound)
    return with_names(session, sums.mappings().all(), bound)


def period_below(start: datetime, end: datetime, area_path: str) -> dict[str, Any]:
    """What the statements of figure_rows.py are bound by."""
    return {"start": start, "end": end, "below": f"{area_path}/" if area_path else ""}


def with_names(session: Session, sums: Iterable[RowMapping], bound: Mapping[str, Any]) -> list[UnitFigures]:
    """The sums of each unit with its name, its group, and its escalations of the period."""
    found: dict[str, dict[str, Any]] = {row["unit"]: {name: int(row[name]) for name in COUNTS} for row in sums}
    for unit, level, count in session.connection().execute(text(ESCALATIONS), bound):
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


SUMS = ", ".join(f"sum({name}) AS {name}" for name in COUNTS)
# Steps of the ladder only: those with a dash belong to the clocks of offices and verifiers, not of the unit.
ESCALATIONS = f"""
WITH happened AS ({OWNED})
SELECT unit, CAST(facts->>'level' AS int) AS level, count(*)
  FROM happened WHERE unit IS NOT NULL AND action = 'escalate' AND step NOT LIKE '%-%' GROUP BY unit, level
"""
