"""Issuing task letters: one for each unit with rows in the year, numbered without gaps, frozen, told to the unit.

Asked again, a unit whose rows are as its last letter says gets none; one whose rows changed gets another edition with
the difference, and the letter before stays on record as replaced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models.rights import Actor
from models.task_letter import TaskLetter
from services.papers.stationery import Stationery
from services.tasks.changes import Difference
from services.tasks.filing import file_letters
from services.tasks.messages import tell_issued
from services.tasks.planning import Order, plan
from services.tasks.settings import TaskSettings


@dataclass(frozen=True)
class IssuedLetter:
    """What became of one unit. `letter` None: nothing changed since its letter `number`."""

    unit: str
    number: str
    edition: int
    rows: int
    letter: TaskLetter | None
    since: Difference


@dataclass(frozen=True)
class Prospect:
    """What issuing would do: letters that are new, other editions with what changed, units with nothing new."""

    first: Sequence[tuple[str, str, int]]
    again: Sequence[tuple[str, str, Difference]]
    unchanged: int


def prospect(session: Session, order: Order) -> Prospect:
    """What `issue` would do. Writes nothing. Raises as `issue` does."""
    planned = plan(session, order)
    return Prospect(
        first=[(one.unit.code, one.unit.name, len(one.rows)) for one in planned.new if not one.replaces],
        again=[(one.unit.code, one.unit.name, one.since) for one in planned.new if one.replaces],
        unchanged=len(planned.concerned) - len(planned.new),
    )


def issue(
    session: Session,
    *,
    year: int,
    by: Actor,
    now: datetime,
    stationery: Stationery,
    settings: TaskSettings,
    units: Sequence[str] | None = None,
) -> list[IssuedLetter]:
    """Issue the letters of these units, of all that the actor issues for unless some are named; the caller commits.

    Raises ActionNotAllowed, NotFound, NothingToIssue, WrongValue.
    """
    planned = plan(session, Order(year, by, now, stationery, settings, units))
    letters = file_letters(planned.desk, planned.new, climb_after=settings.climb_after)
    tell_issued(session, letters, planned.new, now=now)
    fresh, since = {one.unit_code: one for one in letters}, {one.unit.code: one.since for one in planned.new}
    found = []
    for code in planned.concerned:
        standing = fresh.get(code) or planned.there[code]
        counts = (standing.edition, standing.row_count)
        found.append(IssuedLetter(code, standing.number, *counts, fresh.get(code), since.get(code, Difference())))
    return found
