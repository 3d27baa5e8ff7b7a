"""What people do with issues: one verb per function, each through the one door.

Every verb takes a list of issues and does all of them or none. Raises the errors of models/errors.py.
`version` refuses when somebody was faster (single issues); `key` makes a repetition harmless.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.errors import NotFound, UnitEnded, WrongValue
from models.issue import Issue
from models.lifecycle import Action
from models.rights import Actor
from models.unit import Unit
from services.commands import Command, Outcome
from services.findings import Finding, find
from services.people import city_day
from services.transition import apply

__all__ = ["Finding", "find"]
Evidence = Sequence[Mapping[str, Any]]


def act_on_all(
    session: Session,
    action: Action,
    issue_ids: Sequence[int],
    by: Actor,
    now: datetime,
    *,
    version: int | None = None,
    key: str | None = None,
    **data: Any,
) -> list[Outcome]:
    given = {name: value for name, value in data.items() if value is not None}
    each = dict.fromkeys(issue_ids)
    commands = [Command(action, by, issue_id, given, version=version, key=key) for issue_id in each]
    return apply(session, commands, now=now)


def assign(
    session: Session,
    *,
    issue_ids: Sequence[int],
    by: Actor,
    now: datetime,
    to: str | None = None,
    assisting: Sequence[str] = (),
    severity: str | None = None,
    sweep: bool | None = None,
    leader: bool | None = None,
    reason: str = "",
    **how: Any,
) -> list[Outcome]:
    """Give to a unit (the suggested one where none is named) and start its clocks with the rules of today.

    `leader`: a leader assigns it, so that it counts double. Raises UnitEnded.
    """
    today = city_day(session, now)
    for code in filter(None, [to, *assisting]):
        unit = session.get(Unit, code)
        if unit is None:
            raise NotFound(what="unit", code=code)
        if unit.valid_to is not None and unit.valid_to < today:
            raise UnitEnded(unit=code, day=unit.valid_to)
    data: dict[str, Any] = {
        "to": to,
        "assisting": list(assisting) or None,
        "severity": severity,
        "sweep": sweep,
        "leader": leader,
        "reason": reason,
    }
    return act_on_all(session, Action.ASSIGN, issue_ids, by, now, **data, **how)


def sign_in(session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, **how: Any) -> list[Outcome]:
    """The unit takes it on."""
    return act_on_all(session, Action.SIGN_IN, issue_ids, by, now, **how)


def give_back(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, reason: str, **how: Any
) -> list[Outcome]:
    """The unit returns it before signing in, with a reason."""
    return act_on_all(session, Action.RETURN, issue_ids, by, now, reason=reason, **how)


def submit(
    session: Session,
    *,
    issue_ids: Sequence[int],
    by: Actor,
    now: datetime,
    result: str,
    measure: str | None = None,
    evidence: Evidence = (),
    **how: Any,
) -> list[Outcome]:
    """Hand in proof. `evidence`: mappings with kind, sha256, file_name, media_type, size, taken_at, lat, lng."""
    data: dict[str, Any] = {"result": result, "measure": measure, "evidence": list(evidence) or None}
    return act_on_all(session, Action.SUBMIT, issue_ids, by, now, **data, **how)


def pass_verification(
    session: Session,
    *,
    issue_ids: Sequence[int],
    by: Actor,
    now: datetime,
    note: str = "",
    evidence: Evidence = (),
    **how: Any,
) -> list[Outcome]:
    """Somebody independent has looked: it is put right."""
    return act_on_all(session, Action.PASS, issue_ids, by, now, note=note, evidence=list(evidence) or None, **how)


def fail_verification(
    session: Session,
    *,
    issue_ids: Sequence[int],
    by: Actor,
    now: datetime,
    reason: str,
    evidence: Evidence = (),
    **how: Any,
) -> list[Outcome]:
    """Somebody independent has looked: it is not."""
    return act_on_all(session, Action.FAIL, issue_ids, by, now, reason=reason, evidence=list(evidence) or None, **how)


def close_out(session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, **how: Any) -> list[Outcome]:
    """Close, when every condition holds."""
    return act_on_all(session, Action.CLOSE_OUT, issue_ids, by, now, **how)


def dispute(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, reason: str, **how: Any
) -> list[Outcome]:
    """The public does not accept it."""
    return act_on_all(session, Action.DISPUTE, issue_ids, by, now, reason=reason, **how)


def reopen(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, reason: str, **how: Any
) -> list[Outcome]:
    """It was closed too early."""
    return act_on_all(session, Action.REOPEN, issue_ids, by, now, reason=reason, **how)


def relapse(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, reason: str, **how: Any
) -> list[Outcome]:
    """It came back."""
    return act_on_all(session, Action.RELAPSE, issue_ids, by, now, reason=reason, **how)


def look_back(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, result: str = "holds", **how: Any
) -> list[Outcome]:
    """Somebody went back and it still holds."""
    return act_on_all(session, Action.LOOK_BACK, issue_ids, by, now, result=result, **how)


def merge(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, into: int, **how: Any
) -> list[Outcome]:
    """The same problem stands in another issue, which goes on. Raises NotFound, WrongValue."""
    if session.get(Issue, into) is None:
        raise NotFound(what="issue", code=into)
    if into in issue_ids:
        raise WrongValue(field="into", value=str(into), expected="another issue")
    return act_on_all(session, Action.MERGE, issue_ids, by, now, into=into, **how)


def void(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, reason: str, **how: Any
) -> list[Outcome]:
    """Not a problem, or not ours."""
    return act_on_all(session, Action.VOID, issue_ids, by, now, reason=reason, **how)


def comment(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, text: str, **how: Any
) -> list[Outcome]:
    """Say something; no clock moves."""
    return act_on_all(session, Action.COMMENT, issue_ids, by, now, text=text, **how)


def attach(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, evidence: Evidence, **how: Any
) -> list[Outcome]:
    """Add evidence; no clock moves."""
    return act_on_all(session, Action.ATTACH, issue_ids, by, now, evidence=list(evidence), **how)


def call_back(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, answer: str, note: str = "", **how: Any
) -> list[Outcome]:
    """What the public says: satisfied, fairly_satisfied or dissatisfied."""
    return act_on_all(session, Action.CALL_BACK, issue_ids, by, now, answer=answer, note=note, **how)


def report_sweep(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, checked: int, found: int = 0, **how: Any
) -> list[Outcome]:
    """The same fault was looked for elsewhere (举一反三). Raises WrongValue for impossible counts."""
    if checked < 0 or not 0 <= found <= checked:
        raise WrongValue(field="checked", value=f"{checked}/{found}", expected="0 ≤ found ≤ checked")
    return act_on_all(session, Action.REPORT_SWEEP, issue_ids, by, now, checked=checked, found=found, **how)


def waive_sweep(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, reason: str, **how: Any
) -> list[Outcome]:
    """The office does without the same-fault sweep that the close-out waits for."""
    return act_on_all(session, Action.WAIVE_SWEEP, issue_ids, by, now, reason=reason, **how)


def mark_leader(session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, **how: Any) -> list[Outcome]:
    """A leader assigned it: from now on it counts double. Raises MarkedAlready."""
    return act_on_all(session, Action.MARK_LEADER, issue_ids, by, now, **how)


def unmark_leader(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, reason: str, **how: Any
) -> list[Outcome]:
    """The mark was a mistake, or holds no longer. Raises MarkedAlready."""
    return act_on_all(session, Action.UNMARK_LEADER, issue_ids, by, now, reason=reason, **how)


def reply_order(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, reply: str, **how: Any
) -> list[Outcome]:
    """Answer the open supervision orders in writing."""
    return act_on_all(session, Action.REPLY_ORDER, issue_ids, by, now, reply=reply, **how)


def resume(
    session: Session, *, issue_ids: Sequence[int], by: Actor, now: datetime, reason: str = "", **how: Any
) -> list[Outcome]:
    """Take it off the shelf."""
    return act_on_all(session, Action.RESUME, issue_ids, by, now, reason=reason, **how)


def reapply_rules(
    session: Session,
    *,
    issue_ids: Sequence[int],
    by: Actor,
    now: datetime,
    severity: str | None = None,
    reason: str = "",
    **how: Any,
) -> list[Outcome]:
    """Put the rules of today (or another severity) on running issues; the event shows old and new dates."""
    return act_on_all(session, Action.REAPPLY_RULES, issue_ids, by, now, severity=severity, reason=reason, **how)
