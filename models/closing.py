"""The conditions of close-out, and the draw of what is looked at again later, as rules. Source: design section 4."""

import hashlib
from collections.abc import Callable, Mapping
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


def look_back_at(issue: Issue, *, rules: Rules, closed_at: datetime) -> datetime | None:
    """When somebody goes back to see whether it holds (回头看); None where the issue is not drawn.

    The draw is a share per severity, decided by the issue's number and cycle, so that anybody can repeat it.
    Source: domain 4, all severe and a fifth of ordinary closures after 7 days.
    """
    policy = rules.policy.get("look_back")
    if not policy:
        return None
    groups = (group for group in policy.values() if isinstance(group, Mapping))
    share = next((float(group["share"]) for group in groups if issue.severity in group["severities"]), 0.0)
    drawn = int(hashlib.sha256(f"{issue.number}/{issue.cycle}".encode()).hexdigest()[:8], 16) / 2**32 < share
    return closed_at + timedelta(days=int(policy["from_days"])) if drawn else None
