"""Holes of a year's table: standards without a unit, points without a unit or a person. By class and by place.

A point has the unit of its own row, else that of the row of its whole class. A standard has a unit where the table has
a row for its class; who leads by the checklist is no row of the table, and is shown beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from services.filters import Scope
from services.tasks.scoping import WHERE_POINT, scoped
from services.tasks.table import IN_FORCE


class Gap(StrEnum):
    """What is missing. `PERSON_GONE`: the person named holds no post any more."""

    NO_UNIT = "no_unit"
    NO_PERSON = "no_person"
    PERSON_GONE = "person_gone"
    STANDARD = "standard"


@dataclass(frozen=True)
class Covered:
    """One class or place: what there is, and how much of it is missing. Standards are counted by class alone."""

    code: str
    name: str
    points: int = 0
    no_unit: int = 0
    no_person: int = 0
    person_gone: int = 0
    standards: int = 0
    standard: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return not any(getattr(self, gap.value) for gap in Gap)


@dataclass(frozen=True)
class Hole:
    """One point or standard of which something is missing. `unit`: the row's, else who would answer without one.

    `mark`: after which the next stretch of the list goes on.
    """

    mark: str
    code: str
    name: str
    category: str
    place: str
    unit: str
    person: str


@dataclass(frozen=True)
class Coverage:
    """The whole, and its parts. Nothing missing in the whole: the table is complete."""

    all: Covered
    classes: Sequence[Covered]
    places: Sequence[Covered]


def coverage(
    session: Session, *, year: int, today: date, lang: str, area: str = "", scope: Scope | None = None
) -> Coverage:
    """The holes of a year, of one area where one is named. Raises NotFound for an unknown area."""
    given = _given(session, year, today, scope, area)
    depth = given["within"].count("/") + 1 if area else 2
    points = {"english": lang == "en", "depth": depth, **given}
    classes = [Covered(**row) for row in _rows(session, _BY_CLASS, points)]
    places = [Covered(**row) for row in _rows(session, _BY_PLACE, points)]
    names = ("points", "no_unit", "no_person", "person_gone", "standards", "standard")
    whole = Covered("", "", **{name: sum(getattr(one, name) for one in classes) for name in names})
    return Coverage(whole, classes, places)


def holes(
    session: Session,
    gap: Gap,
    *,
    year: int,
    today: date,
    lang: str,
    category: str = "",
    area: str = "",
    after: str = "",
    limit: int | None = 50,
    scope: Scope | None = None,
) -> list[Hole]:
    """What is missing, by code, after one. Raises NotFound for an unknown area."""
    given = {
        **_given(session, year, today, scope, area),
        "english": lang == "en",
        "category": category,
        "after": after,
        "limit": limit,
    }
    statement = _STANDARDS if gap is Gap.STANDARD else text(_POINTS.format(gap=_MISSING[gap]))
    return [Hole(**row) for row in _rows(session, statement, given)]


def _given(session: Session, year: int, today: date, scope: Scope | None, area: str) -> dict[str, Any]:
    return {**scoped(session, scope, area=area), "year": year, "day": today}


def _rows(session: Session, statement: Any, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in session.connection().execute(statement, given).mappings()]


_MISSING = {
    Gap.NO_UNIT: "NOT has_row",
    Gap.NO_PERSON: "has_row AND person_code IS NULL",
    Gap.PERSON_GONE: "person_code IS NOT NULL AND NOT in_office",
}
_EACH = f"""
rows AS MATERIALIZED (SELECT category_code, point_code, unit_code, person_code FROM task WHERE year = :year),
own AS MATERIALIZED (
  SELECT DISTINCT ON (p.code) p.code, rows.unit_code, rows.person_code
    FROM rows JOIN point p ON p.code = rows.point_code ORDER BY p.code, rows.category_code <> p.category_code),
office AS MATERIALIZED (
  SELECT DISTINCT person_code FROM tenure WHERE valid_from <= :day AND (valid_to IS NULL OR valid_to >= :day)),
