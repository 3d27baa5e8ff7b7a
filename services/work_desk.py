"""Whose work it is: the posts somebody holds today, turned into the units, places and points that they answer for.

A unit's daily work is its handler's; its leaders' while the posts below theirs are vacant, as messages go up too.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, text
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.area import Area
from models.issue import Issue
from models.lifecycle import State
from models.rights import Actor, HeldPost, units_of
from models.routing import UNIT_CHAIN
from models.rules import Rules
from models.unit import UNIT_POSTS, OwnerKind, PostKind
from services import people, rulebook
from services.filters import below, is_open

CITY = 1


@dataclass(frozen=True)
class Desk:
    """Somebody's place in the city. `paths`: of the areas they hold posts of; `units`: whose daily work is theirs."""

    actor: Actor
    now: datetime
    rules: Rules
    units: frozenset[str]
    paths: Mapping[str, str]

    def posts(self, *kinds: PostKind) -> Iterable[HeldPost]:
        """The posts of an area that they hold, of these kinds, each once."""
        held = dict.fromkeys(post for post in self.actor.all_posts if post.owner_kind is OwnerKind.AREA)
        return (post for post in held if post.kind in kinds and post.owner_code in self.paths)

    def within(self, post: HeldPost) -> Iterable[ColumnElement[bool]]:
        """What lies in the area of a post; everything where that is the city, so that other indexes can serve."""
        if post.level > CITY:
            yield below(self.paths[post.owner_code], col(Issue.area_path))
            yield is_open()

    def of_unit(self, unit: str, *states: State) -> ColumnElement[bool]:
        """What a unit leads in these states, by the index that knows both: it costs the keys of the unit's history.

        Left to itself the database takes an index in the order of the deadline, and reads all that was ever closed.
        """
        other = aliased(Issue)
        keys = select(col(other.id)).where(col(other.lead_unit) == unit, col(other.state).in_(states), is_open(other))
        return col(Issue.id).in_(select(keys.cte().prefix_with("MATERIALIZED").c.id))

    @property
    def belongs_to(self) -> list[str]:
        """The units whose work they may not verify."""
        return sorted(units_of(self.actor))


def desk_of(session: Session, actor: Actor, *, now: datetime) -> Desk:
    """The place of somebody today. Raises NotFound before a city is loaded."""
    areas = {post.owner_code for post in actor.all_posts if post.owner_kind is OwnerKind.AREA}
    rows = session.exec(select(col(Area.code), col(Area.path)).where(col(Area.code).in_(areas))).all()
    city = rulebook.the_city(session)
    known = {"today": people.city_day(session, now)}
    return Desk(
        actor=actor,
        now=now,
        rules=rulebook.rules(session, city.rule_set_code or ""),
        units=_daily_work(session, actor, known),
        paths=dict(rows),
    )


def _daily_work(session: Session, actor: Actor, known: Mapping[str, object]) -> frozenset[str]:
    """The units of which they hold the lowest post that is not vacant."""
    own: dict[str, set[PostKind]] = {}
    for post in actor.all_posts:
        if post.owner_kind is OwnerKind.UNIT and post.kind in UNIT_POSTS:
            own.setdefault(post.owner_code, set()).add(post.kind)
    held = _held_of(session, list(own), known)
    return frozenset(unit for unit, kinds in own.items() if _lowest(held.get(unit, set()) | kinds) in kinds)


def _lowest(kinds: Collection[PostKind]) -> PostKind:
    return next(kind for kind in UNIT_CHAIN if kind in kinds)


def _held_of(session: Session, units: list[str], known: Mapping[str, object]) -> dict[str, set[PostKind]]:
    found: dict[str, set[PostKind]] = {}
    if units:
        rows = session.connection().execute(text(HELD_OF_UNITS), {**known, "units": units})
        for unit, kind in rows:
            found.setdefault(unit, set()).add(PostKind(kind))
    return found


TODAY = "t.valid_from <= :today AND (t.valid_to IS NULL OR t.valid_to >= :today)"
HELD_OF_UNITS = f"""
SELECT DISTINCT p.owner_code, p.kind FROM post p JOIN tenure t ON t.post_code = p.code
 WHERE p.owner_kind = 'unit' AND p.owner_code = ANY(:units) AND {TODAY}
   AND p.kind IN ('handler', 'direct_leader', 'deputy_leader', 'principal_leader')
"""
