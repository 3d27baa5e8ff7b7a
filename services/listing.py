"""Lists of issues: filtered, in a wanted order, page by page. Nothing here writes.

A page costs what is on it: an index finds the keys, and a reader who may see this and that is answered from an index
for each (services/filters.py), put together. Other orders than newest and oldest first cost what is open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, false, func, literal, literal_column, tuple_, union
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from models.card import IssueCard
from models.errors import WrongValue
from models.issue import Issue
from models.lifecycle import RUNNING
from services.filters import LATE_STATES, Scope, Wanted, alternatives, conditions, is_open
from services.lines import Line, Row, line_columns, line_of
from services.searching import indexed, words

PAGE = 50
LONGEST_PAGE = 10_000
READ_THROUGH = 5_000
READ_HERE = 2_000
"""So many of the newest, of all and of those in one place, are searched by reading them: some milliseconds."""
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""The deadline of what has none: it comes last."""
Where = Sequence[ColumnElement[bool]]
Value = datetime | int | str | None


class Sort(StrEnum):
    """In which order. The last three list what is open, whatever else is asked for."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"
    STEP = "step"
    SEVERITY = "severity"


OPEN_SORTS = frozenset({Sort.DUE, Sort.STEP, Sort.SEVERITY})
DESCENDING = frozenset({Sort.NEWEST, Sort.STEP})


@dataclass(frozen=True)
class Cursor:
    """The last line of a page: its key, and what it was sorted by (nothing for newest and oldest first)."""

    id: int
    value: Value = None


@dataclass(frozen=True)
class Page:
    """A stretch of a list. `after` takes one to the next stretch; None at the end."""

    lines: tuple[Line, ...]
    after: Cursor | None


def listing(
    session: Session,
    *,
    wanted: Wanted | None = None,
    now: datetime,
    after: Cursor | int | None = None,
    limit: int = PAGE,
    scope: Scope | None = None,
    sort: Sort = Sort.NEWEST,
) -> Page:
    """Issues in that order, so many at a time. Words that are searched for are always listed newest first.

    Raises NotFound for an unknown area, unit, point, category or round; WrongValue.
    """
    if not 1 <= limit <= LONGEST_PAGE:
        raise WrongValue(field="limit", value=limit, expected=f"1–{LONGEST_PAGE}")
    wanted = wanted or Wanted()
    start = Cursor(after) if isinstance(after, int) else after
    if searched := words(wanted):
        where = conditions(session, wanted, now=now, scope=scope)
        search = _Search(session, wanted, where, searched, parts_of(session, wanted, now=now, scope=scope))
        rows = search.find(after=start.id if start else None, limit=limit + 1)
        sort = Sort.NEWEST
    else:
        parts = parts_of(session, wanted, now=now, scope=scope)
        rows = _read(session, first_keys(parts, sort=sort, after=start, limit=limit + 1), sort)
    lines = tuple(line_of(row, now=now) for row in rows[:limit])
    return Page(lines, _cursor(lines[-1], sort) if len(rows) > limit else None)


def count_up_to(session: Session, most: int, *, wanted: Wanted, now: datetime, scope: Scope | None = None) -> int:
    """How many there are, `most` + 1 where there are more: what is not counted costs nothing. Without the words."""
    keys = first_keys(parts_of(session, wanted, now=now, scope=scope), sort=None, after=None, limit=most + 1)
    return int(session.connection().execute(columns(func.count()).select_from(keys)).scalar_one())


def parts_of(session: Session, wanted: Wanted, *, now: datetime, scope: Scope | None) -> list[Where]:
    """The filter once for each part of the scope: an index answers one of them, never an OR of several."""
    where = conditions(session, wanted, now=now)
    if scope is None:
        return [where]
    return [[*where, part] for part in alternatives(session, scope)] or [[false()]]


def first_keys(parts: Sequence[Where], *, sort: Sort | None, after: Cursor | None, limit: int) -> Subquery:
    """The first keys in that order (in any, for None), each once."""
    several = [_keys(sort).where(*where, *_beyond(sort, after)) for where in parts]
    firsts = [_in_order(one, sort, (_value(sort), col(Issue.id))).limit(limit) for one in several]
    if len(firsts) == 1:
        return firsts[0].subquery()
    every = union(*(columns(*one.subquery().c) for one in firsts)).subquery()
    return _in_order(columns(*every.c), sort, (every.c.value, every.c.id)).limit(limit).subquery()


def _keys(sort: Sort | None) -> Select[Any]:
    found = columns(col(Issue.id), _value(sort).label("value"))
    return found.where(is_open()) if sort in OPEN_SORTS else found


def _value(sort: Sort | None) -> ColumnElement[Any]:
    """What is sorted by before the key."""
    if sort is Sort.DUE:
        running = case(
            (col(Issue.state).in_(RUNNING), col(Issue.due_at)),
            (col(Issue.state).in_(LATE_STATES), col(Issue.stage_due_at)),
        )
        return func.coalesce(running, NEVER)
    column: Any = {Sort.STEP: col(Issue.step), Sort.SEVERITY: col(Issue.severity)}.get(sort or Sort.NEWEST)
    return literal_column("0") if column is None else column


def _in_order(query: Select[Any], sort: Sort | None, by: tuple[Any, Any]) -> Select[Any]:
    if sort is None:
        return query
    named = by[1:] if sort not in OPEN_SORTS else by
    return query.order_by(*((one.desc() for one in named) if sort in DESCENDING else named))


def _beyond(sort: Sort | None, after: Cursor | None) -> Where:
    if after is None or sort is None:
        return ()
    if sort not in OPEN_SORTS:
        return ((col(Issue.id) < after.id) if sort in DESCENDING else (col(Issue.id) > after.id),)
    here, there = tuple_(_value(sort), col(Issue.id)), tuple_(literal(after.value), literal(after.id))
    return ((here < there) if sort in DESCENDING else (here > there),)


def _cursor(last: Line, sort: Sort) -> Cursor:
    values: dict[Sort, Value] = {Sort.DUE: last.clock_at or NEVER, Sort.STEP: last.step, Sort.SEVERITY: last.severity}
    return Cursor(last.id, values.get(sort))


def _read(session: Session, keys: Subquery, sort: Sort = Sort.NEWEST) -> list[Row]:
    """The lines of these keys: only so many rows are read."""
    lines = line_columns().join(keys, keys.c.id == col(Issue.id))
    return list(session.connection().execute(_in_order(lines, sort, (keys.c.value, col(Issue.id)))).mappings())


@dataclass(frozen=True)
class _Search:
    """Words first among the newest, read through: a common word is there at once. Only a rare one needs the index.

    The database cannot know which of the two a word is; a wrong guess would cost a hundred times as much.
    """

    session: Session
    wanted: Wanted
    where: Where
    searched: Where
    parts: Sequence[Where]

    def find(self, *, after: int | None, limit: int) -> list[Row]:
        newest = self.session.exec(select(func.max(IssueCard.issue_id))).one() if after is None else after - 1
        border = (newest or 0) - READ_THROUGH
        on_card = _keys(None).join(IssueCard, col(IssueCard.issue_id) == col(Issue.id))
        near = on_card.where(*self.where, *self.searched, col(IssueCard.issue_id).between(border + 1, newest))
        found = self._newest(near, limit)
        if len(found) == limit or border <= 0:
            return found
        here = self._here(border, limit - len(found)) if self.where else []
        if len(found) + len(here) == limit:
            return found + here
        return found + self._far(border, limit - len(found))

    def _here(self, border: int, limit: int) -> list[Row]:
        """Among the newest of the place (or whatever else is asked for): a word common everywhere is common there.

        Worth nothing unless it fills the page: these may not be all.
        """
        newest = first_keys(self.parts, sort=Sort.NEWEST, after=Cursor(border + 1), limit=READ_HERE)
        keys = columns(newest.c.id).cte("here").prefix_with("MATERIALIZED")
        on_card = columns(keys.c.id).join(IssueCard, col(IssueCard.issue_id) == keys.c.id).where(*self.searched)
        return self._newest(_keys(None).where(col(Issue.id).in_(on_card)), limit)

    def _far(self, border: int, limit: int) -> list[Row]:
        hits = columns(col(IssueCard.issue_id)).where(
            indexed(self.wanted), *self.searched, col(IssueCard.issue_id) <= border
        )
        if not self.where:  # all hits, found by the index, then the newest of them: never by reading from the newest on
            hits = columns(hits.cte("hits").prefix_with("MATERIALIZED").c.issue_id)
        return self._newest(_keys(None).where(*self.where, col(Issue.id).in_(hits)), limit)

    def _newest(self, query: Select[Any], limit: int) -> list[Row]:
        return _read(self.session, query.order_by(col(Issue.id).desc()).limit(limit).subquery())
