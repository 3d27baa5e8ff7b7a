"""Who is what to an issue, said again: posts become roles, and who is independent. Source: domain 5, promise 7."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

ROLES = {
    "handler": "handler",
    "direct_leader": "unit_leader",
    "deputy_leader": "unit_leader",
    "principal_leader": "unit_leader",
    "building_chief": "inspector",
    "grid_chief": "inspector",
    "area_chief": "inspector",
    "street_chief": "inspector",
    "office": "dispatcher supervisor",
    "inspector": "inspector",
    "verifier": "verifier",
    "headquarters": "leader supervisor",
    "performance_office": "leader",
    "duty_officer": "supervisor",
    "administrator": "administrator",
    "sponsor_leader": "leader",
}
LENGTHS = {4: 1, 6: 2, 9: 3, 12: 4, 15: 5}  # digits of an area's code → its level


@dataclass
class People:
    """Who holds which post, `owner:kind`, from and to which day, and who fills in for whom."""

    tenures: list[tuple[str, str, dt.date, dt.date]] = field(default_factory=list)
    deputies: list[tuple[str, str, dt.date, dt.date]] = field(default_factory=list)

    def appoint(self, post: str, person: str, day: dt.date) -> None:
        self.tenures.append((post, person, day, dt.date.max))

    def dismiss(self, post: str, person: str, last: dt.date) -> None:
        ended = [t for t in self.tenures if t[:2] == (post, person) and t[3] == dt.date.max]
        self.tenures = [t for t in self.tenures if t not in ended] + [(*t[:3], last) for t in ended]

    def posts(self, person: str, day: dt.date) -> list[tuple[str, str]]:
        """Owner and kind of every post, held or filled in for."""
        stands_for = {
            person,
            *(who for who, deputy, first, last in self.deputies if deputy == person and first <= day <= last),
        }
        held = (post for post, who, first, last in self.tenures if who in stands_for and first <= day <= last)
        return [tuple(post.split(":")) for post in held]

    def covering(self, person: str, thing, day: dt.date) -> Iterator[tuple[str, str]]:
        for owner, kind in self.posts(person, day):
            if owner in (thing.unit, thing.point) or owner in thing.path.split("/"):
                yield owner, kind

    def roles(self, person: str, thing, day: dt.date) -> set[str]:
        roles = {role for _, kind in self.covering(person, thing, day) for role in ROLES[kind].split()}
        if any(owner in thing.assisting for owner, _ in self.posts(person, day)):
            roles.add("assistant")
        return roles | ({"reporter"} if person == thing.found_by else set())

    def level(self, person: str, thing, day: dt.date, wanted: str) -> int:
        """The highest level (1 = city) at which somebody has one of the wanted roles over the issue's place."""
        there = ((owner, ROLES[kind].split()) for owner, kind in self.covering(person, thing, day))
        return min((LENGTHS[len(o)] for o, roles in there if o.isdigit() and {*roles} & {*wanted.split()}), default=9)

    def is_independent(self, person: str, thing, day: dt.date) -> bool:
        if person in {thing.handler, thing.submitted_by, *thing.workers}:
            return False
        owners = {owner for owner, _ in self.posts(person, day)}
        belongs = owners | {f"T{owner}" for owner in owners} | {f"T{o[:12]}" for o in owners if o.isdigit()}
        return not belongs & {thing.unit, *thing.assisting}
