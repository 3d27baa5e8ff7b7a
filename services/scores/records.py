"""What is on record of negative-list hits and incidents, for whoever sees the places and units that they are about."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Session

from models.permissions import Right
from models.rights import Actor
from services.rulebook import the_city
from services.scores.seeing import may
from services.sight import scope_of

MOST = 200
_HITS = """
SELECT n.id, n.code, n.area_code AS owner, a.name AS owner_name, a.path, '' AS unit, n.on_date, n.evidence, n.why,
       n.recorded_at, p.name AS recorded_by, '' AS issue, w.recorded_at AS withdrawn_at, w.why AS withdrawn_why
  FROM negative_hit n JOIN area a ON a.code = n.area_code JOIN person p ON p.code = n.recorded_by
  LEFT JOIN negative_hit w ON w.withdraws = n.id
 WHERE n.withdraws IS NULL ORDER BY n.id DESC LIMIT :most
"""
_INCIDENTS = """
SELECT n.id, n.code, n.unit_code AS owner, u.name AS owner_name, a.path, n.unit_code AS unit, n.on_date, n.evidence,
       n.why, n.recorded_at, p.name AS recorded_by, coalesce(i.number, '') AS issue, w.recorded_at AS withdrawn_at,
       w.why AS withdrawn_why
  FROM unit_incident n JOIN unit u ON u.code = n.unit_code JOIN area a ON a.code = u.area_code
  JOIN person p ON p.code = n.recorded_by LEFT JOIN issue i ON i.id = n.issue_id
  LEFT JOIN unit_incident w ON w.withdraws = n.id
 WHERE n.withdraws IS NULL ORDER BY n.id DESC LIMIT :most
"""


@dataclass(frozen=True)
class Recorded:
    """One entry. `owner`: the area or unit; `withdrawn_at`: None while it stands. `may_withdraw`: by this reader."""

    id: int
    code: str
    owner: str
    owner_name: str
    on_date: date
    evidence: str
    why: str
    recorded_at: datetime
    recorded_by: str
    issue: str
    withdrawn_at: datetime | None
    withdrawn_why: str | None
    may_withdraw: bool


def hits(session: Session, actor: Actor) -> list[Recorded]:
    """Of the places in the actor's boards, newest first."""
    return _read(session, actor, _HITS)


def incidents(session: Session, actor: Actor) -> list[Recorded]:
    """Of the units in the actor's boards, newest first."""
    return _read(session, actor, _INCIDENTS)


def _read(session: Session, actor: Actor, query: str) -> list[Recorded]:
    scope = scope_of(actor, city=the_city(session).code, right=Right.SEE_BOARDS)
    found = []
    for row in session.connection().execute(text(query), {"most": MOST}).mappings():
        facts = {name: value for name, value in row.items() if name not in ("path", "unit")}
        areas = row["path"].split("/")
        if scope is None or row["unit"] in scope.units or scope.areas & set(areas):
            takes = row["withdrawn_at"] is None and may(session, actor, Right.RECORD_INCIDENT, areas[-1])
            found.append(Recorded(**facts, may_withdraw=takes))
    return found
