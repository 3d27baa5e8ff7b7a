"""Where a problem is: inspection points near a position, points and areas by name or code, the area around a position.

Positions are degrees, WGS 84 as phones give them. Distances are metres, good to a percent within a city.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

METRE = 1 / 111_195
"""Degrees of latitude."""
NEAR = 500
"""Metres within which points are offered."""
SURROUNDINGS = 3000
"""Metres within which the nearest point still tells the area."""
MOST = 20
POINT = (
    "SELECT p.code, p.name, p.address, p.lat, p.lng, p.category_code, c.name AS category, c.name_en AS category_en,"
    " a.code AS area, a.name AS area_name, a.path, {metres} AS metres"
    " FROM point p JOIN category c ON c.code = p.category_code JOIN area a ON a.code = p.area_code"
    " WHERE NOT p.closed"
)
METRES = "sqrt(power((p.lat - :lat) * 111195, 2) + power((p.lng - :lng) * 111195 * cos(radians(:lat)), 2))"
BOX = " AND p.lat BETWEEN :south AND :north AND p.lng BETWEEN :west AND :east"


@dataclass(frozen=True)
class Place:
    """A point, or an area without one (`point` None). `area_names`: from the district down, as one would say it."""

    area: str
    area_path: str
    area_names: str
    point: str | None = None
    name: str = ""
    address: str = ""
    category: str | None = None
    category_name: str = ""
    category_name_en: str = ""
    lat: float | None = None
    lng: float | None = None
    metres: int | None = None


def is_position(lat: float | None, lng: float | None) -> bool:
    """Whether both are degrees on this planet."""
    return lat is not None and lng is not None and -90 <= lat <= 90 and -180 <= lng <= 180


def box(lat: float, lng: float, metres: float) -> Mapping[str, float]:
    """The corners around a position, for an index to search in."""
    up = metres * METRE
    across = up / max(math.cos(math.radians(lat)), 0.01)
    return {"south": lat - up, "north": lat + up, "west": lng - across, "east": lng + across}


def near(session: Session, *, lat: float, lng: float, within: float = NEAR, most: int = MOST) -> Sequence[Place]:
    """Open points within so many metres, the nearest first."""
    query = (
        f"SELECT * FROM ({POINT.format(metres=METRES)}{BOX}) AS found"
        " WHERE metres <= :within ORDER BY metres, code LIMIT :most"
    )
    given = {"lat": lat, "lng": lng, "within": within, "most": most, **box(lat, lng, within)}
    return _places(session, query, given)


def named(session: Session, words: str, *, most: int = MOST) -> Sequence[Place]:
    """Open points, then areas, that have these words in their name, or this code."""
    words = words.strip()
    if not words:
        return []
    given = {"words": f"%{_literal(words)}%", "code": words.upper(), "most": most}
    points = _places(
        session,
        f"{POINT.format(metres='NULL')} AND (p.name ILIKE :words OR upper(p.code) = :code OR p.address ILIKE :words)"
        " ORDER BY upper(p.code) <> :code, p.name NOT ILIKE :words, p.code LIMIT :most",
        given,
    )
    return [*points, *_areas(session, "(name ILIKE :words OR code = :code)", given, most - len(points))]


def _point(session: Session, code: str) -> Place | None:
    """The open point with this code, as it stands on its sign: capitals do not matter."""
    query = f"{POINT.format(metres='NULL')} AND upper(p.code) = :code"
    return next(iter(_places(session, query, {"code": code.strip().upper()})), None)


def _area(session: Session, code: str) -> Place | None:
    """The area with this code."""
    return next(iter(_areas(session, "code = :code", {"code": code.strip()}, 1)), None)


def around(session: Session, *, lat: float, lng: float) -> Place | None:
    """The area that a position lies in, told by the nearest point; None where there is none around."""
    nearest = near(session, lat=lat, lng=lng, within=SURROUNDINGS, most=1)
    return _area(session, nearest[0].area) if nearest else None


def located(
    session: Session, *, point: str = "", area: str = "", lat: float | None = None, lng: float | None = None
) -> Place | None:
    """Where somebody says it is: the point, else the area, else the area around the position.

    A position near the point is more exact than the point's own, which may be a long road; one far away is where the
    phone was when somebody wrote it down later. None where nothing of it is known.
    """
    here = (lat, lng) if lat is not None and lng is not None and is_position(lat, lng) else None
    if point:
        found = _point(session, point)
        return found if found is None or here is None else _nearer(found, *here)
    found = _area(session, area) if area else around(session, lat=here[0], lng=here[1]) if here else None
    return found if found is None or here is None else replace(found, lat=here[0], lng=here[1])


def _nearer(place: Place, lat: float, lng: float) -> Place:
    if place.lat is not None and place.lng is not None and metres_between(place.lat, place.lng, lat, lng) > NEAR:
        return place
    return replace(place, lat=lat, lng=lng)


def metres_between(lat: float, lng: float, other_lat: float, other_lng: float) -> float:
    """How far two positions lie from each other."""
    across = (other_lng - lng) * math.cos(math.radians(lat))
    return math.hypot(other_lat - lat, across) / METRE


def _literal(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _areas(session: Session, which: str, given: Mapping[str, Any], most: int) -> list[Place]:
    """Below the city itself, the larger ones first."""
    query = (
        f"SELECT code, path FROM area WHERE {which} AND level > 1 AND valid_to IS NULL ORDER BY level, code LIMIT :most"
    )
    rows = session.connection().execute(text(query), {**given, "most": max(most, 0)}).all()
    names = _names(session, [row.path for row in rows])
    return [Place(row.code, row.path, _said(row.path, names)) for row in rows]


def _places(session: Session, query: str, given: Mapping[str, Any]) -> list[Place]:
    rows = session.connection().execute(text(query), dict(given)).all()
    names = _names(session, [row.path for row in rows])
    return [
        Place(
            area=row.area,
            area_path=row.path,
            area_names=_said(row.path, names),
            point=row.code,
            name=row.name,
            address=row.address,
            category=row.category_code,
            category_name=row.category,
            category_name_en=row.category_en,
            lat=row.lat,
            lng=row.lng,
            metres=None if row.metres is None else round(row.metres),
        )
        for row in rows
    ]


def _names(session: Session, paths: Sequence[str]) -> Mapping[str, str]:
    codes = {code for path in paths for code in path.split("/")}
    rows = session.connection().execute(text("SELECT code, name FROM area WHERE code = ANY(:c)"), {"c": list(codes)})
    return {row.code: row.name for row in rows}


def _said(path: str, names: Mapping[str, str]) -> str:
    """Without the city, which everybody knows."""
    below = path.split("/")[1:] or path.split("/")
    return " · ".join(names[code] for code in below if code in names)
