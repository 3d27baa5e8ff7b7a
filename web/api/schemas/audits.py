"""Audits as the API takes and gives them."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from models.audit import Result, RoundKind
from web.api.schemas.base import Code, Given, Text, Told


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
    """A sheet of an audit. `again_of`: the sheet that it does a second time; `hidden`: not to be seen yet."""

    id: int
    inspector: str
    point: str
    point_name: str
    filled_at: datetime | None
    again_of: int | None
    hidden: bool
    met: int
    not_met: int
    not_applicable: int


class Facts(Told):
    """What was counted or timed; `minutes` is a decimal as text."""

    found: int | None = None
    required: int | None = None
    faults: int | None = None
    minutes: str | None = None


class AskedOf(Told):
    """One standard of a sheet, and what was seen of it; null while nobody has looked.

    `measure`: yes_no, share, per_fault or timed; `counts`: what is asked for because of that.
    """

    standard: str
    text: str
    severity: str
    result: Result | None = None
    note: str = ""
    observed_at: datetime | None = None
    issue: str | None = None
    measure: str = "yes_no"
    counts: tuple[str, ...] = ()
    facts: Facts | None = None


class SheetOf(Told):
    """One sheet with its standards. `left`: how many nobody has looked at."""

    id: int
    inspector: str
    point: str
    point_name: str
    area_name: str
    filled_at: datetime | None
    left: int
    standards: list[AskedOf]


class RoundOf(Told):
    """One audit with its sheets and what came of it."""

    number: str
    kind: RoundKind
    area_code: str
    on_date: date
    seed: int
    wanted: int
    held: bool
    finished_at: datetime | None
    published_at: datetime | None
    compliance_rate: float | None
    draw_repeats: bool
    sheets: list[Sheet]
    issues: list[str]


class NewRound(Given):
    """An audit to be started. No categories: all of them; no seed: one is drawn. `held`: faults wait until it is
    published; of covert ones and mock evaluations they always do."""

    kind: RoundKind
    area: Code
    points: Annotated[int, Field(ge=1, le=100_000)]
    inspectors: Annotated[list[Code], Field(min_length=1, max_length=500)]
    on_date: date | None = None
    categories: Annotated[tuple[Code, ...], Field(max_length=200)] = ()
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    version: Code | None = None
    held: bool = False


class Started(Told):
    """What the draw gave. `repeated`: this key has started it before."""

    number: str
    drawn: int
    available: int
    repeated: bool


Count = Annotated[int, Field(ge=0, le=1_000_000)]


class SeenOn(Given):
    """What was seen of one standard. What is not met or not applicable needs a note. No result: the counts say it.

    `observed_at`: when it was seen, where a device kept it until there was a network; it does not reach back before the
    audit was started.
    """

    standard: Code
    result: Result | None = None
    note: Text = ""
    found: Count | None = None
    required: Count | None = None
    faults: Count | None = None
    minutes: Annotated[str, Field(pattern=r"^\d{1,4}(\.\d{1,2})?$", examples=["7.5"])] | None = None
    observed_at: AwareDatetime | None = None


class Seen(Given):
    """What was seen on one sheet."""

    observations: Annotated[list[SeenOn], Field(min_length=1, max_length=500)]


class Recorded(Told):
    """What came of it: numbers of new issues, and whether the sheet is full now."""

    written: int
    repeated: int
    issues: list[str]
    filled: bool
