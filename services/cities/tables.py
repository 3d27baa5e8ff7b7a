"""Which table each file of a pack fills: its key, its rows, and what becomes of a row that is no longer in the pack."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import SQLModel

from models.area import Area
from models.point import Point, Task
from models.standard import Category, EvaluationSystem, EvaluationVersion, Standard
from models.unit import Contact, Deputy, Person, Post, Proof, Tenure, Unit
from services.cities.pack import Pack

Values = Mapping[str, Any]
Ending = Callable[[Values, date, datetime], Values | None]


@dataclass(frozen=True)
class TablePlan:
    """How one table is filled.

    `end` gives the columns that close a row which the pack no longer has: None where it is closed already. Without
    it such rows stay as they are: history points at them, or they came from elsewhere (an imported task table).
    """

    model: type[SQLModel]
    key: tuple[str, ...]
    rows: Callable[[Pack], Iterable[dict[str, Any]]]
    end: Ending | None = None
    serial: bool = False


def _plain(rows: Iterable[Any], **more: Any) -> list[dict[str, Any]]:
    """The rows of a file as columns: the line number is not one."""
    return [{**{name: value for name, value in asdict(row).items() if name != "row"}, **more} for row in rows]


def _areas(pack: Pack) -> list[dict[str, Any]]:
    """The city first, then level by level, each with its path."""
    paths = pack.paths()
    rows = sorted(_plain(pack.areas), key=lambda row: (row["level"], row["code"]))
    return [{**row, "path": paths[row["code"]]} for row in rows]


def _last_day(row: Values, today: date, _: datetime) -> Values | None:
    """Ends yesterday; what would begin today or later never does."""
    first, last = row["valid_from"] or date.min, row["valid_to"]
    if last is not None and last < max(first, today):
        return None
    return {"valid_to": max(first, today) - timedelta(days=1)}


def _closed(row: Values, _: date, __: datetime) -> Values | None:
    return None if row["closed"] else {"closed": True}


def _switched_off(row: Values, _: date, now: datetime) -> Values | None:
    """Not verified any more either, so that the address is switched on again when the pack has it again.

    What somebody proved with a code is theirs, whatever the pack has not heard of.
    """
    return (
        None if row["switched_off_at"] or row["proof"] == Proof.CODE else {"switched_off_at": now, "verified_at": None}
    )


TABLES: Sequence[TablePlan] = (
    TablePlan(Area, ("code",), _areas, _last_day),
    TablePlan(Unit, ("code",), lambda pack: _plain(pack.units), _last_day),
    TablePlan(Person, ("code",), lambda pack: _plain(pack.persons)),
    TablePlan(Post, ("code",), lambda pack: _plain(pack.posts)),
    TablePlan(
        Tenure, ("post_code", "person_code", "valid_from"), lambda pack: _plain(pack.tenures), _last_day, serial=True
    ),
    TablePlan(
        Deputy, ("person_code", "deputy_code", "valid_from"), lambda pack: _plain(pack.deputies), _last_day, serial=True
    ),
    TablePlan(
        Contact, ("person_code", "channel", "address"), lambda pack: _plain(pack.contacts), _switched_off, serial=True
    ),
    TablePlan(EvaluationSystem, ("code",), lambda pack: _plain(pack.systems)),
    TablePlan(EvaluationVersion, ("code",), lambda pack: _plain(pack.versions)),
    TablePlan(Category, ("code",), lambda pack: _plain(pack.categories)),
    TablePlan(Standard, ("version_code", "code"), lambda pack: _plain(pack.standards)),
    TablePlan(Point, ("code",), lambda pack: _plain(pack.points, closed=False), _closed),
    TablePlan(Task, ("year", "category_code", "point_code"), lambda pack: _plain(pack.tasks), serial=True),
)
