"""Who plays in the demo: a point where every post of the ladder is held, up to the city."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from models.errors import NotFound

if TYPE_CHECKING:
    from sqlmodel import Session

    from models.issue import Issue, Source

A_MOMENT = timedelta(seconds=1)
HALF_PAST_NINE = 34_200
"""Seconds since midnight."""
MOST = 500

CANDIDATES = """
SELECT p.code AS point, p.lead_unit AS unit, g.code AS grp, g.path
  FROM point p
  JOIN post s ON s.owner_code = p.code AND s.kind = 'sponsor_leader'
  JOIN area g ON g.level = 5 AND (g.code = p.area_code OR g.parent_code = p.area_code)
 WHERE NOT p.closed ORDER BY p.code, g.code LIMIT :most
"""
HELD = """
SELECT DISTINCT ON (post_code) post_code, person_code FROM tenure
 WHERE valid_from <= :today AND (valid_to IS NULL OR valid_to >= :today) ORDER BY post_code, id
"""


@dataclass(frozen=True)
class Cast:
    """The place, and who acts there."""

    point: str
    group: str
    unit: str
    inspector: str
    office: str
    handler: str
    verifier: str


def covert() -> "Source":
    """How the demo's issue comes to light."""
    from models.issue import Source

    return Source.COVERT


def begin_at_half_past_nine(session: "Session", *, now: datetime) -> None:
    """Move the demo's clock to the next working day, 9:30: a story is easier to follow from a morning on."""
    from models.calendar import SECOND
    from runtime import clock
    from services import rulebook

    calendar = rulebook.calendar(session, rulebook.the_city(session).calendar_version or 0)
    day = calendar.workday_after(calendar.local(now).date(), count=1)
    start: datetime = calendar.moment(day, since_midnight=HALF_PAST_NINE * SECOND)
    clock.forward(session, start - now + A_MOMENT)


def choose(session: "Session", *, now: datetime) -> Cast:
    """The first place where nobody is missing. Raises NotFound in a pack that has none."""
    from sqlalchemy import text

    from services import people, rulebook

    city = rulebook.the_city(session)
    rules = rulebook.rules(session, city.rule_set_code or "")
    connection, today = session.connection(), people.city_day(session, now)
    held = dict(tuple(row) for row in connection.execute(text(HELD), {"today": today}))
    wanted = {one for step in rules.ladder for one in (*step.territorial, *step.departmental, *step.copied)}
    for row in connection.execute(text(CANDIDATES), {"most": MOST}).mappings():
        if all(post in held for post in _posts(wanted, row)):
            return _cast(row, held, city=city.code)
    raise NotFound(what="point", code="E0–E8")


def _posts(wanted: set[str], row: Mapping[Any, Any]) -> set[str]:
    """The posts of the ladder at this place; a group has a grid chief or a building chief, one is enough."""
    from models.routing import post_for

    place = SimpleNamespace(area_path=row["path"], lead_unit=row["unit"], point_code=row["point"], handler=None)
    posts = {post_for(one, cast("Issue", place)) for one in wanted - {"L5.building_chief", "issue.handler"}}
    return {post for post in posts if post}


def _cast(row: Mapping[Any, Any], held: Mapping[str, str], *, city: str) -> Cast:
    return Cast(
        point=row["point"],
        group=row["grp"],
        unit=row["unit"],
        inspector=held[f"{city}:inspector"],
        office=held[f"{city}:office"],
        handler=held[f"{row['unit']}:handler"],
        verifier=held[f"{city}:verifier"],
    )
