"""Names beside codes, for who reads a list or a form of the pack."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.point import Point
from models.standard import Category, EvaluationSystem, EvaluationVersion
from models.unit import Person, Post, Unit

NAMED: Mapping[str, tuple[Any, Any]] = {
    "areas": (Area.code, Area.name),
    "units": (Unit.code, Unit.name),
    "persons": (Person.code, Person.name),
    "posts": (Post.code, Post.title),
    "points": (Point.code, Point.name),
    "systems": (EvaluationSystem.code, EvaluationSystem.name),
    "versions": (EvaluationVersion.code, EvaluationVersion.name),
    "categories": (Category.code, Category.name),
}


def names_of(session: Session, table: str, codes: Iterable[str]) -> dict[str, str]:
    """Code → name of those that are there; nothing for a table whose rows have no names."""
    wanted = {code for code in codes if code and "\x00" not in code}
    if table not in NAMED or not wanted:
        return {}
    code, name = NAMED[table]
    return {found: said for found, said in session.exec(select(code, name).where(col(code).in_(wanted))) if said}
