"""What a list can be filtered by: the units, places, categories and severities that a form offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.errors import NotFound
from models.point import Point
from models.standard import Category
from models.unit import Unit
from services import rulebook
from services.tag_filter import tag_settings

STREET = 3
"""Down to this level places are offered; below it a code, a board or a point leads further."""
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Choices:
    """Codes with names; categories, severities and sets of tags in the language asked for."""

    units: Pairs
    areas: Pairs
    categories: Pairs
    severities: Pairs
    tag_sets: Sequence[tuple[str, Pairs]] = ()


def choices(session: Session, *, lang: str) -> Choices:
    """What a form offers, by code; units of communities are too many to offer and can be typed."""
    english = lang.startswith("en")
    rules = rulebook.rules(session, rulebook.the_city(session).rule_set_code or "")
    units = (
        select(Unit.code, Unit.name)
        .join(Area, col(Area.code) == col(Unit.area_code))
        .where(col(Area.level) <= STREET, col(Unit.valid_to).is_(None))
    )
    areas = select(Area.code, Area.name).where(col(Area.level) <= STREET, col(Area.valid_to).is_(None))
    kinds = select(Category.code, Category.name, Category.name_en).order_by(col(Category.code))
    return Choices(
        units=[(code, name) for code, name in session.exec(units.order_by(col(Unit.code)))],
        areas=[(code, name) for code, name in session.exec(areas.order_by(col(Area.code)))],
        categories=[(code, (english and other) or name) for code, name, other in session.exec(kinds)],
        severities=[(code, one.name_en if english else one.name) for code, one in rules.severities.items()],
        tag_sets=[
            (one.label(lang), [(tag.code, tag.label(lang)) for tag in one.tags])
            for one in tag_settings(session).tag_sets
        ],
    )


_TABLES: Mapping[str, Any] = {"unit": Unit, "area": Area, "point": Point}


def code_of(session: Session, what: str, written: str) -> str:
    """The code of the `unit`, `area` or `point` meant by its code or its whole name. Raises NotFound."""
    table = _TABLES[what]
    query = select(col(table.code)).where((col(table.code) == written) | (col(table.name) == written))
    found = session.exec(query.order_by(col(table.code) != written, col(table.code)).limit(2)).all()
    if not found or (len(found) > 1 and found[0] != written):
        raise NotFound(what=what, code=written)
    return str(found[0])


def name_of(session: Session, what: str, code: str) -> str:
    """Its name; the code where there is none."""
    row = session.get(_TABLES[what], code)
    return row.name if row else code
