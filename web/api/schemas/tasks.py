"""Tasks and their letters as the API takes and gives them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from models.task_letter import LetterAct, LetterState
from services.tasks.table import FIRST_YEAR, LAST_YEAR
from web.api.schemas.base import Code, Given, Told


class Year(Told):
    """One year's table. `tasks` are its rows."""

    year: int
    tasks: int
    points: int
    classes: int
    units: int
    without_person: int


class Covered(Told):
    """What there is, and how much of it is missing: `standard` counts standards whose class has no row."""

    code: str
    name: str
    points: int
    no_unit: int
    no_person: int
    person_gone: int
    standards: int
    standard: int
    is_whole: bool


class Coverage(Told):
    """The whole, and its parts."""

    all: Covered
    classes: Sequence[Covered]
    places: Sequence[Covered]


class Hole(Told):
    """One point or standard of which something is missing. `unit`: who answers, or would without a row."""

    code: str
    name: str
    category: str
    place: str
    unit: str
    person: str


class Progress(Told):
    """`on_time` counts those of `closed` that were handed in by their deadline."""

    code: str
    name: str
    points: int
    inspected: int
    open: int
    overdue: int
    closed: int
    on_time: int


class Row(Told):
    """One task. Without a point it holds for the whole class."""

    category_code: str
    category: str
    point_code: str
    point: str
    place: str
    address: str
    person_code: str
    person: str
    campaign: str


class ChangedRow(Told):
    """One column of one task that reads otherwise."""

    point_code: str
    category_code: str
    column: str
    old: str
    new: str


class Changes(Told):
    """What an edition says otherwise than the one before."""

    added: Sequence[Row]
    gone: Sequence[Row]
    changed: Sequence[ChangedRow]


class NewLetters(Given):
    """Letters of a year for these units; without units, for all that you issue for."""

    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
    units: Annotated[tuple[Code, ...] | None, Field(min_length=1, max_length=2000)] = None


class IssuedLetter(Told):
    """The letter of a unit that holds now; `issued`: it is new."""

    unit: str
    number: str
    edition: int
    rows: int
    issued: bool
    changes: Changes


class Letter(Told):
    """Where a letter stands. `mine`: you may sign for it."""

    number: str
    year: int
    unit: str
    unit_name: str
    edition: int
    rows: int
    state: LetterState
    issued_at: datetime
    told_at: datetime | None
    sign_due_at: datetime
    signed_at: datetime | None
    signed_by: str
    reminded_at: datetime | None
    climbed_at: datetime | None
    mine: bool


class Happened(Told):
    """One thing that happened to a letter; `who` is empty for the system."""

    act: LetterAct
    at: datetime
    who: str
    on_behalf_of: str


class LetterOf(Letter):
    """A letter as it was issued. `editions`: numbers of all of them, the newest first."""

    tasks: Sequence[Row]
    changes: Changes
    history: Sequence[Happened]
    editions: Sequence[str]
