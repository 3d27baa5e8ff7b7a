"""The figures of a bulletin and the rows behind them, counted once: what is summed up is what is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.seal import plain
from services.figure_rows import COUNTS, ROWS
from services.figures import SUMS, UnitFigures, period_below, with_names

RATES = ("rectification_rate", "on_time_rate", "rework_rate", "overdue_open_rate", "extension_rate", "return_rate")
_NAMES = ", ".join(COUNTS)
_DROP = "DROP TABLE IF EXISTS pg_temp.bulletin_counted"
_MAKE = (
    "CREATE TEMPORARY TABLE bulletin_counted (issue_id bigint, unit text,"
    f" {', '.join(f'{name} int' for name in COUNTS)}) ON COMMIT DROP"
)
_COUNT = (
    f"INSERT INTO pg_temp.bulletin_counted (issue_id, unit, {_NAMES}) SELECT issue_id, unit, {_NAMES} FROM ({ROWS}) r"
)
_KEEP = f"""
INSERT INTO bulletin_row (publication_id, number, unit_code, area_path, place, state, due_at, closed_at, {_NAMES})
SELECT :key, i.number, c.unit, i.area_path, coalesce(p.name, nullif(i.address, ''), left(i.description, 20)), i.state,
       i.due_at, i.closed_at, {", ".join(f"c.{name}" for name in COUNTS)}
  FROM pg_temp.bulletin_counted c JOIN issue i ON i.id = c.issue_id LEFT JOIN point p ON p.code = i.point_code
 ORDER BY c.unit, i.id
"""
_BY_AREA = f"""
SELECT a.code, a.name, {", ".join(f"sum(c.{name}) AS {name}" for name in COUNTS)}
  FROM pg_temp.bulletin_counted c JOIN issue i ON i.id = c.issue_id
  JOIN area a ON a.code = split_part(i.area_path, '/', CAST(:level AS int))
 GROUP BY a.code, a.name ORDER BY a.code
"""


def count(session: Session, *, start: datetime, end: datetime, area_path: str) -> list[UnitFigures]:
    """Count the period once, into a table of this transaction alone; the figures of each unit, by code."""
    bound = period_below(start, end, area_path)
    session.connection().execute(text(_DROP))
    session.connection().execute(text(_MAKE))
    session.connection().execute(text(_COUNT), bound)
    sums = session.connection().execute(text(f"SELECT unit, {SUMS} FROM pg_temp.bulletin_counted GROUP BY unit"))
    return with_names(session, sums.mappings().all(), bound)


def keep_rows(session: Session, publication_id: int) -> None:
    """Keep what was counted last as the rows of a draft, in place of those that it has."""
    session.connection().execute(text("DELETE FROM bulletin_row WHERE publication_id = :key"), {"key": publication_id})
    session.connection().execute(text(_KEEP), {"key": publication_id})
    session.connection().execute(text(_DROP))


def by_area(session: Session, *, level: int) -> Sequence[Mapping[str, Any]]:
    """What was counted last, by the areas of a level (1 = city)."""
    rows = session.connection().execute(text(_BY_AREA), {"level": level}).mappings()
    return [{name: row[name] if name in ("code", "name") else int(row[name]) for name in row} for row in rows]


def written(figures: UnitFigures) -> dict[str, Any]:
    """Counts and rates as a document keeps them; a rate is text of a fraction with four digits, or None."""
    rates = {name: getattr(figures, name) for name in RATES}
    shown = {name: None if rate is None else f"{rate:.4f}" for name, rate in rates.items()}
    document: dict[str, Any] = plain({**asdict(figures), "to_close": figures.to_close, **shown})
    return document
