"""The frame of a draw: the points that could have been drawn, each with its stratum, frozen with the round.

Whoever repeats the draw in years needs nothing but the frame and the seed: points closed, moved or added since do not
count. The hash shows that the frame is the one of that day.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.area import Area
from models.audit import Round, RoundFrame
from models.point import Point
from models.scoring.strata import Stratum
from models.standard import Standard
from services import bulk


@dataclass(frozen=True, order=True)
class Framed:
    """One point with its stratum: its category, and the area one level below that of the round."""

    point: str
    category: str
    area: str


def frame_today(session: Session, *, area_path: str, version: str, categories: Sequence[str] = ()) -> list[Framed]:
    """The open points below a place whose category has standards in this edition, sorted by code."""
    asked = select(Standard.category_code).where(Standard.version_code == version)
    query = (
        select(Point.code, Point.category_code, Area.path)
        .join(Area, col(Area.code) == col(Point.area_code))
        .where(or_(col(Area.path) == area_path, col(Area.path).startswith(f"{area_path}/", autoescape=True)))
        .where(col(Point.closed).is_(False), col(Point.category_code).in_(asked))
    )
    if categories:
        query = query.where(col(Point.category_code).in_(categories))
    return sorted(Framed(code, category, _below(area_path, path)) for code, category, path in session.exec(query))


def _below(area_path: str, path: str) -> str:
    """The part of a place that a point lies in: of a city the district, of a district the street or town."""
    codes, depth = path.split("/"), area_path.count("/") + 1
    return codes[depth] if len(codes) > depth else codes[-1]


def by_stratum(frame: Iterable[Framed]) -> dict[Stratum, list[str]]:
    """Category and area → points."""
    found: dict[Stratum, list[str]] = {}
    for one in frame:
        found.setdefault((one.category, one.area), []).append(one.point)
    return found


def by_category(frame: Iterable[Framed]) -> dict[str, list[str]]:
    """Category → points, both sorted."""
    found: dict[str, list[str]] = {}
    for one in frame:
        found.setdefault(one.category, []).append(one.point)
    return {category: sorted(points) for category, points in sorted(found.items())}


def frame_hash(frame: Iterable[Framed]) -> str:
    """SHA-256 of `point,category,area` and a line feed each, sorted by point, in UTF-8; in hexadecimal."""
    lines = "".join(f"{one.point},{one.category},{one.area}\n" for one in sorted(frame))
    return hashlib.sha256(lines.encode()).hexdigest()


def keep(session: Session, round_: Round, frame: Sequence[Framed]) -> None:
    """Freeze the frame with a new round."""
    round_.frame_sha256 = frame_hash(frame)
    session.add(round_)
    session.flush()
    bulk.insert(session, RoundFrame, [_row(round_, one) for one in frame])


def _row(round_: Round, one: Framed) -> Mapping[str, object]:
    return {
        "round_id": round_.id,
        "point_code": one.point,
        "category_code": one.category,
        "area_code": one.area,
    }


def kept(session: Session, round_: Round) -> list[Framed]:
    """The frame as it was frozen, sorted by point; empty for a round from before there were frames."""
    query = select(RoundFrame.point_code, RoundFrame.category_code, RoundFrame.area_code)
    return sorted(Framed(*row) for row in session.exec(query.where(RoundFrame.round_id == round_.id)))
