"""The scores of one round: points, categories, districts and streets, lead units, and the place as a whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.audit import Round
from models.errors import NotFound
from models.scoring.measure import Observed
from models.scoring.number import Number
from models.scoring.on_site import (
    PointScore,
    category_score,
    compliance,
    place_score,
    place_scores,
    point_scores,
)
from models.scoring.rules import Scoring
from notifications.collector import collector_rests
from services.scores.editions import by_edition
from services.scores.observed import observed, points_of


@dataclass(frozen=True)
class RoundFigures:
    """What a round came to by a formula. `score` is that of its area, `compliance` a share of 1.

    `categories`, `areas` (districts and streets), `units` (lead units): code → score. `names`: what it is and its code,
    such as `unit:D-CGJ`, → its name in Chinese and English. `sheets`: filled, and how many there are. `rows`: the
    observations behind all of it, in their order. `edition`: of the evaluation system.
    """

    number: str
    kind: str
    area_code: str
    on_date: date
    finished: bool
    formula: Scoring
    score: Number
    compliance: Number
    points: Mapping[str, PointScore]
    categories: Mapping[str, Number]
    areas: Mapping[str, Number]
    units: Mapping[str, Number]
    names: Mapping[str, tuple[str, str]]
    sheets: tuple[int, int]
    rows: tuple[Observed, ...]
    edition: str


@collector_rests()
def round_scores(session: Session, number: str, *, rules: Scoring | None = None) -> RoundFigures:
    """The figures of a round, as far as its sheets are filled. Raises NotFound, WrongValue for impossible counts.

    `rules`: the city's, other than in force; what the edition of the round states goes before them.
    """
    round_ = the_round(session, number)
    formula = by_edition(session, round_.version_code, rules=rules)
    return figures_of(session, round_, observed(session, round_.id or 0), rules=formula)


def the_round(session: Session, number: str) -> Round:
    """Raises NotFound."""
    found = session.exec(select(Round).where(col(Round.number) == number)).first() if "\0" not in number else None
    if found is None:
        raise NotFound(what="round", code=number[:80])
    return found


def figures_of(session: Session, round_: Round, rows: Iterable[Observed], *, rules: Scoring) -> RoundFigures:
    """The figures of these observations."""
    seen = tuple(rows)
    points = point_scores(seen, rules=rules)
    known = points_of(session, list(points))
    places = {code: _above(row.path) for code, row in known.items()}
    areas = place_scores(points, places=places, rules=rules)
    units = place_scores(points, places={code: (row.unit,) for code, row in known.items()}, rules=rules)
    by_category: dict[str, list[PointScore]] = {}
    for one in points.values():
        by_category.setdefault(one.category, []).append(one)
    categories = {code: category_score(several, of=code) for code, several in sorted(by_category.items())}
    names = {f"point:{code}": (row.name, row.name) for code, row in known.items()}
    names |= _names(session, areas=[*areas, round_.area_code], units=list(units), categories=list(categories))
    return RoundFigures(
        number=round_.number,
        kind=round_.kind.value,
        area_code=round_.area_code,
        on_date=round_.on_date,
        finished=round_.finished_at is not None,
        formula=rules,
        score=place_score(points.values(), of=round_.area_code, rules=rules),
        compliance=compliance(points.values(), of=round_.area_code),
        points=points,
        categories=categories,
        areas=areas,
        units=units,
        names=names,
        sheets=_sheets(session, round_.id or 0),
        rows=seen,
        edition=round_.version_code,
    )


def _above(path: str) -> list[str]:
    """The district and the street that a point counts for; the city is the round itself."""
    return path.split("/")[1:3]


NAMES = text(
    "SELECT 'area:' || code, name, name FROM area WHERE code = ANY(:areas)"
    " UNION ALL SELECT 'unit:' || code, name, name FROM unit WHERE code = ANY(:units)"
    " UNION ALL SELECT 'category:' || code, name, coalesce(nullif(name_en, ''), name) FROM category"
    " WHERE code = ANY(:categories)"
)


def _names(session: Session, **codes: list[str]) -> dict[str, tuple[str, str]]:
    """Names in both languages, each under what it is and its code: an area and a unit may share one."""
    return {key: (name, english) for key, name, english in session.connection().execute(NAMES, codes)}


def _sheets(session: Session, round_id: int) -> tuple[int, int]:
    """Filled, and how many there are."""
    query = text("SELECT count(filled_at), count(*) FROM sheet WHERE round_id = :round AND again_of IS NULL")
    filled, there = session.connection().execute(query, {"round": round_id}).one()
    return filled, there
