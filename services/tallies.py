"""How many issues stand where, under any filter. By area, unit and scope it is counted beforehand (see standings).

Under other filters it costs what is open; what has ended is counted by severity too (models/card.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from models.card import IssueCard, IssueEnded
from models.issue import Issue
from models.lifecycle import OPEN, State
from services import standings
from services.filters import (
    LATE_STATES,
    Scope,
    Wanted,
    conditions,
    counted_conditions,
    is_counted,
    is_open,
    past_deadline,
)
from services.searching import indexed, words
from services.standings import Counted

Where = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Counts:
    """How many issues stand where. `overdue`: past the unit's deadline; `late`: past the clock of another stage."""

    by_state: Mapping[State, int]
    overdue: int
    late: int
    set_aside: int
    next_step_at: datetime | None

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def open(self) -> int:
        return sum(n for state, n in self.by_state.items() if state in OPEN)


def counts(session: Session, *, wanted: Wanted | None = None, now: datetime, scope: Scope | None = None) -> Counts:
    """How many of the wanted issues stand where. Every state is there, with 0 where there is none.

    Costs what is open where more than area and unit are asked for; of what has ended only where there are so many that
    a filter other than state, unit, area and severity is asked for.
    """
    wanted = wanted or Wanted()
    if wanted == Wanted(area=wanted.area, unit=wanted.unit):
        return _kept_counts(session, wanted, now=now, scope=scope)
    where = conditions(session, wanted, now=now, scope=scope)
    searched = words(wanted)
    if searched:
        hits = columns(col(IssueCard.issue_id)).where(indexed(wanted), *searched)
        where.append(col(Issue.id).in_(hits))
    rows = _open_counts(session, where, now=now)
    ended = _ended_counts(session, wanted, where, scope)
    waiting = [*(row[3] for row in rows), _next_look(session, where)]
    return Counts(
        by_state=dict.fromkeys(State, 0) | {State(row[0]): row[1] for row in rows} | ended,
        overdue=sum(row[2] for row in rows),
        late=sum(row[4] for row in rows),
        set_aside=_set_aside(session, where),
        next_step_at=min((at for at in waiting if at), default=None),
    )


def kept(session: Session, *, wanted: Wanted | None = None, now: datetime, scope: Scope | None = None) -> Counted:
    """How many stand where by area, unit and scope alone: what was counted beforehand, and no issue is read."""
    found = standings.by(session, _root, wanted or Wanted(), now=now, soon=timedelta(0), scope=scope)
    return standings.total(found.values())


def _kept_counts(session: Session, wanted: Wanted, *, now: datetime, scope: Scope | None) -> Counts:
    where = conditions(session, wanted, now=now, scope=scope)
    all_of_it = kept(session, wanted=wanted, now=now, scope=scope)
    return Counts(
        by_state=all_of_it.states,
        overdue=all_of_it.late,
        late=all_of_it.stage_late,
        set_aside=_set_aside(session, where),
        next_step_at=_next_step(session, where),
    )


def _root(table: Any) -> ColumnElement[str]:
    """The city, in which every path begins."""
    return func.split_part(col(table.area_path), literal_column("'/'"), literal_column("1"))


def _next_step(session: Session, where: Where) -> datetime | None:
    """State by state, as the index of what is due is ordered."""
    firsts = (
        columns(col(Issue.next_step_at))
        .where(col(Issue.state) == state, col(Issue.next_step_at).is_not(None), *where)
        .order_by(col(Issue.next_step_at))
        .limit(1)
        .scalar_subquery()
        for state in State
    )
    return session.connection().execute(columns(func.least(*firsts))).scalar()


def _set_aside(session: Session, where: Where) -> int:
    return session.exec(select(func.count()).select_from(Issue).where(col(Issue.set_aside) > 0, *where)).one()


def _open_counts(session: Session, where: Where, *, now: datetime) -> Sequence[Any]:
    late = and_(col(Issue.state).in_(LATE_STATES), col(Issue.stage_due_at) <= now)
    query = columns(
        col(Issue.state),
        func.count(),
        func.count().filter(past_deadline(now)),
        func.min(Issue.next_step_at),
        func.count().filter(late),
    ).where(is_open(), *where)
    return session.connection().execute(query.group_by(col(Issue.state))).all()


def _ended_counts(session: Session, wanted: Wanted, where: Where, scope: Scope | None) -> dict[State, int]:
    if is_counted(wanted):
        counted = counted_conditions(session, wanted, scope=scope, table=IssueEnded)
        query = columns(col(IssueEnded.state), func.sum(IssueEnded.n)).where(*counted)
        query = query.group_by(col(IssueEnded.state))
    else:
        ended = col(Issue.state).in_([State.CLOSED, State.VOID])
        query = columns(col(Issue.state), func.count()).where(ended, *where).group_by(col(Issue.state))
    return {State(state): int(n) for state, n in session.connection().execute(query)}


def _next_look(session: Session, where: Where) -> datetime | None:
    """When the next look-back at a closed issue is due."""
    closed = columns(col(Issue.next_step_at)).where(
        col(Issue.state) == State.CLOSED, col(Issue.next_step_at).is_not(None), *where
    )
    return session.connection().execute(closed.order_by(col(Issue.next_step_at)).limit(1)).scalar()
