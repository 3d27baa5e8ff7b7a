"""As much of the table as a reader's boards show, as values of a statement: places with all below them, and units."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.errors import NotFound
from services.filters import Scope


def scoped(session: Session, scope: Scope | None, *, area: str = "") -> Mapping[str, Any]:
    """`every`: the whole city; else places as patterns of paths, or units. `within`: the area asked for too.

    Raises NotFound for an unknown area.
    """
    return {
        "every": scope is None,
        "paths": _patterns(session, sorted(scope.areas)) if scope else [],
        "units": sorted(scope.units) if scope else [],
        "within": f"{_path(session, area)}/%" if area else "%",
    }


WHERE_POINT = "(:every OR a.path || '/' LIKE ANY(:paths) OR unit = ANY(:units)) AND a.path || '/' LIKE :within"
"""Of a statement with the area as `a` and the unit as `unit`."""
WHERE_ISSUE = (
    "(:every OR i.area_path || '/' LIKE ANY(:paths) OR i.lead_unit = ANY(:units)) AND i.area_path || '/' LIKE :within"
)


def _path(session: Session, code: str) -> str:
    area = session.get(Area, code) if "\x00" not in code else None
    if area is None:
        raise NotFound(what="area", code=code)
    return area.path


def _patterns(session: Session, areas: list[str]) -> list[str]:
    return [f"{path}/%" for path in session.exec(select(Area.path).where(col(Area.code).in_(areas)))]
