"""What is to be patrolled by somebody, and how the chiefs of a place do: planned, done, missed, and before that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import NotFound
from models.patrol import Duty, Patrol
from models.permissions import Right
from models.rights import Actor, territories_of
from models.unit import Post
from services.patrols.recording import chief_posts
from services.people import city_day
from services.rulebook import the_city
from services.sight import scope_of

DAYS = 30
MOST = 50


@dataclass(frozen=True)
class ToDo:
    """A post by which somebody patrols, with the duty of these days where there is one."""

    post: str
    title: str
    area: str
    ends: date | None
    done_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """A place or a leader over the last days: how many duties ended done and missed, how many run, and before that."""

    code: str
    name: str
    title: str
    done: int
    missed: int
    running: int
    missed_before: int
    below: bool = False

    @property
    def ended(self) -> int:
        """The denominator: duties whose days are over, or that are done."""
        return self.done + self.missed

    @property
    def change(self) -> int:
        """More missed than in the days before, or fewer."""
        return self.missed - self.missed_before


@dataclass(frozen=True)
class Table:
    """The chiefs of a place: the whole, the places right below, the leaders, the worst first."""

    area: str
    name: str
    path: Sequence[tuple[str, str]]
    whole: Standing
    areas: Sequence[Standing]
    leaders: Sequence[Standing]


def mine(session: Session, by: Actor, *, now: datetime) -> Sequence[ToDo]:
    """The posts by which somebody patrols, those whose duty ends first before the others."""
    today = city_day(session, now)
    codes = [f"{post.owner_code}:{post.kind}" for post in chief_posts(by)]
    query = select(Post.code, Post.title, Area.name).join(Area, col(Area.code) == col(Post.owner_code))
    running = select(Duty).where(col(Duty.post_code).in_(codes), Duty.starts <= today, Duty.ends >= today)
    duties = {duty.post_code: duty for duty in session.exec(running)}
    found = [
        ToDo(
            code,
            title,
            name,
            duties[code].ends if code in duties else None,
            duties[code].done_at if code in duties else None,
        )
        for code, title, name in session.exec(query.where(col(Post.code).in_(codes)))
    ]
    return sorted(found, key=lambda one: (one.done_at is not None, one.ends or date.max, one.post))


def latest(session: Session, person: str, *, limit: int = 5) -> Sequence[Patrol]:
    """The last patrols of somebody."""
    query = select(Patrol).where(Patrol.person_code == person).order_by(col(Patrol.at).desc()).limit(limit)
    return session.exec(query).all()


def table(session: Session, reader: Actor, *, now: datetime, area: str | None = None) -> Table:
    """How the chiefs of a place do. Without a place: the highest that the reader leads. Raises NotFound."""
    place = _place(session, reader, area)
    depth = len(place.path.split("/"))
    bound = {
        "path": place.path,
        "below": f"{place.path}/%",
        "depth": depth + 1,
        "now": city_day(session, now),
        "since": city_day(session, now) - timedelta(days=DAYS),
        "before": city_day(session, now) - timedelta(days=2 * DAYS),
        "most": MOST,
    }
    areas = [_row(row) for row in session.connection().execute(text(_BY_AREA), bound)]
    leaders = [_row(row) for row in session.connection().execute(text(_BY_LEADER), bound)]
    (whole,) = [_row(row) for row in session.connection().execute(text(_WHOLE), bound)]
    codes = place.path.split("/")
    names = dict(session.exec(select(Area.code, Area.name).where(col(Area.code).in_(codes))).all())
    above = [(code, names[code]) for code in codes[:-1] if _over(session, reader, codes[: codes.index(code) + 1])]
    return Table(place.code, place.name, above, whole, areas, leaders)


def _place(session: Session, reader: Actor, area: str | None) -> Area:
    found = _highest(session, reader) if area is None else session.get(Area, area) if "\x00" not in area else None
    if found is None or not _over(session, reader, found.path.split("/")):
        raise NotFound(what="area", code=area or "-")
    return found


def _over(session: Session, reader: Actor, path: Sequence[str]) -> bool:
    """Whether the boards of the reader show this place."""
    scope = scope_of(reader, city=the_city(session).code, right=Right.SEE_BOARDS)
    return scope is None or bool(scope.areas & set(path))


def _highest(session: Session, reader: Actor) -> Area | None:
    city = the_city(session).code
    scope = scope_of(reader, city=city, right=Right.SEE_BOARDS)
    codes = [city] if scope is None else sorted(scope.areas | territories_of(reader))
    query = select(Area).where(col(Area.code).in_(codes)).order_by(col(Area.level), col(Area.code))
    return session.exec(query).first()


_COUNTS = """
count(*) FILTER (WHERE d.done_at IS NOT NULL AND d.ends > :since) AS done,
count(*) FILTER (WHERE d.missed_at IS NOT NULL AND d.ends > :since) AS missed,
count(*) FILTER (WHERE d.done_at IS NULL AND d.missed_at IS NULL) AS running,
count(*) FILTER (WHERE d.missed_at IS NOT NULL AND d.ends <= :since) AS missed_before
"""
_OF_PLACE = "d.ends > :before AND (d.area_path = :path OR d.area_path LIKE :below)"
_WORST = "missed DESC, done, 1"
_WHOLE = f"SELECT '' AS code, '' AS name, '' AS title, {_COUNTS}, false AS below FROM patrol_duty d WHERE {_OF_PLACE}"
_BY_AREA = f"""
SELECT a.code, a.name, '' AS title, {_COUNTS}, bool_or(d.area_path <> a.path) AS below
  FROM patrol_duty d JOIN area a ON a.code = split_part(d.area_path, '/', :depth)
 WHERE {_OF_PLACE} GROUP BY a.code, a.name ORDER BY {_WORST}
"""
_BY_LEADER = f"""
SELECT d.person_code AS code, p.name, max(o.title) AS title, {_COUNTS}, false AS below
  FROM patrol_duty d JOIN person p ON p.code = d.person_code JOIN post o ON o.code = d.post_code
 WHERE {_OF_PLACE} GROUP BY d.person_code, p.name ORDER BY {_WORST} LIMIT :most
"""


def _row(row: Row[Any]) -> Standing:
    return Standing(**{str(name): value for name, value in row._mapping.items()})