each AS (
  SELECT p.code, p.name, p.category_code, a.path, a.code AS area_code,
         coalesce(own.unit_code, whole.unit_code) IS NOT NULL AS has_row,
         coalesce(own.unit_code, whole.unit_code, p.lead_unit) AS unit, named.person_code,
         named.person_code IS NULL OR office.person_code IS NOT NULL AS in_office
    FROM point p JOIN area a ON a.code = p.area_code
    LEFT JOIN own ON own.code = p.code
    LEFT JOIN rows whole ON whole.category_code = p.category_code AND whole.point_code IS NULL
    CROSS JOIN LATERAL (
      SELECT CASE WHEN own.code IS NULL THEN whole.person_code ELSE own.person_code END AS person_code) named
    LEFT JOIN office ON office.person_code = named.person_code
   WHERE NOT p.closed),
seen AS (SELECT a.* FROM each a WHERE {WHERE_POINT})
"""
_COUNTS = ", ".join(f"count(*) FILTER (WHERE {sql})::int AS {gap.value}" for gap, sql in _MISSING.items())
_NAME = "CASE WHEN :english AND c.name_en <> '' THEN c.name_en ELSE c.name END"
_HELD = f"""
held AS (
  SELECT s.category_code, count(*)::int AS standards,
         count(*) FILTER (WHERE NOT EXISTS (
           SELECT FROM task t WHERE t.year = :year AND t.category_code = s.category_code))::int AS standard
    FROM standard s WHERE s.version_code IN ({IN_FORCE}) GROUP BY 1)
"""
_BY_CLASS = text(f"""
WITH {_EACH}, {_HELD},
counted AS (SELECT category_code, count(*)::int AS points, {_COUNTS} FROM seen GROUP BY 1)
SELECT c.code, {_NAME} AS name, coalesce(points, 0) AS points, coalesce(no_unit, 0) AS no_unit,
       coalesce(no_person, 0) AS no_person, coalesce(person_gone, 0) AS person_gone,
       CASE WHEN :within = '%' THEN coalesce(standards, 0) ELSE 0 END AS standards,
       CASE WHEN :within = '%' THEN coalesce(standard, 0) ELSE 0 END AS standard
  FROM category c LEFT JOIN counted ON counted.category_code = c.code LEFT JOIN held ON held.category_code = c.code
 WHERE counted.points IS NOT NULL OR (:every AND :within = '%' AND held.standards IS NOT NULL) ORDER BY c.code
""")
_BY_PLACE = text(f"""
WITH {_EACH},
counted AS (
  SELECT coalesce(nullif(split_part(path, '/', :depth), ''), area_code) AS code, count(*)::int AS points, {_COUNTS}
    FROM seen GROUP BY 1)
SELECT counted.code, a.name, points, no_unit, no_person, person_gone FROM counted JOIN area a ON a.code = counted.code
 ORDER BY counted.code
""")
_POINTS = f"""
WITH {_EACH}
SELECT s.code AS mark, s.code, s.name, {_NAME} AS category, place.name AS place, coalesce(u.name, s.unit) AS unit,
       coalesce(w.name, '') AS person
  FROM seen s JOIN category c ON c.code = s.category_code JOIN area place ON place.code = s.area_code
  LEFT JOIN unit u ON u.code = s.unit LEFT JOIN person w ON w.code = s.person_code
 WHERE {{gap}} AND (:category = '' OR s.category_code = :category) AND s.code > :after
 ORDER BY s.code LIMIT :limit
"""
_STANDARDS = text(f"""
SELECT s.code || ' ' || s.version_code AS mark, s.code,
       CASE WHEN :english AND s.text_en <> '' THEN s.text_en ELSE s.text END AS name, {_NAME} AS category,
       '' AS place, coalesce(u.name, s.lead) AS unit, '' AS person
  FROM standard s JOIN category c ON c.code = s.category_code LEFT JOIN unit u ON u.code = s.lead
 WHERE s.version_code IN ({IN_FORCE}) AND :every AND (:category = '' OR s.category_code = :category)
   AND NOT EXISTS (SELECT FROM task t WHERE t.year = :year AND t.category_code = s.category_code)
   AND :within = '%' AND s.code || ' ' || s.version_code > :after
 ORDER BY s.code || ' ' || s.version_code LIMIT :limit
""")
