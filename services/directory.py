"""What the city is made of, as lists in the order of their codes, a stretch at a time. Nothing here writes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from models.area import Area
from models.errors import NotFound
from models.issue import Issue
from models.point import Point
from models.standard import Category, EvaluationSystem, EvaluationVersion, Standard
from models.unit import Unit, UnitKind
from services.filters import below


def areas(
    session: Session, *, words: str | None, parent: str | None, level: int | None, after: str, most: int
) -> Sequence[Area]:
    """Areas, of one level or right below a parent where that is asked for. Raises NotFound."""
    where = [col(Area.parent_code) == _must(session, Area, parent).code] if parent else []
    where += [col(Area.level) == level] if level else []
    return _stretch(session, Area, col(Area.name), where, words=words, after=after, most=most)


def units(session: Session, *, words: str | None, after: str, most: int) -> Sequence[Unit]:
    """Units."""
    return _stretch(session, Unit, col(Unit.name), [], words=words, after=after, most=most)


def units_in_question(session: Session, issue: Issue, *, today: date) -> Sequence[tuple[str, str]]:
    """Code and name of whom an issue could be given to: the suggested unit, the departments, those of the place.

    Not those that have ended.
    """
    territorial = [f"T{code}" for code in issue.area_path.split("/")]
    possible = (col(Unit.kind) == UnitKind.DEPARTMENTAL) | col(Unit.code).in_(territorial)
    there = col(Unit.valid_to).is_(None) | (col(Unit.valid_to) >= today)
    rows = session.exec(select(Unit.code, Unit.name).where(possible, there).order_by(Unit.kind, Unit.code)).all()
    return sorted(((code, name) for code, name in rows), key=lambda row: row[0] != issue.suggested_unit)


def points(
    session: Session,
    *,
    words: str | None,
    area: str | None,
    category: str | None,
    unit: str | None,
    after: str,
    most: int,
) -> Sequence[Point]:
    """Points, within an area and all below it. Raises NotFound."""
    where = []
    if area:
        inside = select(Area.code).where(below(_must(session, Area, area).path, col(Area.path)))
        where.append(col(Point.area_code).in_(inside))
    if category:
        where.append(col(Point.category_code) == _must(session, Category, category).code)
    if unit:
        where.append(col(Point.lead_unit) == _must(session, Unit, unit).code)
    return _stretch(session, Point, col(Point.name), where, words=words, after=after, most=most)


def categories(session: Session, *, words: str | None, after: str, most: int) -> Sequence[Category]:
    """Categories."""
    return _stretch(session, Category, col(Category.name), [], words=words, after=after, most=most)


def standards(
    session: Session,
    *,
    words: str | None,
    category: str | None,
    version: str | None,
    today: date,
    after: str,
    most: int,
) -> Sequence[Standard]:
    """Standards of an edition, the newest in force today where none is named. Raises NotFound."""
    edition = _must(session, EvaluationVersion, version) if version else _in_force(session, today)
    where = [col(Standard.version_code) == edition.code]
    if category:
        where.append(col(Standard.category_code) == _must(session, Category, category).code)
    return _stretch(session, Standard, col(Standard.text), where, words=words, after=after, most=most)


def _in_force(session: Session, today: date) -> EvaluationVersion:
    query = (
        select(EvaluationVersion)
        .join(EvaluationSystem, col(EvaluationSystem.code) == col(EvaluationVersion.system_code))
        .where(col(EvaluationVersion.valid_from) <= today)
    )
    newest = (col(EvaluationVersion.valid_from).desc(), col(EvaluationVersion.code))
    found = session.exec(query.order_by(col(EvaluationSystem.position), *newest)).first()
    if found is None:
        raise NotFound(what="evaluation version", code=today)
    return found


def _stretch(
    session: Session,
    table: Any,
    name: Any,
    where: Sequence[ColumnElement[bool]],
    *,
    words: str | None,
    after: str,
    most: int,
) -> Sequence[Any]:
    named = [or_(name.contains(words, autoescape=True), col(table.code) == words)] if words else []
    query = select(table).where(*where, *named, col(table.code) > after).order_by(col(table.code)).limit(most)
    return session.exec(query).all()


def _must(session: Session, table: Any, code: str) -> Any:
    row = session.get(table, code)
    if row is None:
        raise NotFound(what=table.__name__.lower(), code=code)
    return row
