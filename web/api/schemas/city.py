"""The city, its boards and audits as the API takes and gives them."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from models.audit import Result, RoundKind
from models.lifecycle import State
from web.api.schemas.base import Code, Given, Text, Told


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


class Standing(Told):
    """Where the issues of an area or a unit stand."""

    code: str | None
    name: str
    open: int
    total: int
    due_soon: int
    overdue: int
    late: int
    by_state: Mapping[State, int]


class BoardOf(Told):
    """An area or the city, and its parts."""

    all: Standing
    parts: list[Standing]


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


class Round(Told):
    """An audit in a list."""

    number: str
    kind: RoundKind
    area: str
    on_date: date
    sheets: int
    filled: int
    finished_at: datetime | None


class Sheet(Told):
    """A sheet of an audit."""

    id: int
    inspector: str
    point: str
    point_name: str
    filled_at: datetime | None
    met: int
    not_met: int
    not_applicable: int


class RoundOf(Told):
    """One audit with its sheets and what came of it."""

    number: str
    kind: RoundKind
    area_code: str
    on_date: date
    seed: int
    wanted: int
    finished_at: datetime | None
    compliance_rate: float | None
    draw_repeats: bool
    sheets: list[Sheet]
    issues: list[str]


class NewRound(Given):
    """An audit to be started. No categories: all of them; no seed: one is drawn."""

    kind: RoundKind
    area: Code
    points: Annotated[int, Field(ge=1, le=100_000)]
    inspectors: Annotated[list[Code], Field(min_length=1, max_length=500)]
    on_date: date | None = None
    categories: Annotated[tuple[Code, ...], Field(max_length=200)] = ()
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    version: Code | None = None


class Started(Told):
    """What the draw gave. `repeated`: this key has started it before."""

    number: str
    drawn: int
    available: int
    repeated: bool


class SeenOn(Given):
    """What was seen of one standard."""

    standard: Code
    result: Result
    note: Text = ""


class Seen(Given):
    """What was seen on one sheet."""

    observations: Annotated[list[SeenOn], Field(min_length=1, max_length=500)]


class Recorded(Told):
    """What came of it: numbers of new issues, and whether the sheet is full now."""

    written: int
    repeated: int
    issues: list[str]
    filled: bool


class Message(Told):
    """A message to the caller."""

    id: int
    kind: str
    title: str
    body: str
    created_at: datetime
    read_at: datetime | None
