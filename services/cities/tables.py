"""Which table each file of a pack fills: its key, its rows, and what becomes of a row that is no longer in the pack."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import SQLModel

from models.area import Area
from models.point import Point, Task
from models.standard import (
    Category,
    CategoryWeight,
    CoCreation,
    EvaluationContent,
    EvaluationGate,
    EvaluationItem,
    EvaluationModule,
    EvaluationSystem,
    EvaluationVersion,
    EvaluationYear,
    NegativeListEntry,
    Standard,
)
from models.unit import Contact, Deputy, Person, Post, Proof, Tenure, Unit
from services.cities.pack import Pack
from services.cities.reading_tables import columns_of

REMOVED = "removed"
"""Why an address is not used any more, as services/contacts.py says it."""

Values = Mapping[str, Any]
Ending = Callable[[Values, date, datetime, bool], Values | None]


@dataclass(frozen=True)
class TablePlan:
    """How one table is filled. `name`: that of the pack's file (reading.FILES).

    `end` gives the columns that close a row which the pack no longer has: None where it is closed already; its last
    argument says whether somebody took the row out by hand. Without it such rows stay as they are: history points at
    them, or they came from elsewhere (an imported task table).
    """

    name: str
    model: type[SQLModel]
    key: tuple[str, ...]
    rows: Callable[[Pack], Iterable[dict[str, Any]]]
    end: Ending | None = None
    serial: bool = False


def _plain(rows: Iterable[Any], **more: Any) -> list[dict[str, Any]]:
    """The rows of a file as columns: the line number is not one."""
    return [{**{name: getattr(row, name) for name in _columns(row)}, **more} for row in rows]


def _columns(row: Any) -> Iterable[str]:
    kind: Any = type(row)
    return columns_of(kind)


def _areas(pack: Pack) -> list[dict[str, Any]]:
    """The city first, then level by level, each with its path."""
    paths = pack.paths()
    rows = sorted(_plain(pack.areas), key=lambda row: (row["level"], row["code"]))
    return [{**row, "path": paths[row["code"]]} for row in rows]


def _last_day(row: Values, today: date, _: datetime, __: bool) -> Values | None:
    """Ends yesterday; what would begin today or later never does."""
    first, last = row["valid_from"] or date.min, row["valid_to"]
    if last is not None and last < max(first, today):
        return None
    return {"valid_to": max(first, today) - timedelta(days=1)}


def _closed(row: Values, _: date, __: datetime, ___: bool) -> Values | None:
    return None if row["closed"] else {"closed": True}


def _switched_off(row: Values, _: date, now: datetime, edited: bool) -> Values | None:
    """Not verified any more either, so that the address is switched on again when the pack has it again.

    What somebody proved with a code is theirs, whatever a pack that is loaded has not heard of; an administrator who
    takes it out by hand means it.
    """
    if row["switched_off_at"] or (row["proof"] == Proof.CODE and not edited):
        return None
    off = {"switched_off_at": now, "verified_at": None}
    return {**off, "switched_off_why": REMOVED} if edited else off


TABLES: Sequence[TablePlan] = (
    TablePlan("areas", Area, ("code",), _areas, _last_day),
    TablePlan("units", Unit, ("code",), lambda pack: _plain(pack.units), _last_day),
    TablePlan("persons", Person, ("code",), lambda pack: _plain(pack.persons)),
    TablePlan("posts", Post, ("code",), lambda pack: _plain(pack.posts)),
    TablePlan(
        "tenures",
        Tenure,
        ("post_code", "person_code", "valid_from"),
        lambda pack: _plain(pack.tenures),
        _last_day,
        serial=True,
    ),
    TablePlan(
        "deputies",
        Deputy,
        ("person_code", "deputy_code", "valid_from"),
        lambda pack: _plain(pack.deputies),
        _last_day,
        serial=True,
    ),
    TablePlan(
        "contacts",
        Contact,
        ("person_code", "channel", "address"),
        lambda pack: _plain(pack.contacts),
        _switched_off,
        serial=True,
    ),
    TablePlan("systems", EvaluationSystem, ("code",), lambda pack: _plain(pack.systems)),
    TablePlan("versions", EvaluationVersion, ("code",), lambda pack: _plain(pack.versions)),
    TablePlan("categories", Category, ("code",), lambda pack: _plain(pack.categories)),
    TablePlan("modules", EvaluationModule, ("version_code", "code"), lambda pack: _plain(pack.modules)),
    TablePlan("years", EvaluationYear, ("version_code", "year"), lambda pack: _plain(pack.years)),
    TablePlan("weights", CategoryWeight, ("version_code", "category_code"), lambda pack: _plain(pack.weights)),
    TablePlan("items", EvaluationItem, ("version_code", "code"), lambda pack: _plain(pack.items)),
    TablePlan("contents", EvaluationContent, ("version_code", "code"), lambda pack: _plain(pack.contents)),
    TablePlan("negative", NegativeListEntry, ("version_code", "code"), lambda pack: _plain(pack.negative)),
    TablePlan("gates", EvaluationGate, ("version_code", "code"), lambda pack: _plain(pack.gates)),
    TablePlan("counties", CoCreation, ("version_code", "area_code"), lambda pack: _plain(pack.counties)),
    TablePlan("standards", Standard, ("version_code", "code"), lambda pack: _plain(pack.standards)),
    TablePlan("points", Point, ("code",), lambda pack: _plain(pack.points, closed=False), _closed),
    TablePlan("tasks", Task, ("year", "category_code", "point_code"), lambda pack: _plain(pack.tasks), serial=True),
)
