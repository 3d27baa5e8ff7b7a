"""Which issues a reader wants, and which they may see, as values (services/filters.py makes SQL of them)."""

from dataclasses import dataclass
from datetime import datetime

from models.issue import Source
from models.lifecycle import State


@dataclass(frozen=True)
class Scope:
    """What somebody may see: areas with all below them, units that lead or assist, points, what `person` found.

    Any of them is enough. Empty: nothing at all. Codes that do not exist give nothing. Who passes no scope at all sees
    the whole city. Counts that the database keeps know places and leading units only: boards show no more than those,
    and a list shows the same with the scope `as_counted`.
    """

    areas: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    points: frozenset[str] = frozenset()
    person: str | None = None
    counted: bool = False

    def as_counted(self) -> "Scope":
        """The part of it that boards show."""
        return Scope(self.areas, self.units, counted=True)


@dataclass(frozen=True)
class Wanted:
    """Which issues. Empty means all; `area` takes in everything below it, unless `here`: in the area itself only.

    `step`: such as E3, taken in this cycle; `top_step`: the highest taken, −1 for none; `least_step`: that or higher.
    `overdue` and `soon` (within a day) look at the unit's deadline only, `late` at the clocks of the other stages.
    Found from `found_from` on and before `found_to`, closed likewise. `text` is searched in description, address and
    point name, in any spelling of capitals, `number` in the number. What a person handles is open. `leader`: a
    leader assigned it. `tags`: any of those of one set, of every set that one is named of; `tag_year`: by which year's
    table, the newest that has begun for None.
    """

    states: tuple[State, ...] = ()
    open_only: bool = False
    unit: str | None = None
    area: str | None = None
    point: str | None = None
    severities: tuple[str, ...] = ()
    step: str | None = None
    overdue: bool = False
    text: str = ""
    number: str = ""
    found_by: str | None = None
    set_aside: bool = False
    no_unit: bool = False
    here: bool = False
    soon: bool = False
    late: bool = False
    top_step: int | None = None
    least_step: int | None = None
    category: str | None = None
    standard: str | None = None
    sources: tuple[Source, ...] = ()
    found_from: datetime | None = None
    found_to: datetime | None = None
    closed_from: datetime | None = None
    closed_to: datetime | None = None
    handled_by: str | None = None
    round: str | None = None
    leader: bool = False
    tags: tuple[str, ...] = ()
    tag_year: int | None = None
