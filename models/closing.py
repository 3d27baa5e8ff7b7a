"""The conditions of close-out, and the draw of what is looked at again later, as rules. Source: design section 4."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.issue import Issue
from models.rules import Rules

NOT_SATISFIED = "dissatisfied"
SATISFIED = ("satisfied", "fairly_satisfied")
ANSWERS = (*SATISFIED, NOT_SATISFIED)

CONDITIONS: Mapping[str, Callable[[Issue, frozenset[str]], bool]] = {
    "after_photo": lambda _, evidence: "after" in evidence,
    "independent_verifier": lambda issue, _: bool(issue.verified_by) and issue.verified_by != issue.submitted_by,
    "call_back": lambda issue, _: issue.satisfaction in SATISFIED,
    "supervision_reply": lambda issue, _: issue.orders_unanswered == 0,
    "same_fault_sweep": lambda issue, _: not issue.sweep_required or issue.sweep_checked is not None,
}


def applies(condition: Mapping[str, Any], issue: Issue) -> bool:
    """Whether a condition is asked of this issue: by its severity and by how it was found; empty means all."""
    severities, sources = condition.get("severities") or (), condition.get("sources") or ()
    return (not severities or issue.severity in severities) and (not sources or issue.source in sources)


def missing_conditions(issue: Issue, *, rules: Rules, evidence: frozenset[str], evidence_wanted: bool) -> list[str]:
    """The codes of the conditions that do not hold, in the order of the rules."""
    wanted = [row["code"] for row in rules.close_out if applies(row, issue)]
    if not evidence_wanted:
        wanted = [code for code in wanted if code != "after_photo"]
    return [code for code in wanted if not CONDITIONS[code](issue, evidence)]


@dataclass(frozen=True)
class Draw:
    """Whether an issue is looked at again (回头看): drawn where `lot` (0 to 1) lies below `share`; `days` later."""

    seed: str
    share: float
    lot: float
    days: int

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the event says, so that anybody can draw again."""
        return {"seed": self.seed, "share": self.share, "lot": round(self.lot, 6), "days": self.days}

    def at(self, closed_at: datetime) -> datetime | None:
        """When somebody goes back; None where it was not drawn."""
        return closed_at + timedelta(days=self.days) if self.lot < self.share else None


def look_back_draw(issue: Issue, *, rules: Rules) -> Draw | None:
    """The draw of an issue that is being closed out; None where the rules look back at nothing.

    Its seed is the seal of what happened before: nobody can know it before the work is verified, so that nobody works
    for those drawn alone, and anybody can repeat it from the record (`previous_hash` of the close-out).
    Source: domain 4, all severe and a fifth of ordinary closures, 7 to 30 days after.
    """
    policy = rules.policy.get("look_back")
    if not policy:
        return None
    groups = (group for group in policy.values() if isinstance(group, Mapping))
    share = next((float(group["share"]) for group in groups if issue.severity in group["severities"]), 0.0)
    first, last = int(policy["from_days"]), int(policy.get("to_days", policy["from_days"]))
    spread = int.from_bytes(_chance(issue.number, issue.cycle, issue.seal)[4:8]) % (max(last - first, 0) + 1)
    return Draw(issue.seal, share, lot_of(issue.number, cycle=issue.cycle, seal=issue.seal), first + spread)


def lot_of(number: str, *, cycle: int, seal: str) -> float:
    """The lot of an issue from 0 to 1, drawn again from the record."""
    return int.from_bytes(_chance(number, cycle, seal)[:4]) / 2**32


def _chance(number: str, cycle: int, seal: str) -> bytes:
    return hashlib.sha256(f"{number}/{cycle}/{seal}".encode()).digest()
