"""Points that somebody sponsors, with how many issues are open there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.issue import Issue
from models.point import Point
from services.filters import is_open, past_deadline


@dataclass(frozen=True)
class Sponsored:
    """One point: its open issues, and how many of them are overdue."""

    code: str
    name: str
    open: int
    overdue: int


def points(session: Session, codes: Collection[str], *, now: datetime) -> Sequence[Sponsored]:
    """These points, those with most overdue first. From the index of issues by point: a handful each."""
    running = (
        select(
            col(Issue.point_code).label("code"),
            func.count().label("open"),
            func.count().filter(past_deadline(now)).label("overdue"),
        )
        .where(col(Issue.point_code).in_(codes), is_open())
        .group_by(col(Issue.point_code))
        .subquery()
    )
    found = select(
        col(Point.code), col(Point.name), func.coalesce(running.c.open, 0), func.coalesce(running.c.overdue, 0)
    ).join(running, running.c.code == col(Point.code), isouter=True)
    rows = session.connection().execute(found.where(col(Point.code).in_(codes)))
    several = [Sponsored(*row) for row in rows]
    return sorted(several, key=lambda one: (-one.overdue, -one.open, one.code))
