"""How many issues stand where. Costs what is open: what has ended is counted beforehand (models/card.py)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from models.card import IssueCard, IssueEnded
from models.issue import Issue
from models.lifecycle import OPEN, State
from services.filters import (
    Scope,
    Wanted,
    conditions,
    counted_conditions,
    indexed,
    is_counted,
    is_open,
    past_deadline,
    words,
)

LATE_STATES = frozenset({State.FOUND, State.RECTIFIED, State.VERIFIED})
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

    Costs what is open; of what has ended only where there are so many that a filter other than state, unit, area and
    severity is asked for.
    """
    wanted = wanted or Wanted()
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
        set_aside=session.exec(select(func.count()).select_from(Issue).where(col(Issue.set_aside) > 0, *where)).one(),
        next_step_at=min((at for at in waiting if at), default=None),
    )


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
