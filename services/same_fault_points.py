"""Where the same fault may stand elsewhere: the other points of a standard, and when each was last looked at for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import text
from sqlmodel import Session

from services.people import city_day


class Among(StrEnum):
    """Which points: those that the issue's unit answers for, or all in an area."""

    UNIT = "unit"
    AREA = "area"


@dataclass(frozen=True)
class Elsewhere:
    """One point. `unit` answers for it today; `last_seen`: when somebody last looked at it for this standard (None:
    never that we know of); `known`: the number of an open issue about the same there, so that nobody need go."""

    code: str
    name: str
    area: str
    unit: str
    last_seen: datetime | None
    known: str | None


UNIT_OF_POINT = """
coalesce((SELECT t.unit_code FROM task t WHERE t.year = :year AND t.point_code = p.code
           AND t.category_code = p.category_code LIMIT 1),
         (SELECT t.unit_code FROM task t WHERE t.year = :year AND t.point_code IS NULL
           AND t.category_code = p.category_code LIMIT 1), p.lead_unit)
"""
"""Who answers for a point, as the assignment finds it: by the decomposition table of the year, else by the point."""
_POINTS = f"""
WITH there AS (
  SELECT p.code, p.name, a.name AS area, a.path, {UNIT_OF_POINT} AS unit
    FROM point p JOIN area a ON a.code = p.area_code
   WHERE p.category_code = :category AND NOT p.closed AND p.code IS DISTINCT FROM :own
     AND (CAST(:area AS text) IS NULL OR a.path = :area OR starts_with(a.path, :area || '/')))
SELECT t.code, t.name, t.area, t.unit, greatest(seen.at, found.at) AS last_seen, known.number AS known
  FROM there t
  LEFT JOIN (SELECT s.point_code, max(o.observed_at) AS at FROM sheet s JOIN observation o ON o.sheet_id = s.id
              WHERE o.standard_code = :standard AND o.result <> 'not_applicable'
                AND s.point_code IN (SELECT code FROM there) GROUP BY 1) seen ON seen.point_code = t.code
  LEFT JOIN (SELECT point_code, max(found_at) AS at FROM issue WHERE standard_code = :standard
                AND point_code IN (SELECT code FROM there) GROUP BY 1) found ON found.point_code = t.code
  LEFT JOIN LATERAL (SELECT number FROM issue i WHERE i.point_code = t.code AND i.standard_code = :standard
                AND i.state NOT IN ('closed', 'void') ORDER BY i.id DESC LIMIT 1) known ON true
 WHERE CAST(:unit AS text) IS NULL OR t.unit = :unit
 ORDER BY last_seen NULLS FIRST, t.path, t.code
"""


def elsewhere(
    session: Session,
    *,
    category: str,
    standard: str,
    own: str | None,
    unit: str | None = None,
    area_path: str | None = None,
    now: datetime,
) -> list[Elsewhere]:
    """The other open points of a category, of one unit or in one area, those never or longest not looked at first."""
    given = {
        "category": category,
        "standard": standard,
        "own": own,
        "unit": unit,
        "area": area_path,
        "year": city_day(session, now).year,
    }
    return [Elsewhere(*row) for row in session.connection().execute(text(_POINTS), given)]


def units_of_points(session: Session, points: Sequence[str], *, now: datetime) -> Mapping[str, str]:
    """Which unit answers for each of these points today."""
    query = text(f"SELECT p.code, {UNIT_OF_POINT} FROM point p WHERE p.code = ANY(:points)")
    given = {"points": list(points), "year": city_day(session, now).year}
    return dict(session.connection().execute(query, given).tuples().all())
