"""From an issue to the unit that answers for it, and from a rule's post to the post meant.

A reference in a rule names a post: `unit.direct_leader` (of the lead unit), `L3.street_chief` (of the ancestor area at
level 3), `L3.deputy_leader` (of that area's own unit), `point.sponsor_leader`. `issue.handler` is the handler's post of
the lead unit: a post is told, never a person, so that whoever holds it today hears (promise 6). Resolving needs no
look-up, since a post's code is `owner:kind`. Whether somebody holds it is found out when the message is sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from models.issue import Issue
from models.unit import UNIT_POSTS, PostKind


@dataclass(frozen=True)
class Route:
    """Who answers, and why."""

    unit: str
    why: str


def area_at(path: str, level: int) -> str | None:
    """The code of the ancestor at a level (1 = city) of an area path; None below the area itself."""
    parts = path.split("/")
    return parts[level - 1] if level <= len(parts) else None


def territorial_unit(path: str, level: int) -> str | None:
    """The unit of the ancestor area at a level. The city itself has no unit: its departments are its units."""
    area = area_at(path, level)
    return f"T{area}" if area and level > 1 else None


def post_for(reference: str, issue: Issue) -> str | None:
    """The code of the post that a rule's reference means for this issue; None where there is no such place."""
    owner, kind = reference.split(".")
    if owner == "unit" or owner == "issue":
        return f"{issue.lead_unit}:{kind}" if issue.lead_unit else None
    if owner == "point":
        return f"{issue.point_code}:{kind}" if issue.point_code else None
    level = int(owner[1:])
    place = (
        territorial_unit(issue.area_path, level) if PostKind(kind) in UNIT_POSTS else area_at(issue.area_path, level)
    )
    return f"{place}:{kind}" if place else None


def posts_for(references: Iterable[str], issue: Issue) -> list[str]:
    """The posts meant by several references, each once, in their order."""
    found = (post_for(reference, issue) for reference in references)
    return list(dict.fromkeys(post for post in found if post))


def routes(*, task_unit: str | None, point_unit: str | None, standard_lead: str | None, area_path: str) -> list[Route]:
    """Who may answer for a problem, best first: the decomposition table, the point, the standard, the street, the
    district.

    The street is the backstop (属地管理, 兜底). Source: domain 2 and 3.
    """
    ways = (
        (task_unit, "task"),
        (point_unit, "point"),
        (_lead(standard_lead, area_path) if standard_lead else None, "standard"),
        (territorial_unit(area_path, 3), "backstop"),
        (territorial_unit(area_path, 2), "backstop"),
    )
    return [Route(unit, why) for unit, why in ways if unit]


def _lead(lead: str, area_path: str) -> str | None:
    if lead.startswith("L") and lead.endswith(".unit"):
        return territorial_unit(area_path, int(lead[1]))
    return lead


UNIT_CHAIN = (PostKind.HANDLER, PostKind.DIRECT_LEADER, PostKind.DEPUTY_LEADER, PostKind.PRINCIPAL_LEADER)
AREA_CHAIN = ((5, PostKind.BUILDING_CHIEF), (5, PostKind.GRID_CHIEF), (4, PostKind.AREA_CHIEF))


def superiors(post_code: str, *, area_path: str, city: str) -> list[str]:
    """The posts above a post, nearest first, ending at the city's duty officer.

    A unit's posts go up its own leaders and then over the places above; the chiefs go up the tree; offices go to the
    next higher office. Used when a post is vacant or its holder cannot be reached (promise 4).
    """
    owner, kind_text = post_code.rsplit(":", 1)
    kind = PostKind(kind_text)
    above: list[str] = []
    level = 9
    if kind is PostKind.VERIFIER and owner in area_path.split("/"):
        higher = area_path.split("/")[: _level_of(owner, area_path) - 1]
        above += [f"{area}:{kind}" for area in reversed(higher)]
        level = _level_of(owner, area_path)
    elif kind in UNIT_CHAIN:
        above += [f"{owner}:{higher}" for higher in UNIT_CHAIN[UNIT_CHAIN.index(kind) + 1 :]]
        level = _level_of(owner[1:], area_path) if owner.startswith("T") else 4
    elif owner in area_path.split("/"):
        level = _level_of(owner, area_path)
        above += [f"{owner}:{PostKind.GRID_CHIEF}"] if kind is PostKind.BUILDING_CHIEF else []
    above += _chain_above(level, area_path)
    if kind is not PostKind.DUTY_OFFICER:
        above.append(f"{city}:{PostKind.DUTY_OFFICER}")
    return list(dict.fromkeys(code for code in above if code != post_code))


def _level_of(area: str, area_path: str) -> int:
    parts = area_path.split("/")
    return parts.index(area) + 1 if area in parts else 4


def _chain_above(level: int, area_path: str) -> list[str]:
    chain = [(4, PostKind.AREA_CHIEF), (3, PostKind.STREET_CHIEF), (2, PostKind.OFFICE), (1, PostKind.OFFICE)]
    places = [(area_at(area_path, at), kind) for at, kind in chain if at < level]
    return [f"{place}:{kind}" for place, kind in places if place]


def verifier_posts(issue: Issue) -> list[str]:
    """Whom to call for an independent check: one level above a territorial unit, the district for a department.

    Where that post is vacant the message goes up to the verifier above. Source: domain 2, collector and handler
    separate.
    """
    level = 2
    if issue.lead_unit and issue.lead_unit.startswith("T"):
        level = max(1, _level_of(issue.lead_unit[1:], issue.area_path) - 1)
    area = area_at(issue.area_path, level) or area_at(issue.area_path, 1)
    return [f"{area}:{PostKind.VERIFIER}"]
