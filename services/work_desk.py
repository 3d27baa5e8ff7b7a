"""Whose work it is: the posts somebody holds today, turned into the units, places and points that they answer for.

A unit's daily work is its handler's; its leaders' while the posts below theirs are vacant, as messages go up too.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, or_, text
from sqlmodel import Session, col, select

from models.area import Area
from models.issue import Issue
from models.lifecycle import State
from models.rights import Actor, HeldPost, units_of
from models.routing import UNIT_CHAIN
from models.rule import RuleSet
from models.rules import Rules
from models.unit import UNIT_POSTS, OwnerKind, PostKind
from services import people, rulebook
from services.filters import below, is_open, state_is

CITY = 1
Branch = list[ColumnElement[bool]]
T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Desk:
    """Somebody's place in the city. `paths`: of the areas they hold posts of; `units`: whose daily work is theirs.

    `rules`: of today; `rule_sets`: these and all before, since issues keep theirs (promise 6).
    """

    actor: Actor
    now: datetime
    rules: Rules
    rule_sets: Sequence[Rules]
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

    def of_unit(self, unit: str, *states: State) -> Branch:
        """What a unit leads in these states, by the index that knows both and the deadline."""
        return [col(Issue.lead_unit) == unit, state_is(*states), is_open()]

    def by_rules(self, read: Callable[[Rules], T]) -> Iterator[tuple[T, list[ColumnElement[bool]]]]:
        """What is read from the rules, with the issues that it holds for; no condition where all rules say the same.

        An issue without rules of its own, since nobody has been given it yet, goes by those of today.
        """
        found: dict[T, list[str]] = {}
        for rules in self.rule_sets:
            found.setdefault(read(rules), []).append(rules.code)
        for said, codes in found.items():
            own = col(Issue.rule_set_code).in_(codes)
            held = or_(own, col(Issue.rule_set_code).is_(None)) if self.rules.code in codes else own
            yield said, [held] if len(found) > 1 else []

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
    codes = session.exec(select(col(RuleSet.code)).order_by(col(RuleSet.code))).all()
    return Desk(
        actor=actor,
        now=now,
        rules=rulebook.rules(session, city.rule_set_code or ""),
        rule_sets=[rulebook.rules(session, code) for code in codes],
        units=daily_work(session, actor, known),
        paths=dict(rows),
    )


def daily_work(session: Session, actor: Actor, known: Mapping[str, object]) -> frozenset[str]:
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
