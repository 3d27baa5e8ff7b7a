"""What a monitoring system reads every few seconds. No table is counted: all is counted beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlmodel import Session, col

from models.issue import Issue
from models.lifecycle import State
from services import alarms, outbox_counts, rounds, standings
from services.filters import Wanted
from services.outbox_counts import Tally


@dataclass(frozen=True)
class Metrics:
    """Numbers of the whole city, and nothing about anybody.

    `by_step`: open issues by the highest step of the ladder taken, −1 for none. `overdue`: past the unit's deadline;
    `late`: past the clock of another stage. `oldest`: how long the oldest due message waits. `alarms`: those not over.
    """

    outbox: Tally
    oldest: timedelta
    by_state: Mapping[State, int]
    by_step: Mapping[int, int]
    overdue: int
    late: int
    set_aside: int
    round_age: timedelta | None
    round_took: timedelta | None
    alarms: frozenset[str]


def measure(session: Session, *, now: datetime, at: datetime) -> Metrics:
    """Everything at once. `now` is the city's time, `at` the true one, which rounds go by."""
    seen = outbox_counts.tally(session)
    kept = standings.by(session, _place, Wanted(), now=now, soon=timedelta(0), scope=None)
    issues = standings.total(kept.values())
    last = rounds.last(session)
    return Metrics(
        outbox=seen,
        oldest=max(now - seen.oldest, timedelta()) if seen.oldest else timedelta(),
        by_state=issues.states,
        by_step=issues.steps,
        overdue=issues.late,
        late=issues.stage_late,
        set_aside=_set_aside(session),
        round_age=None if last is None else max(at - last, timedelta()),
        round_took=rounds.last_took(session),
        alarms=alarms.standing(session),
    )


def _place(table: Any) -> ColumnElement[str]:
    """The city, in which every path begins: all issues are in one place."""
    return func.split_part(col(table.area_path), literal_column("'/'"), literal_column("1"))


def _set_aside(session: Session) -> int:
    query = select(func.count()).select_from(Issue).where(col(Issue.set_aside) > 0)
    return int(session.connection().execute(query).scalar_one())
