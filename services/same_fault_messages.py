"""Word about a same-fault sweep: to those who go, when it is late, and when its last sheet is in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.audit import Round
from models.issue import Issue
from models.message import Message
from models.point import Point
from models.unit import ChannelClass
from notifications.outbox import wake
from services import bulk
from services.message_rows import message_row

ASSIGNED, LATE, FINISHED = "sweep_assigned", "sweep_late", "sweep_finished"
CHANNELS = (ChannelClass.APP, ChannelClass.MAIL, ChannelClass.CHAT)
QUIET = (ChannelClass.APP,)
SHOWN_POINTS = 10
SOMEBODY_LATE = "EXISTS (SELECT 1 FROM round WHERE for_issue IS NOT NULL AND finished_at IS NULL AND due_at <= :now)"
"""Whether any sweep is late, at `:now`: one look, told already or not."""
_LATE = """
SELECT r.number, i.number AS first, i.area_path, r.due_at, who, sum(n)::int AS n FROM round r
  JOIN issue i ON i.id = r.for_issue
  JOIN LATERAL (
    SELECT s.inspector AS who, count(*) AS n FROM sheet s WHERE s.round_id = r.id AND s.filled_at IS NULL GROUP BY 1
    UNION ALL
    SELECT r.requested_by, count(*) FROM sheet s WHERE s.round_id = r.id AND s.filled_at IS NULL
       AND s.inspector <> r.requested_by HAVING count(*) > 0) late ON true
 WHERE r.for_issue IS NOT NULL AND r.finished_at IS NULL AND r.due_at <= :now
   AND NOT EXISTS (SELECT FROM message m WHERE m.key = 'sweep-late-' || r.number || '-' || who)
 GROUP BY r.number, i.number, i.area_path, r.due_at, who
"""


def tell_checkers(
    session: Session, round_: Round, issue: Issue, checkers: Mapping[str, Sequence[str]], *, now: datetime
) -> None:
    """One message for each who goes: which points, for which standard, by when."""
    wanted = [point for points in checkers.values() for point in points]
    names = dict(session.exec(select(Point.code, Point.name).where(col(Point.code).in_(wanted))).all())
    rows = [
        _row(
            ASSIGNED,
            round_.number,
            who,
            area_path=issue.area_path,
            now=now,
            facts={
                "round": round_.number,
                "first": issue.number,
                "standard": round_.standard_code,
                "sweep_due_at": round_.due_at.isoformat() if round_.due_at else None,
                "count": len(points),
                "points": [names[point] for point in points[:SHOWN_POINTS]],
            },
        )
        for who, points in checkers.items()
    ]
    _write(session, rows)


def tell_finished(session: Session, round_: Round, issue: Issue, *, checked: int, found: int, now: datetime) -> None:
    """Whoever ordered it hears what came of it."""
    facts = {"round": round_.number, "first": issue.number, "checked": checked, "found": found}
    row = _row(
        FINISHED, round_.number, round_.requested_by, area_path=issue.area_path, now=now, facts=facts, channels=QUIET
    )
    _write(session, [row])


def tell_late(session: Session, *, now: datetime) -> int:
    """Once for each sweep whose day has passed: those with open sheets, and whoever ordered it. Returns how many."""
    rows = [
        _row(
            LATE,
            row.number,
            row.who,
            area_path=row.area_path,
            now=now,
            facts={"round": row.number, "first": row.first, "sweep_due_at": row.due_at.isoformat(), "count": row.n},
        )
        for row in session.connection().execute(text(_LATE), {"now": now})
    ]
    return _write(session, rows)


def _row(
    kind: str,
    number: str,
    who: str,
    *,
    area_path: str,
    now: datetime,
    facts: Mapping[str, Any],
    channels: Sequence[ChannelClass] = CHANNELS,
) -> dict[str, Any]:
    key = f"{kind.replace('_', '-')}-{number}-{who}"
    told = {**facts, "page": f"/audits/{number}"}
    return message_row(
        key=key, kind=kind, person=who, area_path=area_path, why="sweep", channels=channels, now=now, facts=told
    )


def _write(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    written = bulk.insert(session, Message, [dict(row) for row in rows], or_skip=True) if rows else 0
    if written:
        wake(session)
    return written
