"""The players of a demo city: one person for each role, to be logged in as by one tap. Refused anywhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from models.errors import NotFound, Refused
from models.lifecycle import Role
from models.unit import PostKind
from services.people import city_day
from services.rulebook import the_city


@dataclass(frozen=True)
class Player:
    """Somebody who stands for a role. `key` is part of an address; `title` is the post's."""

    key: str
    role: Role
    person: str
    name: str
    title: str


Part = tuple[Role, tuple[PostKind, ...], str]
# The role, the kinds of posts that show it best (the first that somebody holds), and whose posts.
PARTS: Mapping[str, Part] = {
    "handler": (Role.HANDLER, (PostKind.HANDLER,), "unit"),
    "unit_leader": (Role.UNIT_LEADER, (PostKind.PRINCIPAL_LEADER, PostKind.DEPUTY_LEADER), "unit"),
    "dispatcher": (Role.DISPATCHER, (PostKind.OFFICE,), "city"),
    "inspector": (Role.INSPECTOR, (PostKind.INSPECTOR,), "city"),
    "verifier": (Role.VERIFIER, (PostKind.VERIFIER,), "city"),
    "supervisor": (Role.SUPERVISOR, (PostKind.DUTY_OFFICER,), "city"),
    "leader": (Role.LEADER, (PostKind.HEADQUARTERS, PostKind.PERFORMANCE_OFFICE), "city"),
    "administrator": (Role.ADMINISTRATOR, (PostKind.ADMINISTRATOR,), "city"),
}
# The unit with the most to do shows most.
_BUSY = text(
    "SELECT lead_unit FROM issue WHERE state IN ('assigned', 'rectifying') AND EXISTS (SELECT 1 FROM post p"
    "  JOIN tenure t ON t.post_code = p.code AND t.valid_from <= :today"
    "   AND (t.valid_to IS NULL OR t.valid_to >= :today)"
    "  WHERE p.owner_code = lead_unit AND p.kind = 'handler')"
    " GROUP BY lead_unit ORDER BY count(*) DESC, lead_unit LIMIT 1"
)
_HOLDERS = text(
    "SELECT DISTINCT ON (whose, o.kind) CASE WHEN o.owner_code = :city THEN 'city' ELSE 'unit' END AS whose,"
    "  o.kind, o.title, p.code, p.name FROM post o"
    " JOIN tenure t ON t.post_code = o.code AND t.valid_from <= :today AND (t.valid_to IS NULL OR t.valid_to >= :today)"
    " JOIN person p ON p.code = t.person_code"
    " WHERE o.owner_code = :city OR o.owner_kind = 'unit' AND o.kind = ANY(:kinds)"
    " ORDER BY whose, o.kind, (o.owner_code = :busy) DESC, o.owner_code, t.id"
)


class NotADemo(Refused):
    """Anybody could be anybody."""

    code = "not_a_demo"
    template = "Going in by one tap is for a demo city only; {city} is not one."


def players(session: Session, *, now: datetime) -> list[Player]:
    """One for each role that somebody holds today, in the order of the table; nobody where the city is no demo."""
    city = the_city(session)
    if not city.demo:
        return []
    today = city_day(session, now)
    busy = session.connection().execute(_BUSY, {"today": today}).scalar() or ""
    kinds = sorted({kind.value for _, given, whose in PARTS.values() for kind in given if whose == "unit"})
    given = {"today": today, "city": city.code, "busy": busy, "kinds": kinds}
    held = {(whose, kind): rest for whose, kind, *rest in session.connection().execute(_HOLDERS, given)}
    return [Player(key, *one) for key, part in PARTS.items() if (one := _plays(part, held))]


def player(session: Session, key: str, *, now: datetime) -> Player:
    """Raises NotADemo where the city is none, NotFound for a role that nobody plays."""
    city = the_city(session)
    if not city.demo:
        raise NotADemo(city=city.name)
    found = next((one for one in players(session, now=now) if one.key == key), None)
    if found is None:
        raise NotFound(what="person", code=key)
    return found


def _plays(part: Part, held: Mapping[tuple[str, str], list[str]]) -> tuple[Role, str, str, str] | None:
    role, kinds, whose = part
    for kind in kinds:
        if (whose, kind.value) in held:
            title, person, name = held[whose, kind.value]
            return role, person, name, title
    return None
