"""Issues on a map: one by one where they are few, as piles on a grid where they are many.

What is open is read from one index, whatever its number. Of what has ended, the newest alone are shown.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, func, literal, select, text, union
from sqlmodel import Session, col

from models.card import IssueCard
from models.errors import WrongValue
from models.issue import Issue
from models.lifecycle import OPEN, State
from models.point import Point
from services.filters import Scope, Wanted, past_deadline
from services.listing import Where, parts_of
from services.searching import indexed, words

MOST = 500
"""Issues that are shown one by one."""
NEWEST = 2_000
"""Of those that have ended too, so many are looked at."""
CELLS = 3
"""Piles across one tile of 256 pixels."""
DEEPEST = 19
TALLEST = 85.0511
"""Degrees: the edge of a web map."""


@dataclass(frozen=True)
class Box:
    """A part of the map, in degrees (WGS 84). Raises WrongValue for what is none."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read `west,south,east,north`."""
        try:
            found = [float(one) for one in written.split(",")]
        except ValueError:
            found = []
        if len(found) != 4 or not all(math.isfinite(one) and abs(one) <= 1000 for one in found):
            raise WrongValue(field="bbox", value=written[:60], expected="west, south, east, north")
        return cls(*found)


@dataclass(frozen=True)
class Spot:
    """One issue on the map."""

    number: str
    lat: float
    lng: float
    state: State
    severity: str
    overdue: bool
    description: str
    point_name: str | None


@dataclass(frozen=True)
class Pile:
    """Several issues close together: how many, how many of them overdue, and their middle."""

    lat: float
    lng: float
    n: int
    overdue: int


@dataclass(frozen=True)
class Shown:
    """What lies in the box: spots, or piles where there are many. `newest_only`: older ones were left out."""

    total: int
    overdue: int
    spots: tuple[Spot, ...] = ()
    piles: tuple[Pile, ...] = ()
    newest_only: bool = False


def on_map(
    session: Session, *, wanted: Wanted, box: Box, zoom: int, now: datetime, scope: Scope | None = None
) -> Shown:
    """The wanted issues in the box. Those without a position are not on it. Raises NotFound, WrongValue."""
    here = _here(session, wanted, box, now=now, scope=scope)
    size = 360 / 2 ** max(0, min(zoom, DEEPEST)) / CELLS
    piles = _piles(session, here, size)
    total, late = sum(pile.n for pile in piles), sum(pile.overdue for pile in piles)
    newest_only = not _is_open(wanted)
    if total > MOST:
        return Shown(total, late, piles=tuple(piles), newest_only=newest_only)
    return Shown(total, late, spots=tuple(_spots(session, here)), newest_only=newest_only)


def _is_open(wanted: Wanted) -> bool:
    narrowed = wanted.overdue or wanted.soon or wanted.late or wanted.handled_by
    return bool(wanted.open_only or narrowed or (wanted.states and OPEN.issuperset(wanted.states)))


def _here(session: Session, wanted: Wanted, box: Box, *, now: datetime, scope: Scope | None) -> Any:
    """Key, position and lateness of what is in the box: from the index of the open ones, or of the newest keys."""
    parts = parts_of(session, wanted, now=now, scope=scope)
    if searched := words(wanted):
        hits = select(col(IssueCard.issue_id)).where(indexed(wanted), *searched)
        parts = [[*where, col(Issue.id).in_(hits)] for where in parts]
    if not _is_open(wanted):
        return _newest(parts, box, now)
    inside = [col(Issue.lat).between(box.south, box.north), col(Issue.lng).between(box.west, box.east)]
    several = [_positions(now).where(*where, *inside) for where in parts]
    return (several[0] if len(several) == 1 else union(*several)).subquery("here")


def _newest(parts: Sequence[Where], box: Box, now: datetime) -> Any:
    """The newest of each part, the newest of those, and of them what lies in the box."""
    several = [_positions(now).where(*where).order_by(col(Issue.id).desc()).limit(NEWEST) for where in parts]
    every = union(*(select(*one.subquery().c) for one in several)).subquery()
    newest = select(*every.c).order_by(every.c.id.desc()).limit(NEWEST).subquery()
    inside = newest.c.lat.between(box.south, box.north), newest.c.lng.between(box.west, box.east)
    return select(*newest.c).where(*inside).subquery("here")


def _positions(now: datetime) -> Select[Any]:
    return select(col(Issue.id), col(Issue.lat), col(Issue.lng), past_deadline(now).label("late"))


def _piles(session: Session, here: Any, size: float) -> list[Pile]:
    def cell(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.floor(column / literal(size))

    query = select(
        func.avg(here.c.lat),
        func.avg(here.c.lng),
        func.count(),
        func.count().filter(here.c.late),
    ).group_by(cell(here.c.lat), cell(here.c.lng))
    return [Pile(*row) for row in session.connection().execute(query)]


def _spots(session: Session, here: Any) -> Sequence[Spot]:
    query = (
        select(
            *(col(Issue.number), col(Issue.lat), col(Issue.lng), col(Issue.state), col(Issue.severity), here.c.late),
            func.left(Issue.description, 80),
            col(Point.name),
        )
        .join(here, here.c.id == col(Issue.id))
        .join(Point, col(Point.code) == col(Issue.point_code), isouter=True)
        .order_by(col(Issue.id).desc())
    )
    return [
        Spot(number, lat, lng, State(state), severity, bool(late), description, name)
        for number, lat, lng, state, severity, late, description, name in session.connection().execute(query)
    ]


@dataclass(frozen=True)
class Label:
    """The name of a district or street, and the middle of its points."""

    code: str
    name: str
    level: int
    lat: float
    lng: float


_LABELS = text(
    "SELECT a.code, a.name, a.level, avg(p.lat) AS lat, avg(p.lng) AS lng"
    " FROM (SELECT b.path, avg(p.lat) AS lat, avg(p.lng) AS lng FROM point p JOIN area b ON b.code = p.area_code"
    " WHERE NOT p.closed AND p.lat IS NOT NULL GROUP BY b.path) AS p"
    " JOIN area a ON a.code = ANY(string_to_array(p.path, '/')) AND a.level IN (2, 3)"
    " GROUP BY a.code, a.name, a.level ORDER BY a.code"
)
_EXTENT = text(
    "SELECT min(lng), min(lat), max(lng), max(lat) FROM point WHERE NOT closed AND lat IS NOT NULL AND lng IS NOT NULL"
)


def labels(session: Session) -> Sequence[Label]:
    """Where districts and streets lie, told by their points: what a map without tiles shows."""
    return [Label(*row) for row in session.connection().execute(_LABELS)]


def extent(session: Session) -> Box | None:
    """The part of the map in which all points lie; None where none has a position."""
    row = session.connection().execute(_EXTENT).one()
    return None if row[0] is None else Box(*row)
