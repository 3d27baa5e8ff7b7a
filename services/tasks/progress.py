"""How far each class, unit and tag is: points and how many were inspected, issues open, overdue, closed and on time.

A point counts where the year's table puts it, an issue where it lies and with whom it is. Set-based: three statements,
however many issues there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, select

from models.audit import Round
from models.errors import NotFound
from models.lifecycle import RUNNING
from services.filters import Scope
from services.tasks.scoping import WHERE_ISSUE, WHERE_POINT, scoped
from services.tasks.settings import TaskSettings
from services.tasks.tagging import carried, of_standards


class By(StrEnum):
    """What the rows of a board are."""

    CLASS = "class"
    UNIT = "unit"
    TAG = "tag"


@dataclass(frozen=True)
class Asked:
    """Of which year; inspected and closed from `start` on and before `end`, or inspected in the round named.

    `tag`: only what carries it; `area`: only what lies there.
    """

    year: int
    start: datetime
    end: datetime
    area: str = ""
    tag: str = ""
    round: str = ""


@dataclass(frozen=True)
class Progress:
    """One row. `on_time` counts those of `closed` that were handed in by their deadline."""

    code: str
    name: str
    points: int = 0
    inspected: int = 0
    open: int = 0
    overdue: int = 0
    closed: int = 0
    on_time: int = 0


COUNTS = ("points", "inspected", "open", "overdue", "closed", "on_time")


def progress(
    session: Session,
    asked: Asked,
    *,
    by: By,
    settings: TaskSettings,
    now: datetime,
    lang: str,
    scope: Scope | None = None,
) -> list[Progress]:
    """The board, by code; tags in the order of their sets. Raises NotFound for an unknown area, tag, round."""
    if asked.tag and asked.tag not in settings.tags:
        raise NotFound(what="tag", code=asked.tag)
    given = {
        **scoped(session, scope, area=asked.area),
        "year": asked.year,
        "start": asked.start,
        "end": asked.end,
        "now": now,
        "round": _round(session, asked.round),
        "tag": asked.tag,
        "carried": carried(session, settings, year=asked.year),
        "standards": of_standards(settings),
    }
    tagged = by is By.TAG or bool(asked.tag)
    counted: dict[str, dict[str, int]] = {}
    listed = any(tag.standards for tag in settings.tags.values())
    for statement in (_points(by, tagged=tagged), _issues(by, tagged=tagged, standards=listed)):
        for row in session.connection().execute(text(statement), given).mappings():
            counts = {name: value for name, value in row.items() if name != "code"}
            counted.setdefault(row["code"] or "", {}).update(counts)
    names = _names(session, by, settings, lang=lang)
    order = [code for code in names if asked.tag in ("", code)] if by is By.TAG else sorted(counted)
    return [Progress(code, names.get(code, code), **counted.get(code, {})) for code in order]


def total(rows: list[Progress]) -> Progress:
    """The sum over the rows of a board by class or unit. Tags overlap: their sum says nothing."""
    return Progress("", "", **{name: sum(getattr(row, name) for row in rows) for name in COUNTS})


def _round(session: Session, number: str) -> int | None:
    if not number:
        return None
    found = session.exec(select(Round.id).where(Round.number == number)).first() if "\x00" not in number else None
    if found is None:
        raise NotFound(what="round", code=number)
    return found


def _names(session: Session, by: By, settings: TaskSettings, *, lang: str) -> Mapping[str, str]:
    if by is By.TAG:
        return {code: tag.label(lang) for code, tag in settings.tags.items()}
    return dict(session.connection().execute(text(_NAMES[by]), {"english": lang == "en"}).tuples().all())


def _points(by: By, *, tagged: bool) -> str:
    """Where each row of the table lies is looked up once, and a point counts once for each tag, class or unit."""
    key = {By.CLASS: "t.category_code", By.UNIT: "t.unit", By.TAG: "m.tag"}[by]
    return f"""
WITH {_CARRIED},
seen AS MATERIALIZED (
  SELECT DISTINCT point_code FROM sheet
   WHERE filled_at IS NOT NULL AND CASE WHEN CAST(:round AS bigint) IS NULL
         THEN filled_at >= :start AND filled_at < :end ELSE round_id = :round END),
said AS MATERIALIZED (
  SELECT t.category_code, t.campaign, p.code AS point, coalesce(t.unit_code, '') AS unit, p.area_code
    FROM task t JOIN point p ON p.code = t.point_code WHERE t.year = :year AND NOT p.closed
  UNION ALL
  SELECT t.category_code, t.campaign, p.code, t.unit_code, p.area_code
    FROM task t JOIN point p ON p.category_code = t.category_code AND NOT p.closed
   WHERE t.year = :year AND t.point_code IS NULL
     AND NOT EXISTS (SELECT FROM task own WHERE own.year = :year AND own.point_code = p.code
                        AND own.category_code = t.category_code)),
