"""Flags on evidence: shown to whoever verifies, decided once by a person with a reason, counted. Never a refusal.

How they come about is in services/flag_rules.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from models.errors import MissingInput, NotFound, NotIndependent, Refused, WrongValue
from models.evidence import FlagDecision, FlagKind, Judgement
from models.issue import Evidence, Issue
from models.permissions import Right, held, must_hold
from models.rights import Actor, is_independent
from services import bulk
from services.sight import sees

PAGE, LONGEST = 20, 1000
SHOWN = """
SELECT g.id, g.kind, g.evidence_id, g.other_id, g.issue_id, i.number,
       oi.id AS other_issue_id, oi.number AS other_number, g.facts, g.at,
       e.media_type, o.media_type AS other_media_type,
       d.decision, d.reason, d.decided_by, p.name AS decided_by_name, d.decided_at
  FROM evidence_flag g JOIN issue i ON i.id = g.issue_id JOIN evidence e ON e.id = g.evidence_id
  LEFT JOIN evidence o ON o.id = g.other_id LEFT JOIN issue oi ON oi.id = o.issue_id
  LEFT JOIN evidence_flag_decision d ON d.flag_id = g.id LEFT JOIN person p ON p.code = d.decided_by
"""


class AlreadyDecided(Refused):
    """Somebody has decided about this flag; it stays."""

    code = "flag_already_decided"
    template = "{person} has decided about this already. Both the flag and the decision stay on record."


@dataclass(frozen=True)
class Flag:
    """One flag with the decision about it, if there is one. `facts` by kind: `issues`, `bits`, `taken_at` and `since`,
    `metres` and `most`. `other_seen`: whether the reader may see the other piece; false where nobody asked."""

    id: int
    kind: FlagKind
    evidence_id: int
    other_id: int | None
    issue_id: int
    number: str
    other_number: str | None
    facts: Mapping[str, Any]
    at: datetime
    decision: Judgement | None
    reason: str | None
    decided_by: str | None
    decided_by_name: str | None
    decided_at: datetime | None
    media_type: str
    other_media_type: str | None
    other_seen: bool = False


def flags_of(session: Session, issue_id: int, *, reader: Actor | None = None) -> list[Flag]:
    """What looks wrong about the evidence of an issue, in the order it was seen."""
    rows = session.connection().execute(text(f"{SHOWN} WHERE g.issue_id = :issue ORDER BY g.id"), {"issue": issue_id})
    return [_flag(session, row, reader) for row in rows]


def find(session: Session, flag_id: int, *, reader: Actor) -> Flag:
    """One flag. Raises NotFound, also for one whose issue the reader may not see."""
    row = session.connection().execute(text(f"{SHOWN} WHERE g.id = :id"), {"id": flag_id}).first()
    issue = session.get(Issue, row.issue_id) if row else None
    if row is None or issue is None or not sees(reader, issue):
        raise NotFound(what="flag", code=flag_id)
    return _flag(session, row, reader)


def waiting(session: Session, *, reader: Actor, city: str, after: int = 0) -> Sequence[Flag]:
    """Flags that nobody has decided about, where the reader has to, a page of them and one more, the newest first.

    `after`: the last one of the page before.
    """
    there, given = _where_decides(reader, city)
    query = text(f"{SHOWN} WHERE d.flag_id IS NULL AND g.id < :after AND {there} ORDER BY g.id DESC LIMIT :most")
    rows = session.connection().execute(query, {**given, "after": after or 2**62, "most": PAGE + 1})
    return [_flag(session, row, reader) for row in rows]


def counts(
    session: Session, *, reader: Actor, city: str, since: datetime, until: datetime
) -> Mapping[tuple[FlagKind, str], int]:
    """How many flags were raised in a time where the reader decides, by kind and by what was decided (`open`, `kept`,
    `dismissed`)."""
    there, given = _where_decides(reader, city)
    query = text(
        "SELECT g.kind, coalesce(d.decision, 'open'), count(*) FROM evidence_flag g JOIN issue i ON i.id = g.issue_id"
        " LEFT JOIN evidence_flag_decision d ON d.flag_id = g.id"
        f" WHERE g.at >= :since AND g.at < :until AND {there} GROUP BY 1, 2"
    )
    rows = session.connection().execute(query, {**given, "since": since, "until": until})
    return {(FlagKind(kind), decision): n for kind, decision, n in rows}


def _where_decides(reader: Actor, city: str) -> tuple[str, dict[str, Any]]:
    """The issues `i` on whose evidence somebody decides, as a condition with what it is given."""
    scope = held(reader, Right.JUDGE_EVIDENCE, city=city)
    if reader.is_system or city in scope.areas:
        return "true", {}
    given = {"areas": list(scope.areas), "units": list(scope.units), "points": list(scope.points)}
    there = "(string_to_array(i.area_path, '/') && :areas OR i.lead_unit = ANY(:units) OR i.point_code = ANY(:points))"
    return there, given


def decide(
    session: Session, flag_id: int, *, decision: str, reason: str, by: Actor, city: str, now: datetime
) -> FlagDecision:
    """Say that a flag counts (kept) or that there is nothing to it (dismissed), once and for good. The caller commits.

    Raises NotFound, ActionNotAllowed, NotIndependent for whoever worked on the issue, MissingInput without a reason,
    AlreadyDecided.
    """
    flag = find(session, flag_id, reader=by)
    issue = issue_of(session, flag)
    must_hold(by, Right.JUDGE_EVIDENCE, city=city, area_path=issue.area_path, unit=issue.lead_unit)
    if not may_decide(session, flag, by=by):
        raise NotIndependent(person=by.code, unit=issue.lead_unit)
    row = FlagDecision(
        flag_id=flag_id, decision=_decision(decision), reason=_reason(reason), decided_by=by.code, decided_at=now
    )
    table = bulk.table_of(FlagDecision)
    adding = insert(table).values(**row.model_dump()).on_conflict_do_nothing().returning(table.c.flag_id)
    if session.connection().execute(adding).first() is None:
        raise AlreadyDecided(person=find(session, flag_id, reader=by).decided_by_name or "–")
    return row


def issue_of(session: Session, flag: Flag) -> Issue:
    """The issue that the flagged evidence belongs to."""
    return session.get_one(Issue, flag.issue_id)


def may_decide(session: Session, flag: Flag, *, by: Actor) -> bool:
    """Whether they are independent: neither of the unit that works on the issue nor who handed the piece in."""
    added_by = session.get_one(Evidence, flag.evidence_id).added_by
    return is_independent(by, issue_of(session, flag), frozenset({added_by}))


def _flag(session: Session, row: Any, reader: Actor | None) -> Flag:
    other = session.get(Issue, row.other_issue_id) if reader and row.other_issue_id else None
    values = {name: getattr(row, name) for name in Flag.__dataclass_fields__ if name != "other_seen"}
    values["kind"] = FlagKind(row.kind)
    values["decision"] = Judgement(row.decision) if row.decision else None
    return Flag(**values, other_seen=bool(reader and other and sees(reader, other)))


def _decision(given: str) -> Judgement:
    try:
        return Judgement(given)
    except ValueError:
        raise MissingInput(action="judge_evidence", missing="decision") from None


def _reason(given: str) -> str:
    reason = given.replace("\0", "").strip()
    if not reason:
        raise MissingInput(action="judge_evidence", missing="reason")
    if len(reason) > LONGEST:
        raise WrongValue(field="reason", value=reason[:20] + "…", expected=f"at most {LONGEST} characters of text")
    return reason
