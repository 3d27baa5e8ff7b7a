"""Looking back (回头看) over a place: what is to be looked at and when, and whether the draw was as the record says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import literal_column, select, text
from sqlmodel import Session, col

from models.closing import lot_of
from models.issue import Issue
from models.point import Point
from services.filters import Scope, Wanted, counted_conditions

MONTHS = timedelta(days=90)
SHOWN = 100
_CLOSED = """
SELECT i.number, e.cycle, i.severity, e.previous_hash AS seal, e.facts -> 'look_back' AS draw,
       x.action, x.at FROM issue_event e JOIN issue i ON i.id = e.issue_id
  LEFT JOIN LATERAL (SELECT n.action, n.at FROM issue_event n WHERE n.issue_id = e.issue_id AND n.seq > e.seq
     AND n.action IN ('look_back', 'relapse') ORDER BY n.seq LIMIT 1) x ON true
 WHERE e.action = 'close_out' AND e.at >= :since AND e.at <= :now AND {there}
"""


@dataclass(frozen=True)
class Awaited:
    """One issue to be looked at. `due_at`: from when."""

    number: str
    place: str
    severity: str
    closed_at: datetime | None
    due_at: datetime
    due: bool


@dataclass(frozen=True)
class Drawn:
    """What was drawn of one severity in the last 90 days. `wrong`: draws that the record does not bear out."""

    severity: str
    closed: int = 0
    expected: float = 0.0
    drawn: int = 0
    held: int = 0
    relapsed: int = 0
    wrong: int = 0


def awaited(
    session: Session, *, now: datetime, area: str | None = None, scope: Scope | None = None
) -> tuple[Sequence[Awaited], int]:
    """What is to be looked at, the longest due first, and how many there are in all. Raises NotFound for an area."""
    where = [
        literal_column("issue.state") == literal_column("'closed'"),
        col(Issue.stage_due_at).is_not(None),
        *counted_conditions(session, Wanted(area=area), scope=scope),
    ]
    point = select(col(Point.name)).where(col(Point.code) == col(Issue.point_code)).scalar_subquery()
    columns = (Issue.number, point, Issue.address, Issue.severity, Issue.closed_at, Issue.stage_due_at)
    query = select(*columns, text("count(*) OVER ()")).select_from(Issue).where(*where)  # type: ignore[call-overload]
    rows = session.connection().execute(query.order_by(col(Issue.stage_due_at), col(Issue.id)).limit(SHOWN)).all()
    found = [
        Awaited(number, name or address, severity, closed_at, due_at, due_at <= now)
        for number, name, address, severity, closed_at, due_at, _ in rows
    ]
    return found, rows[0][-1] if rows else 0


def draws(session: Session, *, now: datetime, scope: Scope | None = None) -> Sequence[Drawn]:
    """By severity: how many were closed, how many should have been drawn, were, held, came back."""
    given: dict[str, object] = {"since": now - MONTHS, "now": now}
    there = "true"
    if scope is not None:
        given |= {"areas": sorted(scope.areas), "units": sorted(scope.units)}
        there = "(string_to_array(i.area_path, '/') && :areas OR i.lead_unit = ANY(:units))"
    rows = session.connection().execute(text(_CLOSED.format(there=there)), given).mappings()
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        counts = found.setdefault(row["severity"], dict.fromkeys(Drawn.__dataclass_fields__, 0))
        _count(counts, dict(row))
    return [Drawn(**{**counts, "severity": code}) for code, counts in sorted(found.items())]  # type: ignore[arg-type]


def _count(counts: dict[str, float], row: Mapping[str, object]) -> None:
    draw = row["draw"]
    counts["closed"] += 1
    if not isinstance(draw, Mapping):
        return
    lot, share = float(draw["lot"]), float(draw["share"])
    counts["expected"] += share
    counts["drawn"] += lot < share
    counts["wrong"] += abs(lot_of(str(row["number"]), cycle=int(str(row["cycle"])), seal=str(row["seal"])) - lot) > 1e-6
    counts["held"] += row["action"] == "look_back"
    counts["relapsed"] += row["action"] == "relapse"
