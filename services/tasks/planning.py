"""What issuing the letters of a year would do: who may, whom it concerns, what each unit's letter would say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.area import Area
from models.deadlines import due
from models.errors import NotFound, WrongValue
from models.paper import Paper, PaperKind
from models.permissions import PERMISSIONS, Held, Right, must_hold
from models.rights import Actor
from models.task_letter import TaskLetter
from models.unit import OwnerKind, Unit
from services import rulebook
from services.papers.content import Desk
from services.papers.drafts import desk_of
from services.papers.stationery import Stationery
from services.tasks.changes import Difference, difference
from services.tasks.errors import NothingToIssue
from services.tasks.letter_content import ToWrite
from services.tasks.settings import TaskSettings
from services.tasks.table import FIRST_YEAR, LAST_YEAR, TaskRow, row_of, rows_hash, rows_of


@dataclass(frozen=True)
class Order:
    """Which letters are wanted: of all units that the actor issues for unless some are named."""

    year: int
    by: Actor
    now: datetime
    stationery: Stationery
    settings: TaskSettings
    units: Sequence[str] | None = None


@dataclass(frozen=True)
class Planned:
    """`concerned`: units with the paths of their areas; `there`: letters in force; `new`: what would be written."""

    desk: Desk
    concerned: Mapping[str, tuple[Unit, str]]
    there: Mapping[str, TaskLetter]
    new: Sequence[ToWrite]


def plan(session: Session, order: Order) -> Planned:
    """Read the rows, and what the letters in force say. Whoever else issues letters of that year waits meanwhile.

    Raises ActionNotAllowed, NotFound, NothingToIssue, WrongValue.
    """
    if not FIRST_YEAR <= order.year <= LAST_YEAR:
        raise WrongValue(field="year", value=order.year, expected=f"{FIRST_YEAR}–{LAST_YEAR}")
    city = rulebook.the_city(session)
    held = must_hold(order.by, Right.ISSUE_TASK_LETTER, city=city.code)
    wanted = None if order.units is None else sorted(set(order.units))
    for code in wanted or ():
        _must_issue_for(session, order.by, code, city=city.code)
    desk = desk_of(session, by=order.by, now=order.now, stationery=order.stationery, kind=PaperKind.TASK_LETTER)
    session.connection().execute(_TURN, {"key": f"task letters/{order.year}"})
    rows, there = rows_of(session, year=order.year, units=wanted), _in_force(session, order.year, wanted)
    concerned = _concerned(session, {*rows, *there}, held)
    for code in wanted or ():
        if code not in concerned:
            raise NothingToIssue(year=order.year, unit=code)
    if not concerned:
        raise NothingToIssue(year=order.year, unit=city.name)
    said = _said(session, there)
    letters = (
        _to_write(desk, order, unit, path, rows.get(code, []), there.get(code), said)
        for code, (unit, path) in concerned.items()
    )
    return Planned(desk, concerned, there, [one for one in letters if one is not None])


def _must_issue_for(session: Session, by: Actor, code: str, *, city: str) -> None:
    unit = session.get(Unit, code)
    if unit is None:
        raise NotFound(what="unit", code=code)
    area = session.get_one(Area, unit.area_code)
    must_hold(by, Right.ISSUE_TASK_LETTER, city=city, area_path=area.path)


def _concerned(session: Session, codes: set[str], held: Held) -> dict[str, tuple[Unit, str]]:
    """The units among these that the actor issues for, with the paths of their areas."""
    query = select(Unit, Area.path).join(Area, col(Area.code) == col(Unit.area_code))
    found = session.exec(query.where(col(Unit.code).in_(codes)).order_by(col(Unit.code)))
    return {unit.code: (unit, path) for unit, path in found if held.covers(area_path=path)}


def _in_force(session: Session, year: int, units: Sequence[str] | None) -> dict[str, TaskLetter]:
    query = select(TaskLetter).where(TaskLetter.year == year, col(TaskLetter.replaced_at).is_(None))
    if units is not None:
        query = query.where(col(TaskLetter.unit_code).in_(units))
    found = session.exec(query.with_for_update().execution_options(populate_existing=True))
    return {letter.unit_code: letter for letter in found}


def _said(session: Session, there: Mapping[str, TaskLetter]) -> dict[str, list[TaskRow]]:
    """The rows that the letters in force were issued with."""
    numbers = [letter.number for letter in there.values()]
    found = session.exec(select(Paper.unit_code, Paper.content).where(col(Paper.number).in_(numbers)))
    return {unit: [row_of(row) for row in content["rows"]] for unit, content in found}


def _to_write(
    desk: Desk,
    order: Order,
    unit: Unit,
    path: str,
    rows: Sequence[TaskRow],
    last: TaskLetter | None,
    said: Mapping[str, Sequence[TaskRow]],
) -> ToWrite | None:
    """The letter that the unit is to get; None where the last one says it all."""
    if last is not None and last.rows_sha256 == rows_hash(rows):
        return None
    calendar = rulebook.calendar(desk.session, desk.city.calendar_version or 0)
    end = due(calendar, start=desk.now, limit=order.settings.sign_within)
    return ToWrite(
        unit=unit,
        area_path=path,
        year=order.year,
        edition=last.edition + 1 if last else 1,
        rows=rows,
        replaces=last.number if last else "",
        since=difference(said.get(unit.code, []), rows) if last else Difference(),
        office=_office(desk, path),
        sign_due_at=end.at,
        provisional=end.provisional,
    )


def _office(desk: Desk, path: str) -> str:
    """The post by which the actor issues for this place; the highest, where there are several."""
    places = path.split("/")
    fitting = [
        post
        for post in desk.by.all_posts
        if post.owner_kind is OwnerKind.AREA
        and post.owner_code in places
        and PERMISSIONS[Right.ISSUE_TASK_LETTER].comes_with(post, city=desk.city.code)
    ]
    first = min(fitting, key=lambda post: post.level)
    return f"{first.owner_code}:{first.kind}"


_TURN = text("SELECT pg_advisory_xact_lock(hashtext(:key))")
