"""Who is what to an issue. The one place where posts become roles; deny unless a line here says otherwise."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from models.issue import Issue
from models.lifecycle import Role
from models.unit import OwnerKind, PostKind

ROLES_OF: Mapping[PostKind, frozenset[Role]] = {
    PostKind.HANDLER: frozenset({Role.HANDLER}),
    PostKind.DIRECT_LEADER: frozenset({Role.UNIT_LEADER}),
    PostKind.DEPUTY_LEADER: frozenset({Role.UNIT_LEADER}),
    PostKind.PRINCIPAL_LEADER: frozenset({Role.UNIT_LEADER}),
    PostKind.BUILDING_CHIEF: frozenset({Role.INSPECTOR}),
    PostKind.GRID_CHIEF: frozenset({Role.INSPECTOR}),
    PostKind.AREA_CHIEF: frozenset({Role.INSPECTOR}),
    PostKind.STREET_CHIEF: frozenset({Role.INSPECTOR}),
    PostKind.OFFICE: frozenset({Role.DISPATCHER, Role.SUPERVISOR}),
    PostKind.INSPECTOR: frozenset({Role.INSPECTOR}),
    PostKind.VERIFIER: frozenset({Role.VERIFIER}),
    PostKind.HEADQUARTERS: frozenset({Role.LEADER, Role.SUPERVISOR}),
    PostKind.PERFORMANCE_OFFICE: frozenset({Role.LEADER}),
    PostKind.DUTY_OFFICER: frozenset({Role.SUPERVISOR}),
    PostKind.ADMINISTRATOR: frozenset({Role.ADMINISTRATOR}),
    PostKind.SPONSOR_LEADER: frozenset({Role.LEADER}),
}


COMMUNITY_DIGITS = 12
TERRITORIAL = re.compile(r"T\d{4,15}", re.ASCII)
LEADS = frozenset({PostKind.DIRECT_LEADER, PostKind.DEPUTY_LEADER, PostKind.PRINCIPAL_LEADER})


@dataclass(frozen=True)
class HeldPost:
    """A post that somebody holds today, or fills in for. `level` is the level of its area, 0 for other owners."""

    kind: PostKind
    owner_kind: OwnerKind
    owner_code: str
    level: int = 0


@dataclass(frozen=True)
class Actor:
    """Who acts. `code` is a person's, or `system`. `for_others` are posts filled in for as a deputy, with for whom."""

    code: str
    posts: tuple[HeldPost, ...] = ()
    for_others: tuple[tuple[HeldPost, str], ...] = ()

    @property
    def is_system(self) -> bool:
        return self.code == "system"

    @property
    def all_posts(self) -> tuple[HeldPost, ...]:
        return self.posts + tuple(post for post, _ in self.for_others)


SYSTEM = Actor("system")


def covers(post: HeldPost, issue: Issue) -> bool:
    """Whether the issue lies in the scope of the post: its unit leads it, its area holds it, its point has it."""
    if post.owner_kind is OwnerKind.UNIT:
        return issue.lead_unit == post.owner_code
    if post.owner_kind is OwnerKind.AREA:
        return post.owner_code in issue.area_path.split("/")
    return issue.point_code == post.owner_code


def roles_on(actor: Actor, issue: Issue) -> frozenset[Role]:
    """Every role of the actor on this issue."""
    if actor.is_system:
        return frozenset({Role.SYSTEM})
    roles: set[Role] = set()
    for post in actor.all_posts:
        if covers(post, issue):
            roles |= ROLES_OF[post.kind]
        elif post.owner_kind is OwnerKind.UNIT and post.owner_code in issue.assisting_units:
            roles.add(Role.ASSISTANT)
    if issue.found_by == actor.code:
        roles.add(Role.REPORTER)
    return frozenset(roles)


def roles_of_finder(actor: Actor) -> frozenset[Role]:
    """Whoever holds a post may report a problem anywhere; a stranger may not."""
    if actor.is_system:
        return frozenset({Role.SYSTEM})
    return frozenset({Role.REPORTER}) if actor.all_posts else frozenset()


def deciding_level(actor: Actor, issue: Issue, roles: frozenset[Role]) -> int:
    """The highest level (1 = city) at which the actor has one of these roles over the issue; 9 when at none."""
    posts = (post for post in actor.all_posts if post.level and covers(post, issue) and ROLES_OF[post.kind] & roles)
    return min((post.level for post in posts), default=9)


def acts_for(actor: Actor, issue: Issue, wanted: frozenset[Role]) -> str | None:
    """For whom the actor fills in, where only the substitute's posts give the right; None where their own do."""
    if actor.is_system or roles_on(Actor(actor.code, actor.posts), issue) & wanted:
        return None
    return next((of for post, of in actor.for_others if covers(post, issue) and ROLES_OF[post.kind] & wanted), None)


def units_of(actor: Actor) -> frozenset[str]:
    """The units somebody belongs to. Who holds a post of an area belongs to that area's own unit too.

    A residents' group has no unit: its chiefs belong to the community's, whose code is the first twelve digits.
    """
    own = {post.owner_code for post in actor.all_posts if post.owner_kind is OwnerKind.UNIT}
    areas = {post.owner_code for post in actor.all_posts if post.owner_kind is OwnerKind.AREA}
    return frozenset(own | {f"T{area}" for area in areas} | {f"T{area[:COMMUNITY_DIGITS]}" for area in areas})


def territories_of(actor: Actor) -> frozenset[str]:
    """The areas that somebody leads through the government of them (its unit's code is `T` and the area's).

    The ladder tells them of everything late there, whoever is to put it right (design 6): so they may see it.
    """
    leads = (post for post in actor.all_posts if post.owner_kind is OwnerKind.UNIT and post.kind in LEADS)
    return frozenset(post.owner_code[1:] for post in leads if TERRITORIAL.fullmatch(post.owner_code))


def is_independent(actor: Actor, issue: Issue, workers: frozenset[str] = frozenset()) -> bool:
    """Promise 7: not the handler, not whoever submitted, not the handler's unit or an assisting one.

    `workers` are all who signed in or handed in during this cycle, whatever posts they hold today.
    """
    units = {issue.lead_unit, *issue.assisting_units}
    return actor.code not in {issue.handler, issue.submitted_by, *workers} and not units_of(actor) & units
