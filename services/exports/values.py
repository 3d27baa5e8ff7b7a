"""What the ledger says of an issue, value by value: the export writes these, the import compares with them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from models.audit import Round
from models.issue import Evidence, EvidenceKind, Issue, IssueEvent, SupervisionOrder
from models.lifecycle import Action, State
from services.exports.register import Register

RETURNED = "退回："
"""A comment that begins so holds the reason of a return in the ledger that an issue was taken over from."""
TOLD = (Action.RETURN, Action.GRANT_RETURN, Action.COMMENT)

IssueId = int
Row = dict[str, Any]


@dataclass
class Around:
    """What hangs on a page of issues."""

    evidence: Mapping[tuple[IssueId, str], tuple[str, ...]] = field(default_factory=dict)
    orders: Mapping[IssueId, tuple[tuple[str, bool], ...]] = field(default_factory=dict)
    reasons: Mapping[IssueId, str] = field(default_factory=dict)
    remarks: Mapping[IssueId, str] = field(default_factory=dict)
    rounds: Mapping[int, str] = field(default_factory=dict)


def read_around(session: Session, ids: Sequence[IssueId]) -> Around:
    """Evidence, supervision orders, reasons of returns and the last remark, for a page of issues."""
    reasons, remarks = _words(session, ids)
    return Around(
        evidence=_evidence(session, ids),
        orders=_orders(session, ids),
        reasons=reasons,
        remarks=remarks,
        rounds=_rounds(session, ids),
    )


def _evidence(session: Session, ids: Sequence[IssueId]) -> dict[tuple[IssueId, str], tuple[str, ...]]:
    query = (
        select(Evidence.issue_id, Evidence.kind, Evidence.sha256)
        .where(col(Evidence.issue_id).in_(ids))
        .order_by(col(Evidence.id))
    )
    found: dict[tuple[IssueId, str], dict[str, None]] = defaultdict(dict)
    for issue_id, kind, sha256 in session.exec(query):
        found[issue_id, str(kind)][sha256] = None
    return {key: tuple(hashes) for key, hashes in found.items()}


def _orders(session: Session, ids: Sequence[IssueId]) -> dict[IssueId, tuple[tuple[str, bool], ...]]:
    query = (
        select(
            SupervisionOrder.issue_id,
            SupervisionOrder.number,
            func.coalesce(SupervisionOrder.replied_at, SupervisionOrder.withdrawn_at),
        )
        .where(col(SupervisionOrder.issue_id).in_(ids))
        .order_by(col(SupervisionOrder.cycle), col(SupervisionOrder.degree))
    )
    found: dict[IssueId, list[tuple[str, bool]]] = defaultdict(list)
    for issue_id, number, over_at in session.exec(query):
        found[issue_id].append((number, over_at is not None))
    return {key: tuple(orders) for key, orders in found.items()}


def _words(session: Session, ids: Sequence[IssueId]) -> tuple[dict[IssueId, str], dict[IssueId, str]]:
    query = (
        select(IssueEvent.issue_id, IssueEvent.action, IssueEvent.reason, IssueEvent.facts)
        .where(col(IssueEvent.issue_id).in_(ids), col(IssueEvent.action).in_(TOLD))
        .order_by(col(IssueEvent.issue_id), col(IssueEvent.seq))
    )
    reasons: dict[IssueId, list[str]] = defaultdict(list)
    remarks: dict[IssueId, str] = {}
    for issue_id, action, reason, facts in session.exec(query):
        said = str(facts.get("text") or "")
        if action is not Action.COMMENT:
            reasons[issue_id].append(reason)
        elif said.startswith(RETURNED):
            reasons[issue_id].append(said.removeprefix(RETURNED))
        else:
            remarks[issue_id] = said
    return {key: "；".join(texts) for key, texts in reasons.items()}, remarks


def _rounds(session: Session, ids: Sequence[IssueId]) -> dict[int, str]:
    query = select(Round.id, Round.number).join(Issue, col(Issue.round_id) == col(Round.id))
    return {key or 0: number for key, number in session.exec(query.where(col(Issue.id).in_(ids)).distinct())}


def issue_values(issue: Any, *, around: Around, register: Register) -> Row:
    """Every column that is read back, as a typed value; times on the city's wall clock, whole seconds."""
    key = issue.id
    times = {name: _time(getattr(issue, name), register) for name in TIMES}
    same = {name: getattr(issue, name) for name in SAME}
    return {
        **same,
        **times,
        "round": around.rounds.get(issue.round_id),
        "category": issue.category_code,
        "standard": _standard(issue),
        "point": issue.point_code,
        "area": issue.area_code,
        "before": around.evidence.get((key, EvidenceKind.BEFORE.value), ()),
        "after": around.evidence.get((key, EvidenceKind.AFTER.value), ()),
        "lead_unit": issue.lead_unit or (issue.suggested_unit if issue.state == State.FOUND else None),
        "assisting": tuple(issue.assisting_units),
        "due_at": times["due_at"] if issue.due_at != issue.original_due_at else None,
        "return_reasons": around.reasons.get(key, ""),
        "step": f"E{issue.step}" if issue.step >= 0 else None,
        "orders": around.orders.get(key, ()),
        "remark": around.remarks.get(key, ""),
    }


TIMES = (
    "found_at",
    "assigned_at",
    "signed_in_at",
    "original_due_at",
    "due_at",
    "submitted_at",
    "verified_at",
    "look_back_at",
    "closed_at",
)
SAME = (
    "number",
    "source",
    "found_level",
    "found_by",
    "address",
    "lng",
    "lat",
    "description",
    "severity",
    "deduction",
    "limit",
    "extensions",
    "measure",
    "result",
    "verified_by",
    "verdict",
    "rework",
    "returns",
    "satisfaction",
    "sweep_checked",
    "sweep_found",
    "look_back_result",
    "closed_by",
    "state",
    "leader_assigned",
)


def _time(at: datetime | None, register: Register) -> datetime | None:
    return register.local(at) if at else None


def _standard(issue: Any) -> tuple[str, str] | None:
    """Version and code."""
    return (issue.version_code, issue.standard_code) if issue.standard_code else None


def overdue_hours(issue: Any, *, now: datetime) -> float | None:
    """How many hours late the unit handed in, or is today; None in time. Shelved and void are never late."""
    if issue.due_at is None or issue.state in (State.SHELVED, State.VOID):
        return None
    handed_in = issue.state in (State.RECTIFIED, State.VERIFIED, State.CLOSED)
    end = issue.submitted_at if handed_in and issue.submitted_at else now
    late = (end - issue.due_at).total_seconds() / 3600
    return round(late, 1) if late > 0 else None
