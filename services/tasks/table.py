"""The decomposition table as it stands: its rows with their names, and its years side by side."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from services.people import city_day

FIRST_YEAR, LAST_YEAR = 2000, 2100
IN_FORCE = (
    "SELECT DISTINCT ON (system_code) code FROM evaluation_version WHERE valid_from <= :day"
    " ORDER BY system_code, valid_from DESC, code DESC"
)
"""The edition of each evaluation system that holds on a day."""


@dataclass(frozen=True)
class TaskRow:
    """One row as a letter prints it. Without a point it holds for the whole category."""

    category_code: str
    category: str
    point_code: str
    point: str
    place: str
    address: str
    person_code: str
    person: str
    campaign: str

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same row in another edition."""
        return self.category_code, self.point_code


@dataclass(frozen=True)
class Year:
    """One year's table in numbers. `tasks` are its rows."""

    year: int
    tasks: int
    points: int
    classes: int
    units: int
    without_person: int


@dataclass(frozen=True)
class ClassOfYears:
    """One class in several years: rows and units by year."""

    code: str
    name: str
    tasks: Mapping[int, int]
    units: Mapping[int, int]


def this_year(session: Session, now: datetime) -> int:
    """The year in the city at this moment."""
    return city_day(session, now).year


def rows_of(session: Session, *, year: int, units: Sequence[str] | None = None) -> Mapping[str, list[TaskRow]]:
    """The rows of a year by unit, in the order of the table; of all units unless some are named."""
    found: dict[str, list[TaskRow]] = {}
    asked = {"year": year, "units": None if units is None else sorted(units)}
    for unit, *values in session.connection().execute(_ROWS, asked):
        row = TaskRow(*values)
        beyond = row.address.removeprefix(row.place).strip()  # many an address begins with the place that stands before
        found.setdefault(unit, []).append(replace(row, address=beyond))
    return found


def rows_hash(rows: Sequence[TaskRow]) -> str:
    """SHA-256 of the rows, in hexadecimal: a unit whose rows have the same one is told nothing new."""
    written = json.dumps([asdict(row) for row in rows], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def row_of(written: Mapping[str, Any]) -> TaskRow:
    """A row as a paper keeps it."""
    return TaskRow(**{name: written[name] for name in TaskRow.__dataclass_fields__})


def years(session: Session) -> list[Year]:
    """Every year that has a table, the newest first."""
    return [Year(*row) for row in session.connection().execute(_YEARS)]


def classes(session: Session, *, several: Sequence[int], lang: str) -> list[ClassOfYears]:
    """Every class with its rows and units in these years."""
    found: dict[str, tuple[str, dict[int, int], dict[int, int]]] = {}
    asked = {"years": list(several), "english": lang == "en"}
    for code, name, year, tasks, units in session.connection().execute(_CLASSES, asked):
        _name, by_tasks, by_units = found.setdefault(code, (name, {}, {}))
        by_tasks[year], by_units[year] = tasks, units
    return [ClassOfYears(code, *values) for code, values in found.items()]


_ROWS = text("""
SELECT t.unit_code, t.category_code, c.name, coalesce(t.point_code, ''), coalesce(p.name, ''),
       coalesce(above.names, ''), coalesce(p.address, ''), coalesce(t.person_code, ''), coalesce(who.name, ''),
       t.campaign
  FROM task t JOIN category c ON c.code = t.category_code
  LEFT JOIN point p ON p.code = t.point_code
  LEFT JOIN person who ON who.code = t.person_code
  LEFT JOIN area a ON a.code = p.area_code
  LEFT JOIN LATERAL (
    SELECT string_agg(one.name, '' ORDER BY one.level) AS names FROM area one
     WHERE one.code = ANY(string_to_array(a.path, '/')) AND one.level BETWEEN 2 AND 3) above ON a.code IS NOT NULL
 WHERE t.year = :year AND (CAST(:units AS text[]) IS NULL OR t.unit_code = ANY(:units))
   AND coalesce(p.closed, false) = false
 ORDER BY t.unit_code, t.category_code, t.point_code NULLS FIRST
""")
_YEARS = text("""
SELECT year, count(*)::int, count(DISTINCT point_code)::int, count(DISTINCT category_code)::int,
       count(DISTINCT unit_code)::int, count(*) FILTER (WHERE person_code IS NULL)::int
  FROM task GROUP BY year ORDER BY year DESC
""")
_CLASSES = text("""
SELECT t.category_code, CASE WHEN :english AND c.name_en <> '' THEN c.name_en ELSE c.name END, t.year, count(*)::int,
       count(DISTINCT t.unit_code)::int
  FROM task t JOIN category c ON c.code = t.category_code
 WHERE t.year = ANY(:years) GROUP BY 1, 2, 3 ORDER BY 1, 3
""")
