"""The names behind the codes, read once per file: what a clerk writes and what we keep."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, SQLModel, col, or_, select

from models.area import Area
from models.audit import Round
from models.city import City
from models.point import Point
from models.standard import Category, EvaluationVersion, Standard
from models.unit import Person, Post, Tenure, Unit
from services.bulk import table_of
from services.rulebook import the_city

_WITH_CODE = re.compile(r"(.+?)\s*[（(]([^（）()]+)[）)]")


class Names:
    """Codes with their names. Found by either, when the name is borne by one only."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._names = {code: name for code, name in pairs}  # noqa: C416  # a result has keys() too, so dict() fails
        self._codes: dict[str, list[str]] = defaultdict(list)
        for code, name in self._names.items():
            self._codes[name].append(code)

    def __contains__(self, code: object) -> bool:
        return code in self._names

    def name(self, code: str | None) -> str:
        """The name, or the code itself where there is none."""
        return self._names.get(code, code) if code else ""

    def written(self, code: str | None) -> str:
        """Name and code, as an export writes it: 自贡市城市管理局（D-CGJ）."""
        return f"{self._names[code]}（{code}）" if code in self._names else code or ""

    def find(self, written: str) -> str | None:
        """The code meant by a code, a name, or both together."""
        text = written.strip()
        if text in self._names:
            return text
        both = _WITH_CODE.fullmatch(text)
        if both and both[2].strip() in self._names:
            return both[2].strip()
        found = self._codes.get(text, [])
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Place:
    """An area: its name, path and level (1 = city)."""

    name: str
    path: str
    level: int


@dataclass(frozen=True)
class Edition:
    """One standard in one version of its system, in force from a day."""

    version: str
    valid_from: date
    code: str
    category: str
    severity: str
    deduction: Decimal


@dataclass(frozen=True)
class Register:
    """Everything that a row may name. Flat memory: reference tables only, never issues."""

    city: City
    zone: ZoneInfo
    units: Names
    persons: Names
    categories: Names
    areas: Mapping[str, Place]
    points: Mapping[str, Any]
    standards: Mapping[str, tuple[Edition, ...]]
    rounds: Mapping[str, int]
    holders: Mapping[str, tuple[str, ...]]

    def edition(self, code: str, *, on: date, version: str | None = None) -> Edition | None:
        """The standard of this code in force on a day: the newest edition, unless one is named."""
        known = self.standards.get(code, ())
        if version:
            return next((edition for edition in known if edition.version == version), None)
        in_force = [edition for edition in known if edition.valid_from <= on] or list(known[:1])
        return in_force[-1] if in_force else None

    def holder_names(self, post: str | None) -> str:
        """Who holds a post, by name; empty where it is vacant."""
        return "、".join(self.persons.name(code) for code in self.holders.get(post or "", ()))

    def local(self, at: datetime) -> datetime:
        """A time on the wall clock of the city, whole seconds, as a spreadsheet keeps it: without a zone."""
        return at.astimezone(self.zone).replace(tzinfo=None, microsecond=0)


def read_register(session: Session, *, now: datetime) -> Register:
    """Read all names; posts as they are held on the city's day. Raises NotFound before a city is loaded."""
    city = the_city(session)
    zone = ZoneInfo(city.timezone)
    return Register(
        city=city,
        zone=zone,
        units=Names(session.exec(select(Unit.code, Unit.name))),
        persons=Names(session.exec(select(Person.code, Person.name))),
        categories=Names(session.exec(select(Category.code, Category.name))),
        areas={area.code: Place(area.name, area.path, area.level) for area in _plain_rows(session, Area)},
        points={point.code: point for point in _plain_rows(session, Point)},
        standards=_standards(session),
        rounds={number: key or 0 for number, key in session.exec(select(Round.number, Round.id))},
        holders=_holders(session, now.astimezone(zone).date()),
    )


def _plain_rows(session: Session, model: type[SQLModel]) -> Iterable[Any]:
    """Rows that outlive a transaction: objects of the session would be read again one by one after each batch."""
    return session.connection().execute(table_of(model).select()).all()


def _standards(session: Session) -> dict[str, tuple[Edition, ...]]:
    """Editions of each code, the oldest first; of those that begin on one day the first by code is the newest."""
    since = {version.code: version.valid_from for version in _plain_rows(session, EvaluationVersion)}
    found: dict[str, list[Edition]] = defaultdict(list)
    for row in _plain_rows(session, Standard):
        version = row.version_code
        found[row.code].append(
            Edition(version, since[version], row.code, row.category_code, row.severity, row.deduction)
        )
    for editions in found.values():
        editions.sort(key=lambda edition: edition.version, reverse=True)
        editions.sort(key=lambda edition: edition.valid_from)
    return {code: tuple(editions) for code, editions in found.items()}


def _holders(session: Session, today: date) -> dict[str, tuple[str, ...]]:
    query = (
        select(Tenure.post_code, Tenure.person_code)
        .join(Post, col(Post.code) == col(Tenure.post_code))
        .where(col(Tenure.valid_from) <= today, or_(col(Tenure.valid_to).is_(None), col(Tenure.valid_to) >= today))
        .order_by(col(Tenure.id))
    )
    found: dict[str, list[str]] = defaultdict(list)
    for post, person in session.exec(query):
        found[post].append(person)
    return {post: tuple(persons) for post, persons in found.items()}
