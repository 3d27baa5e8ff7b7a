"""Places as they are today: the scores of a month, put in order within the groups by the rules in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Session

from models.area import Area
from models.errors import NotFound
from models.scoring.appraisal import NOTHING, Beside
from models.scoring.rules import Scoring
from models.scoring.what_if import Standings, standings
from services.ranking.months import Month
from services.scores.month import unit_month

NO_GROUP = "no_group"
"""Why a unit that no group was given has no place."""
_UNITS = """
SELECT u.code, u.name, u.ranking_group FROM unit u JOIN area a ON a.code = u.area_code
 WHERE (a.path = :path OR a.path LIKE :below) AND u.ranking_group <> ''
   AND (u.valid_from IS NULL OR u.valid_from <= :last) AND (u.valid_to IS NULL OR u.valid_to >= :first)
"""


@dataclass(frozen=True)
class Live:
    """Everybody's place in a month as it stands. `names`: of the units; `area_path`: of the area that is ranked."""

    month: Month
    area_code: str
    area_path: str
    rules: Scoring
    field: Standings
    names: Mapping[str, str]


def live(session: Session, *, month: Month, area_code: str, now: datetime, rules: Scoring | None = None) -> Live:
    """Score and rank the units of an area, those without cases too. Raises NotFound, WrongValue.

    Of a month that is not over, what falls due after `now` is not looked at. `rules`: other than those in force.
    """
    path = path_of(session, area_code)
    scores = unit_month(
        session, period_from=month.first, period_to=month.last, area_code=area_code, now=now, rules=rules
    )
    there = _units(session, path, month.first, month.last)
    names = {**{code: name for code, (name, _) in there.items()}, **scores.names}
    groups = {**{code: group for code, (_, group) in there.items()}, **scores.groups}
    beside: dict[str, Beside] = {**dict.fromkeys(there, NOTHING), **scores.beside}
    field = standings(
        scores.cases,
        groups=groups,
        beside=beside,
        barred={code: NO_GROUP for code in {*names, *beside} if not groups.get(code)},
        rules=scores.formula,
    )
    return Live(month, area_code, path, scores.formula, field, names)


def path_of(session: Session, area_code: str) -> str:
    """The codes of an area from the city down. Raises NotFound."""
    area = session.get(Area, area_code) if "\x00" not in area_code else None
    if area is None:
        raise NotFound(what="area", code=area_code[:80])
    return area.path


def _units(session: Session, path: str, first: date, last: date) -> dict[str, tuple[str, str]]:
    """Code → name and group of every unit of an area and below that is to be ranked in a period."""
    given = {"path": path, "below": f"{path}/%", "first": first, "last": last}
    return {code: (name, group) for code, name, group in session.connection().execute(text(_UNITS), given)}
