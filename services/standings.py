"""How many issues stand where, from counts kept beforehand: costs what the city has of places and units, not of issues.

What was settled (issue_count) and what has moved since (issue_move, filled by triggers; models/card.py) give the states
and steps. Time passes by itself and moves nothing: so what was late at the last settling is corrected by what has
moved since, and by the issues whose time lies between then and now, read from an index. All in one statement, for a sum
of parts seen at different moments is right at none.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, DateTime, Integer, Select, cast, func, literal, literal_column, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlmodel import Session, col

from models.card import CLOCK, PLACE, IssueCount, issue_move
from models.city import Cursor
from models.issue import Issue
from models.lifecycle import OPEN, RUNNING, State
from services import cursors
from services.filters import LATE_STATES, Scope, Wanted, counted_conditions

SETTLED = "boards"
"""The cursor that holds the time, in seconds, for which the settled rows know what is late."""
PLACES = ("area_path", "lead_unit")
STEPS = {-1: "no_step"} | {rank: f"e{rank}" for rank in range(9)}
FIGURES = (*(state.value for state in State), *STEPS.values())
COUNTED = (*FIGURES, "late", "stage_late")
Key = Callable[[Any], Any]
Column = ColumnElement[Any]


@dataclass(frozen=True)
class Counted:
    """How many stand where. `figures`: by state, then the open ones by the highest step taken (see FIGURES).

    `late`: past the unit's deadline; `stage_late`: past another stage's clock; `soon`: due within the time asked for.
    """

    figures: tuple[int, ...] = (0,) * len(FIGURES)
    late: int = 0
    stage_late: int = 0
    soon: int = 0

    @property
    def states(self) -> dict[State, int]:
        return dict(zip(State, self.figures, strict=False))

    @property
    def steps(self) -> dict[int, int]:
        """Those that there are, lowest first; −1 for none taken."""
        counts = zip(STEPS, self.figures[len(State) :], strict=True)
        return {rank: n for rank, n in counts if n}


def total(several: Iterable[Counted]) -> Counted:
    """The sum."""
    rows = [(*one.figures, one.late, one.stage_late, one.soon) for one in several]
    *figures, late, stage_late, soon = map(sum, zip(*rows, strict=True)) if rows else [0] * (len(COUNTED) + 1)
    return Counted(tuple(figures), late, stage_late, soon)


def by(
    session: Session, key: Key, wanted: Wanted, *, now: datetime, soon: timedelta, scope: Scope | None
) -> Mapping[str | None, Counted]:
    """By key, which makes a column from a table's columns; keys without any issue are not there.

    Of `wanted`, area and unit are looked at. Raises NotFound for unknown ones.
    """
    marked = select(func.to_timestamp(func.coalesce(func.max(Cursor.position), 0))).where(col(Cursor.name) == SETTLED)
    until = marked.scalar_subquery()
    queries = []
    for table, figures, where in (
        (IssueCount, (*_SETTLED, _ZERO), ()),
        (issue_move.c, (*_moved(until), _ZERO), ()),
        (Issue, *_passing(until, now, soon)),
        (Issue, *_stage_passing(until, now)),
    ):
        limits = counted_conditions(session, wanted, scope=scope, table=table)
        here = key(table).label("key")
        queries.append(select(here, *figures).where(*where, *limits).group_by(here))
    found: dict[str | None, list[Counted]] = {}
    for here, several, *rest in session.connection().execute(queries[0].union_all(*queries[1:])):
        one = Counted(*((tuple(map(int, several)),) if several else (Counted.figures,)), *map(int, rest))
        found.setdefault(here, []).append(one)
    sums = {here: rows[0] if len(rows) == 1 else total(rows) for here, rows in found.items()}
    return {here: one for here, one in sums.items() if any(one.figures)}


def settle(session: Session, *, now: datetime) -> int:
    """Put what has moved together with what was counted, and look at what is late by `now`; how many rows changed.

    Without it all counts stay right and slow down, by a row for each group of issues that moves together and by each
    deadline that passes. Does nothing while somebody else is at it. The caller commits.
    """
    start = cursors.take(session, SETTLED, start=0)
    if start is None:
        return 0
    moment = now.replace(microsecond=0)
    changed = _changes(since=literal(datetime.fromtimestamp(start, UTC), DateTime(timezone=True)), to=moment)
    put = insert(IssueCount).from_select([*PLACES, *COUNTED], changed)
    added = {name: getattr(IssueCount, name) + put.excluded[name] for name in COUNTED}
    statement: Any = put.on_conflict_do_update(index_elements=PLACES, set_=added).returning(literal_column("1"))
    count = len(session.connection().execute(statement).all())
    cursors.put(session, SETTLED, position=int(moment.timestamp()))
    return count


MANY = 5000
"""Groups that have moved since the last settling, from which on a round settles them; boards read each of them."""


def settle_if_many(session: Session, *, now: datetime) -> bool:
    """Settle after a storm, instead of leaving it to the night. The caller commits."""
    many = session.connection().execute(sql("SELECT 1 FROM issue_move OFFSET :many LIMIT 1"), {"many": MANY}).first()
    return many is not None and settle(session, now=now) > 0


def recount(session: Session, *, now: datetime) -> int:
    """Count everything anew, for rows that came in without triggers (a partial restore, a crowd for measuring).

    The caller commits.
    """
    cursors.put(session, SETTLED, position=0)
    session.connection().execute(
        sql(
            "WITH settled AS (DELETE FROM issue_count), moved AS (DELETE FROM issue_move)"
            " INSERT INTO issue_move (area_path, lead_unit, state, step, clock_at, n)"
            f" SELECT {PLACE}, {CLOCK}, count(*) FROM issue GROUP BY 1, 2, 3, 4, 5"
        )
    )
    return settle(session, now=now)


def _changes(*, since: Column, to: datetime) -> Select[Any]:
    """What is to be added to the settled rows, by place and unit; takes away what has moved."""
    moved = issue_move.delete().returning(*issue_move.c).cte("gone")
    gone = select(moved.c.area_path, moved.c.lead_unit, *_moved(since, moved)).group_by(*list(moved.c)[:2])
    place = (col(Issue.area_path), func.coalesce(col(Issue.lead_unit), literal_column("''")))
    passed = (_passing(since, to, timedelta(0)), _stage_passing(since, to))
    more = (select(*place, *figures[:-1]).where(*where).group_by(*place) for figures, where in passed)
    every = gone.union_all(*more).subquery("passed").c
    sums: list[Column] = [literal_column(f"coalesce(sum(figures[{place}]), 0)") for place in range(1, len(FIGURES) + 1)]
    return select(every.area_path, every.lead_unit, *sums, func.sum(every.late), func.sum(every.stage_late)).group_by(
        every.area_path, every.lead_unit
    )


def _figures(each: Iterable[str]) -> Column:
    """One column for all: as many columns of their own would cost more to write down than to count."""
    return literal_column(f"ARRAY[{', '.join(each)}]", ARRAY(BigInteger)).label("figures")


def _listed(states: Iterable[State]) -> str:
    return ", ".join(f"'{state.value}'" for state in State if state in states)


_ZERO: Column = literal_column("0", Integer)
_NO_FIGURES: Column = literal_column("CAST(NULL AS bigint[])", ARRAY(BigInteger)).label("figures")
_SETTLED: tuple[Column, ...] = (
    _figures(f"sum({name})" for name in FIGURES),
    literal_column("sum(late)"),
    literal_column("sum(stage_late)"),
)
_MOVED = _figures(
    [f"coalesce(sum(n) FILTER (WHERE state = '{state.value}'), 0)" for state in State]
    + [f"coalesce(sum(n) FILTER (WHERE state IN ({_listed(OPEN)}) AND step = {rank}), 0)" for rank in STEPS]
)


def _moved(until: Column, moves: Any = issue_move) -> tuple[Column, ...]:
    """The states and steps of what has moved, and what of it was late at that time."""

    def late(states: Iterable[State]) -> Column:
        among = moves.c.state.in_([literal_column(f"'{state.value}'") for state in states])
        return func.coalesce(func.sum(moves.c.n).filter(among, moves.c.clock_at <= until), 0)

    return _MOVED, late(RUNNING).label("late"), late(LATE_STATES).label("stage_late")


def _passing(until: Column, now: datetime, soon: timedelta) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """The figures and the conditions of the issues whose deadline lies between the settling and the end of `soon`."""
    due = col(Issue.due_at)
    near = func.count().filter(due > now, due <= now + soon)
    where = (due > func.least(until, now), due <= func.greatest(until, now + soon), col(Issue.state).in_(RUNNING))
    return (_NO_FIGURES, _passed(due, until, now).label("late"), _ZERO.label("stage_late"), near), where


def _stage_passing(until: Column, now: datetime) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """The same for the clocks of the other stages. The states are written as the index issue_by_stage has them."""
    due = col(Issue.stage_due_at)
    among: Column = sql(f"issue.state IN ({_listed(LATE_STATES)})")  # type: ignore[assignment]
    where = (due > func.least(until, now), due <= func.greatest(until, now), among)
    return (_NO_FIGURES, _ZERO.label("late"), _passed(due, until, now).label("stage_late"), _ZERO), where


def _passed(due: Any, until: Column, now: datetime) -> Column:
    """How many were not late at the settling and are now; where the clock was set back, the other way round."""
    return func.sum(cast(due <= now, Integer) - cast(due <= until, Integer))
