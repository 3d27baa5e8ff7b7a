"""Looking for the same fault elsewhere (举一反三): when the rules ask for it on the spot. Source: domain 0 (seed 004).

Where the rules do not, the assigner may still ask for it, and then the unit's own count is enough.
"""

from collections.abc import Mapping
from typing import Any

from models.issue import Issue
from models.rules import Rules

CONDITION = "same_fault_sweep"
SHEETS = "sheets"
"""The lines of the condition in closeout.toml: where any of them fits an issue, every sheet of a sweep must be in."""
KEYS = ("severities", "sources", "found_levels", "relapses")


def asks_for_sheets(issue: Issue, rules: Rules, *, severity: str | None = None, relapses: int | None = None) -> bool:
    """Whether these rules want a look on the spot for the fault of an issue.

    `severity`, `relapses`: where they are about to change with the very action that asks.
    """
    facts = {
        "severities": severity or issue.severity,
        "sources": issue.source,
        "found_levels": issue.found_level,
    }
    came_back = issue.relapses if relapses is None else relapses
    return any(_fits(line, facts, came_back) for line in lines(rules))


def lines(rules: Rules) -> list[Mapping[str, Any]]:
    """What the condition says about when sheets are asked for."""
    return [line for row in rules.close_out if row["code"] == CONDITION for line in row.get(SHEETS, ())]


def _fits(line: Mapping[str, Any], facts: Mapping[str, str], relapses: int) -> bool:
    """Everything that the line names; a line that names nothing fits none."""
    named = [facts[key] in line[key] for key in facts if line.get(key)]
    if line.get("relapses"):
        named.append(relapses >= int(line["relapses"]))
    return bool(named) and all(named)
