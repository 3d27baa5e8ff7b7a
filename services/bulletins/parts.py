"""What stands in a bulletin beside the figures of units: days, categories, what is overdue, hotspots, sponsored points.

Everything is plain text and numbers, as it is when it is counted: a bulletin never looks anything up again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session

from models.area import Area
from services import trends
from services.bulletins.periods import Period
from services.hotspots import Gathers, hotspots
from services.lagging import as_line, laggards
from services.people import city_day
from services.rulebook import the_city

CATEGORIES, HOT, SPONSORED = 10, 8, 60
"""Lines of each table."""
HOTTEST = (Gathers.POINT, Gathers.FAULT, Gathers.STREET)
Line = dict[str, Any]


def days(session: Session, period: Period, area: Area) -> list[Line]:
    """Found and closed on each day."""
    first, last = period
    several = trends.trend(session, first=first, last=last, area=area.code)
    return [{"day": one.day.isoformat(), "found": one.found, "closed": one.closed} for one in several]


def categories(session: Session, bound: Mapping[str, Any]) -> list[Line]:
    """What was found most in the period."""
    rows = session.connection().execute(text(_CATEGORIES), {**bound, "most": CATEGORIES}).mappings()
    return [dict(row) for row in rows]


def worst(session: Session, area: Area, *, now: datetime) -> tuple[int, list[Line]]:
    """How many are overdue there now, and the worst of them with what they are about."""
    behind = laggards(session, now=now).get(area.code)
    zone = ZoneInfo(the_city(session).timezone)
    lines = [{**as_line(one), "due": _local(one.due, zone)} for one in behind.worst] if behind else []
    numbers = [line["number"] for line in lines]
    about = session.connection().execute(text(_ABOUT), {"numbers": numbers})
    said = dict(about.tuples().all())
    return behind.count if behind else 0, [{**line, "about": said.get(line["number"], "")} for line in lines]


def _local(at: datetime, zone: ZoneInfo) -> str:
    """City time, to the minute."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def hot(session: Session, area: Area, *, now: datetime) -> list[Line]:
    """Where issues gather, by the city's policy. Raises nothing for an area that is there."""
    found = hotspots(session, now=now, area=area.code)
    return [{**vars(one), "kind": one.kind.value} for kind in HOTTEST for one in found.get(kind, ())[:HOT]]


def sponsored(session: Session, bound: Mapping[str, Any], *, now: datetime) -> Sequence[Line]:
    """The points that leaders sponsor: by whom, found and closed in the period, open and overdue now."""
    given = {**bound, "now": now, "today": city_day(session, now), "most": SPONSORED}
    return [dict(row) for row in session.connection().execute(text(_SPONSORED), given).mappings()]


_HERE = "starts_with(i.area_path || '/', :below)"
_CATEGORIES = f"""
SELECT coalesce(c.code, '') AS code, coalesce(c.name, '') AS name, coalesce(c.name_en, '') AS name_en,
       CAST(count(*) AS int) AS found
  FROM issue i LEFT JOIN point p ON p.code = i.point_code
  LEFT JOIN category c ON c.code = coalesce(i.category_code, p.category_code)
 WHERE i.found_at >= :start AND i.found_at < :end AND i.state <> 'void' AND {_HERE}
 GROUP BY c.code, c.name, c.name_en ORDER BY found DESC, c.code LIMIT :most
"""
_ABOUT = "SELECT number, left(description, 60) FROM issue WHERE number = ANY(:numbers)"
_SPONSORED = """
SELECT p.code, p.name, coalesce(string_agg(DISTINCT person.name, '、'), '') AS sponsor,
       i.found, i.closed, i.open, i.overdue
  FROM post JOIN point p ON p.code = post.owner_code JOIN area a ON a.code = p.area_code
  LEFT JOIN tenure t ON t.post_code = post.code AND t.valid_from <= :today
                    AND (t.valid_to IS NULL OR t.valid_to >= :today)
  LEFT JOIN person ON person.code = t.person_code
  CROSS JOIN LATERAL (
    SELECT CAST(count(*) FILTER (WHERE i.found_at >= :start AND i.found_at < :end) AS int) AS found,
           CAST(count(*) FILTER (WHERE i.closed_at >= :start AND i.closed_at < :end) AS int) AS closed,
           CAST(count(*) FILTER (WHERE i.state <> 'closed') AS int) AS open,
           CAST(count(*) FILTER (WHERE i.state IN ('assigned', 'rectifying') AND i.due_at <= :now) AS int) AS overdue
      FROM issue i WHERE i.point_code = p.code AND i.state <> 'void') i
 WHERE post.kind = 'sponsor_leader' AND post.owner_kind = 'point' AND starts_with(a.path || '/', :below)
 GROUP BY p.code, p.name, i.found, i.closed, i.open, i.overdue
 ORDER BY i.overdue DESC, i.open DESC, p.code LIMIT :most
"""