t AS MATERIALIZED (
  SELECT said.*, seen.point_code IS NOT NULL AS inspected
    FROM said JOIN area a ON a.code = said.area_code LEFT JOIN seen ON seen.point_code = said.point
   WHERE {WHERE_POINT})
SELECT code, count(*)::int AS points, (count(*) FILTER (WHERE inspected))::int AS inspected
  FROM (SELECT DISTINCT {key} AS code, t.point, t.inspected
          FROM t {"JOIN m ON m.category = t.category_code AND m.campaign = t.campaign" if tagged else ""}
         {"WHERE :tag = '' OR m.tag = :tag" if tagged else ""}) counted
 GROUP BY code
"""


def _issues(by: By, *, tagged: bool, standards: bool) -> str:
    """Counted first by what tags depend on, so that they are looked up for sums and not for issues.

    1. By class, point (and standard, and unit, where those matter): as many rows as there are points.
    2. By class and what the year's table says of that point: as many rows as classes.
    3. By tag. What carries a tag by its class and by its standard counts once.
    """
    key = {By.CLASS: "category_code", By.UNIT: "lead_unit", By.TAG: "tag"}[by]
    sums = ", ".join(f"sum({name})::int AS {name}" for name in COUNTS[2:])
    if not tagged:
        return f"WITH c AS ({_counted([key])}) SELECT {key} AS code, {sums} FROM c GROUP BY 1"
    more = [*(["standard_code"] if standards else []), *(["lead_unit"] if by is By.UNIT else [])]
    columns = ", ".join(["category_code", "campaign", *more])
    return f"""
WITH {_CARRIED},
s AS (SELECT * FROM json_to_recordset(CAST(:standards AS json)) AS s (standard text, tag text)),
c AS MATERIALIZED ({_counted(["category_code", "point_code", *more])}),
said AS MATERIALIZED (SELECT point_code, category_code, campaign FROM task WHERE year = :year),
k AS MATERIALIZED (
  SELECT {columns}, {sums}
    FROM (SELECT c.*, coalesce(t.campaign, '') AS campaign
            FROM c LEFT JOIN said t ON t.point_code = c.point_code AND t.category_code = c.category_code) c
   GROUP BY {columns})
SELECT {key} AS code, {sums}
  FROM k CROSS JOIN LATERAL (
         SELECT m.tag FROM m WHERE m.category = k.category_code AND m.campaign = k.campaign
         {"UNION SELECT s.tag FROM s WHERE s.standard = k.standard_code" if standards else ""}) carried
 WHERE :tag = '' OR tag = :tag
 GROUP BY 1
"""


def _counted(columns: Sequence[str]) -> str:
    """Issues that are open, or were closed in the period, by these columns; '' where an issue has none."""
    keys = ", ".join(f"coalesce({name}, '') AS {name}" for name in columns)
    return f"""
SELECT {keys}, {_OPEN} AS open, {_OVERDUE} AS overdue, {_CLOSED} AS closed, {_ON_TIME} AS on_time
  FROM issue i
 WHERE (state NOT IN ('closed', 'void') OR (closed_at >= :start AND closed_at < :end)) AND {WHERE_ISSUE}
 GROUP BY {", ".join(str(n) for n in range(1, len(columns) + 1))}"""


_CARRIED = (
    "m AS MATERIALIZED (SELECT * FROM json_to_recordset(CAST(:carried AS json))"
    " AS m (category text, campaign text, tag text))"
)
_OPEN = "count(*) FILTER (WHERE state NOT IN ('closed', 'void'))"
_RUNS = ", ".join(f"'{state.value}'" for state in sorted(RUNNING))
_OVERDUE = f"count(*) FILTER (WHERE state IN ({_RUNS}) AND due_at <= :now)"
_CLOSED = "count(*) FILTER (WHERE state = 'closed' AND closed_at >= :start AND closed_at < :end)"
_ON_TIME = (
    "count(*) FILTER (WHERE state = 'closed' AND closed_at >= :start AND closed_at < :end AND submitted_at <= due_at)"
)
_NAMES: Mapping[By, Any] = {
    By.CLASS: "SELECT code, CASE WHEN :english AND name_en <> '' THEN name_en ELSE name END FROM category",
    By.UNIT: "SELECT code, name FROM unit WHERE :english IS NOT NULL",
}
