"""Material that is not there some days before its deadline becomes an issue of its unit: in batches, exactly once.

The issue is assigned at once, is due when the material is, climbs the ladder by itself, and ends with the acceptance.
Where the deadline has passed already it gets the limit of its severity, as any issue does. Source of the days and the
severity: the list.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session

from models.errors import DubanError
from models.filing import PREFIX, FilingAct, FilingEvent
from models.issue import FoundLevel, Source
from models.lifecycle import Action
from models.rights import SYSTEM
from services import bulk, situations
from services.commands import Command
from services.findings import Finding, find
from services.transition import apply

Sessions = Callable[[], Session]
BATCH = 200
SET_ASIDE_FOR = timedelta(hours=1)
_WANTED = """
FROM filing_item f JOIN unit u ON u.code = f.unit_code LEFT JOIN issue i ON i.id = f.issue_id
 WHERE f.state IN ('missing', 'returned') AND NOT f.dropped AND f.due_at <= :now + make_interval(days => f.warn_days)
   AND f.due_at <= :now + make_interval(days => 400)
   AND (f.try_at IS NULL OR f.try_at <= :now) AND (i.id IS NULL OR i.state = 'closed')
"""
SOMETHING_MISSING = f"EXISTS (SELECT 1 {_WANTED})"
"""Whether there is anything to do, at `:now`: one look."""
_CLAIM = text(
    "SELECT f.id, f.code, f.title, f.standard_code, f.unit_code, f.severity, f.due_at, f.raised, u.area_code"
    f" {_WANTED} ORDER BY f.due_at, f.id LIMIT :batch FOR UPDATE OF f SKIP LOCKED"
)
_RAISED = text(
    "UPDATE filing_item f SET issue_id = v.issue_id, raised = f.raised + 1, version = f.version + 1, try_at = NULL,"
    " set_aside_why = NULL"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:issues AS bigint[])) AS v(id, issue_id) WHERE f.id = v.id"
)
_SET_ASIDE = text("UPDATE filing_item SET try_at = :later, set_aside_why = :why WHERE id = :id")


@dataclass
class Raised:
    """What one go did: issues made, items that could not be made into one."""

    issues: int = 0
    set_aside: int = 0


def raise_missing(sessions: Sessions, *, now: datetime, batch: int = BATCH) -> Raised:
    """Make an issue of all that is missing, batch after batch, one transaction each."""
    counts = Raised()
    while True:
        with sessions() as session:
            if not something_missing(session, now=now):
                return counts
            situations.hold_rules(session)
            rows = session.connection().execute(_CLAIM, {"now": now, "batch": batch}).mappings().all()
            if not rows:
                return counts
            _handle(session, rows, now=now, counts=counts)
            session.commit()


def something_missing(session: Session, *, now: datetime) -> bool:
    """Whether there is anything to do."""
    return bool(session.connection().execute(text(f"SELECT {SOMETHING_MISSING}"), {"now": now}).scalar_one())


def _handle(session: Session, rows: Sequence[Any], *, now: datetime, counts: Raised) -> None:
    """Where one row breaks the batch, find it and set it aside; the rest goes on."""
    try:
        with session.begin_nested():
            _raise(session, rows, now=now)
        counts.issues += len(rows)
    except Exception as error:  # a fault of one row must not stop the rest: halve until it is found
        if isinstance(error, (OperationalError, InterfaceError)):
            raise
        if len(rows) > 1:
            for half in (rows[: len(rows) // 2], rows[len(rows) // 2 :]):
                _handle(session, half, now=now, counts=counts)
            return
        why = f"{error.code}: {error}" if isinstance(error, DubanError) else type(error).__name__
        later = {"later": now + SET_ASIDE_FOR, "why": why[:300], "id": rows[0]["id"]}
        session.connection().execute(_SET_ASIDE, later)
        counts.set_aside += 1


def _raise(session: Session, rows: Sequence[Any], *, now: datetime) -> None:
    found = find(session, findings=[_finding(row) for row in rows], by=SYSTEM, now=now)
    pairs = [(row, outcome.issue_id) for row, outcome in zip(rows, found, strict=True)]
    commands = [
        Command(
            Action.ASSIGN,
            SYSTEM,
            issue_id,
            {"to": row["unit_code"], **({"due_at": row["due_at"]} if row["due_at"] > now else {})},
            key=f"{PREFIX}{row['id']}/{row['raised'] + 1}",
        )
        for row, issue_id in pairs
    ]
    apply(session, commands, now=now)
    ids = {"ids": [row["id"] for row, _ in pairs], "issues": [issue_id for _, issue_id in pairs]}
    session.connection().execute(_RAISED, ids)
    numbers = {outcome.issue_id: outcome.number for outcome in found}
    bulk.insert(session, FilingEvent, [_event(row, numbers[issue_id], now) for row, issue_id in pairs])


def _event(row: Any, number: str, now: datetime) -> dict[str, Any]:
    who = {"item_id": row["id"], "who": "system", "at": now, "why": ""}
    return {**who, "act": FilingAct.RAISED, "facts": {"issue": number}, "key": f"raised/{row['raised'] + 1}"}


def _finding(row: Any) -> Finding:
    """`key` is unique in the database: the same round run twice makes it once."""
    return Finding(
        description=f"网报材料未到位：{row['code']} {row['title']}（{row['standard_code']}）",
        source=Source.FILING,
        found_level=FoundLevel.CITY,
        area=row["area_code"],
        severity=row["severity"],
        key=f"{PREFIX}{row['id']}/{row['raised'] + 1}",
    )
