"""Task letters of the year: issued to the departments, signed by most, reissued to one whose points changed hands."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import Session, col, func, select

from models.point import Task
from models.task_letter import TaskLetter
from services.demo_life.stage import Stage
from services.imports import tasks as table
from services.imports.tasks import Plan
from services.tasks import letters, signing
from services.tasks.settings import settings_in_force

LEADERS = ("principal_leader", "deputy_leader")
SKIPPED = 6
"""Each sixth has not signed."""
UNITS = 48
GIVEN_ON = 12
"""Points that get another person."""


def issue_and_sign(stage: Stage) -> None:
    """Forty days ago to the units with the most points; signed within days."""
    year = stage.session.exec(select(func.max(Task.year))).one()
    if year is None:
        return
    units = _units(stage.session, year)
    _issue(stage, year, units, days=40)
    for n, unit in enumerate(units):
        if n % SKIPPED != SKIPPED - 1:
            _sign(stage, unit, days=39 - n % 5)
    _change_hands(stage, year, units[0])
    _issue(stage, year, units[:1], days=5)


def _units(session: Session, year: int) -> list[str]:
    query = select(Task.unit_code).where(Task.year == year).group_by(Task.unit_code)
    return list(session.exec(query.order_by(func.count().desc(), Task.unit_code).limit(UNITS)).all())


def _issue(stage: Stage, year: int, units: list[str], *, days: int) -> None:
    at = stage.ago(days, 10)
    letters.issue(
        stage.session,
        year=year,
        by=stage.office(at),
        now=at,
        stationery=stage.press.stationery,
        settings=settings_in_force(stage.session, otherwise=Path()),
        units=units,
    )


def _sign(stage: Stage, unit: str, *, days: int) -> None:
    leader = next((who for kind in LEADERS for who in stage.holders(kind, unit)), None)
    query = select(TaskLetter.number).where(TaskLetter.unit_code == unit, col(TaskLetter.replaced_at).is_(None))
    number = stage.session.exec(query).first()
    if leader and number:
        at = stage.ago(days, 15)
        signing.sign(stage.session, number, by=stage.act(leader, at), now=at)


def _change_hands(stage: Stage, year: int, unit: str) -> None:
    """The unit's leader takes some of its points over: the table says so from then on."""
    who = stage.one("direct_leader", "deputy_leader", "principal_leader", owner=unit)
    query = select(Task).where(Task.year == year, Task.unit_code == unit, col(Task.person_code).is_not(None))
    rows = stage.session.exec(query.order_by(col(Task.id)).limit(GIVEN_ON)).all()
    updates = tuple({"id": row.id, "person_code": who} for row in rows)
    at = stage.ago(6, 11) + timedelta(minutes=5)
    table.apply(
        stage.session, Plan("责任人调整", task_updates=updates), by=stage.act(stage.one("administrator"), at), now=at
    )
