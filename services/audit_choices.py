"""What somebody may choose from when starting an audit: places, categories, inspectors, editions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.area import Area
from models.lifecycle import Role
from models.permissions import Held
from models.rights import ROLES_OF
from models.standard import Category, EvaluationVersion
from models.unit import Person, Post, PostKind, Tenure
from services.filters import below

LISTED_LEVELS = (1, 2, 3)
"""Communities are too many for a list: their code is typed."""
INSPECT = sorted(kind for kind in PostKind if Role.INSPECTOR in ROLES_OF[kind])
MOST = 300


@dataclass(frozen=True)
class Choices:
    """Places as (code, name, level), categories and editions as (code, name), inspectors as (code, name, post)."""

    areas: Sequence[tuple[str, str, int]]
    categories: Sequence[tuple[str, str]]
    inspectors: Sequence[tuple[str, str, str]]
    versions: Sequence[tuple[str, str]]


def choices(session: Session, held: Held, *, today: date, lang: str) -> Choices:
    """What there is within the areas where somebody may start an audit."""
    areas = [area for code in sorted(held.areas) if (area := session.get(Area, code))]
    name = Category.name if lang == "zh-CN" else Category.name_en
    version = select(EvaluationVersion.code, EvaluationVersion.name).where(col(EvaluationVersion.valid_from) <= today)
    return Choices(
        areas=_areas(session, areas),
        categories=list(session.exec(select(Category.code, name).order_by(Category.code))),
        inspectors=_inspectors(session, areas, today=today),
        versions=list(session.exec(version.order_by(col(EvaluationVersion.valid_from).desc()))),
    )


def _areas(session: Session, over: Sequence[Area]) -> list[tuple[str, str, int]]:
    places = or_(*(below(area.path, col(Area.path)) for area in over))
    query = select(Area.code, Area.name, Area.level).where(places, col(Area.level).in_(LISTED_LEVELS))
    return list(session.exec(query.order_by(col(Area.path))))


def _inspectors(session: Session, over: Sequence[Area], *, today: date) -> list[tuple[str, str, str]]:
    """Who inspects for these places or for some place below them; those of the widest place first."""
    places = or_(*(below(area.path, col(Area.path)) for area in over))
    query = (
        select(Person.code, Person.name, Area.name)
        .join(Tenure, col(Tenure.person_code) == col(Person.code))
        .join(Post, col(Post.code) == col(Tenure.post_code))
        .join(Area, col(Area.code) == col(Post.owner_code))
        .where(places, col(Post.kind).in_(INSPECT), col(Tenure.valid_from) <= today)
        .where(or_(col(Tenure.valid_to).is_(None), col(Tenure.valid_to) >= today))
        .order_by(col(Area.level), col(Person.code))
        .limit(MOST)
    )
    found: dict[str, tuple[str, str, str]] = {}
    for code, name, area in session.exec(query):
        found.setdefault(code, (code, name, area))
    return list(found.values())


def category_names(session: Session, *, lang: str) -> dict[str, str]:
    """Category → its name in a language."""
    rows = session.exec(select(Category.code, Category.name, Category.name_en))
    return {code: (english or name) if lang == "en" else name for code, name, english in rows}
