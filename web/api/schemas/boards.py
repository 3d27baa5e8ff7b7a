"""Boards and the map as the API gives them."""

from collections.abc import Mapping
from datetime import date

from models.lifecycle import State
from web.api.schemas.base import Told


class Standing(Told):
    """Where the issues of an area or a unit stand. `by_step`: the open ones by the highest step, -1 for none."""

    code: str | None
    name: str
    open: int
    total: int
    due_soon: int
    overdue: int
    late: int
    by_state: Mapping[State, int]
    by_step: Mapping[int, int]


class BoardOf(Told):
    """An area or the city, and its parts."""

    all: Standing
    parts: list[Standing]


class Day(Told):
    """One day of the city: how many issues were found, and how many closed and not opened again."""

    day: date
    found: int
    closed: int


class Hotspot(Told):
    """A point, and how many issues were found at it."""

    code: str
    name: str
    found: int


class Spot(Told):
    """One issue on the map."""

    number: str
    lat: float
    lng: float
    state: State
    severity: str
    overdue: bool
    description: str
    point_name: str | None


class Bunch(Told):
    """Many issues close together."""

    lat: float
    lng: float
    n: int
    overdue: int


class MapPart(Told):
    """What lies in a part of the map: one by one, or in piles where there are many.

    `newest_only`: of those that have ended too, only the newest 2000 were looked at.
    """

    total: int
    overdue: int
    newest_only: bool
    spots: list[Spot]
    piles: list[Bunch]


class Label(Told):
    """The name of a place, and where to write it on a map."""

    code: str
    name: str
    level: int
    lat: float
    lng: float
