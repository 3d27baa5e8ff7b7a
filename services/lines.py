"""One issue as a line of a list, with the names a reader needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as columns
from sqlmodel import col

from models.area import Area
from models.issue import Issue
from models.lifecycle import RUNNING, State
from models.point import Point
from models.unit import Unit
from services.filters import LATE_STATES

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Line:
    """One issue in a list, with the names a reader needs. `clock_at`: when the clock that runs now ends."""

    id: int
    number: str
    version: int
    event_count: int
    state: State
    severity: str
    description: str
    address: str
    point: str | None
    point_name: str | None
    area: str
    area_name: str
    unit: str | None
    unit_name: str | None
    found_at: datetime
    due_at: datetime | None
    due_provisional: bool
    stage_due_at: datetime | None
    overdue: bool
    step: int
    next_step: str | None
    next_step_at: datetime | None
    leader_assigned: bool

    @property
    def clock_at(self) -> datetime | None:
        return self.due_at if self.state in RUNNING else self.stage_due_at if self.state in LATE_STATES else None


COLUMNS = (
    *("id", "number", "version", "event_count", "state", "severity", "description", "address", "found_at", "due_at"),
    *("due_provisional", "stage_due_at", "step", "next_step", "next_step_at", "leader_assigned"),
)


def line_columns() -> Select[Any]:
    """What a line of a list takes; without any condition."""
    return (
        columns(
            *(getattr(Issue, name) for name in COLUMNS),
            col(Issue.point_code).label("point"),
            col(Point.name).label("point_name"),
            col(Issue.area_code).label("area"),
            col(Area.name).label("area_name"),
            col(Issue.lead_unit).label("unit"),
            col(Unit.name).label("unit_name"),
        )
        .select_from(Issue)
        .join(Area, col(Area.code) == col(Issue.area_code))
        .join(Point, col(Point.code) == col(Issue.point_code), isouter=True)
        .join(Unit, col(Unit.code) == col(Issue.lead_unit), isouter=True)
    )


def line_of(row: Row, *, now: datetime) -> Line:
    """The line of one row."""
    state = State(row["state"])
    overdue = state in RUNNING and row["due_at"] is not None and row["due_at"] <= now
    return Line(**{**dict(row), "state": state, "overdue": overdue})
