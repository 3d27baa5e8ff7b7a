"""The city, its people and messages as the API gives them."""

from datetime import datetime
from decimal import Decimal

from web.api.schemas.base import Told


class Area(Told):
    """A place of the five-level tree: 1 city, 2 district, 3 street, 4 community, 5 residents' group."""

    code: str
    name: str
    level: int
    parent_code: str | None
    path: str


class Unit(Told):
    """A body that answers for issues."""

    code: str
    name: str
    kind: str
    area_code: str


class Point(Told):
    """A place that is inspected."""

    code: str
    name: str
    category_code: str
    area_code: str
    lead_unit: str
    address: str
    lat: float | None
    lng: float | None
    closed: bool


class Category(Told):
    """A kind of place that is inspected."""

    code: str
    system_code: str
    name: str
    name_en: str


class Standard(Told):
    """One thing to be met at points of a category."""

    version_code: str
    code: str
    category_code: str
    text: str
    text_en: str
    deduction: Decimal
    severity: str
    evidence: str
    negative_list: bool


class Near(Told):
    """A point or a place near a position, `metres` away."""

    area: str
    area_names: str
    point: str | None
    name: str
    address: str
    category: str | None
    metres: int | None


class Post(Told):
    """A post that the caller holds today."""

    kind: str
    owner_kind: str
    owner_code: str


class Me(Told):
    """Whose token this is, and what it may do."""

    code: str
    posts: list[Post]
    scopes: list[str]
    rights: list[str]


class Message(Told):
    """A message to the caller."""

    id: int
    kind: str
    title: str
    body: str
    created_at: datetime
    read_at: datetime | None
