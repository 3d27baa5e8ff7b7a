"""Steering an audit, as the API takes and gives it: the draw repeated, the re-check, publishing, handing over."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from models.audit import Result
from services.audit_contradictions import Chosen
from services.audit_differences import Look
from web.api.schemas.audits import Facts
from web.api.schemas.base import Code, Given, Text, Told, Words


class Framed(Told):
    """A point that could have been drawn, with its stratum."""

    point: str
    category: str
    area: str


class Redraw(Told):
    """The draw repeated. `outcome`: same, different, altered (the frame is not that of the day), chosen (no draw)."""

    number: str
    outcome: str
    method: str
    seed: int
    wanted: int
    from_frame: bool
    frame_sha256: str
    drawn: list[str]
    missing: list[str]
    extra: list[str]
    frame: list[Framed]


class Publishing(Given):
    """Why, where sheets of the re-check are open."""

    why: Text = ""


class Published(Told):
    """The numbers of the issues that came of it."""

    number: str
    issues: list[str]


class LeftOver(Told):
    """What could not be handed over, and why."""

    what: str
    why: str


class Dispatched(Told):
    """Issues that went to their units; unit → number of its notice; what is left."""

    assigned: int
    notices: dict[str, str]
    left: list[LeftOver]


class NewRecheck(Given):
    """So many per cent of the full sheets, to be done again by these; no seed: one is drawn."""

    share: Annotated[int, Field(ge=1, le=100)]
    inspectors: Annotated[list[Code], Field(min_length=1, max_length=500)]
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class Agreement(Told):
    """How often the second look came to the same result. `code`: an inspector or a standard."""

    code: str
    compared: int
    same: int


class Difference(Told):
    """One standard on which two looks differ."""

    first_id: int
    second_id: int
    point: str
    standard: str
    first_inspector: str
    second_inspector: str
    first: Result
    second: Result
    first_note: str
    second_note: str
    chosen: str | None


class Recheck(Told):
    """The quality re-check of a round."""

    sheets: int
    filled: int
    inspectors: list[Agreement]
    standards: list[Agreement]
    differences: list[Difference]


class TwoResults(Told):
    """One standard of one sheet: what is recorded, and what somebody else saw, each with its note, counts and time."""

    id: int
    point: str
    standard: str
    recorded: Result
    recorded_note: str
    recorded_facts: Facts
    recorded_by: str
    recorded_at: datetime
    other: Result
    other_note: str
    other_facts: Facts
    other_by: str
    other_at: datetime


class Counts(Given):
    """Which of two results counts, and why."""

    chosen: Chosen
    why: Words


class Choice(Given):
    """Which of two looks counts, and why."""

    look: Look
    why: Words
