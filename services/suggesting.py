"""Who should answer for issues, looked up for many at once."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import text
from sqlmodel import Session

from models.routing import routes


def suggestions(session: Session, ids: Collection[int], today: date) -> dict[int, tuple[str, str]]:
    """Who should answer: from the decomposition table of this year, the point, the standard, or the street.

    A unit that has ended answers for nothing new: the next that would answer does, in the end the street.
    """
    if not ids:
        return {}
    query = text(
        "SELECT i.id, i.area_path, p.lead_unit, s.lead,"
        " coalesce((SELECT t.unit_code FROM task t WHERE t.year = :year AND t.point_code = i.point_code"
        "   AND t.category_code = coalesce(i.category_code, p.category_code) LIMIT 1),"
        "  (SELECT t.unit_code FROM task t WHERE t.year = :year AND t.point_code IS NULL"
        "   AND t.category_code = coalesce(i.category_code, p.category_code) LIMIT 1))"
        " FROM issue i LEFT JOIN point p ON p.code = i.point_code"
        " LEFT JOIN standard s ON s.version_code = i.version_code AND s.code = i.standard_code"
        " WHERE i.id = ANY(:ids)"
    )
    rows = session.connection().execute(query, {"ids": list(ids), "year": today.year}).all()
    ways = {
        key: routes(task_unit=task, point_unit=point, standard_lead=lead, area_path=path)
        for key, path, point, lead, task in rows
    }
    there = _units_there(session, {way.unit for found in ways.values() for way in found}, today)
    first = {key: next((way for way in found if way.unit in there), None) for key, found in ways.items()}
    return {key: (way.unit, way.why) for key, way in first.items() if way}


def _units_there(session: Session, codes: Collection[str], today: date) -> frozenset[str]:
    """Which of these units exist today: a rule may point at a community that has no unit of its own."""
    query = text(
        "SELECT code FROM unit WHERE code = ANY(:codes)"
        " AND coalesce(valid_from, :today) <= :today AND coalesce(valid_to, :today) >= :today"
    )
    rows = session.connection().execute(query, {"codes": list(codes), "today": today})
    return frozenset(code for (code,) in rows)
