"""The task decomposition table (任务分解表): points, and who answers for them in a year.

A point that is new is made; one that is known takes name, place and address from the table and keeps its lead unit,
since the row of the year goes before it. An empty cell says nothing about a point; it clears person and campaign of a
task where the column is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from models.errors import BadRow, BadRows, WrongValue
from models.permissions import Right, must_hold
from models.point import Point, Task
from models.rights import Actor
from services import bulk, rulebook
from services.cities.loading import lock
from services.cities.recording import recorded
from services.exports.register import Register, read_register
from services.imports.cells import Complaints
from services.imports.tasks_rows import BY_FIELD, COLUMNS, NEEDED, OF_POINT, OF_TASK, read_rows, task_key
from services.imports.turns import MEANWHILE, wait_for_turn
from services.imports.workbook import Progress, Table, read_table


@dataclass(frozen=True)
class Change:
    """One column of one point or task that the table would change."""

    what: str
    key: str
    column: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Gone:
    """A row of a year that the file tells of, and that the file leaves out."""

    id: int
    key: str
    unit: str


@dataclass(frozen=True)
class Plan:
    """What loading the file would do. With anything in `bad`, nothing is loaded.

    `gone` is taken out only by who says that the file is the whole table of its years.
    """

    file: str
    new_points: tuple[Mapping[str, Any], ...] = ()
    new_tasks: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    bad: tuple[BadRow, ...] = ()
    ignored: tuple[str, ...] = ()
    point_updates: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    task_updates: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    gone: tuple[Gone, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything is as the file says already; rows that it leaves out stay unless somebody says so."""
        return not (self.new_points or self.new_tasks or self.changes)


def plan(session: Session, path: Path, *, now: datetime, progress: Progress | None = None) -> Plan:
    """Read the table and compare; writes nothing. Raises UnreadableFile; bad rows are in the plan.

    Waits for other imports, and others wait, until the transaction ends.
    """
    table = read_table(path, COLUMNS, needed=NEEDED, progress=progress)
    wait_for_turn(session)
    register = read_register(session, now=now)
    complaints = Complaints(table, BY_FIELD, list(table.bad))
    rows = [] if table.bad else read_rows(table, register, complaints, progress)
    if complaints.found:
        return Plan(file=table.file, bad=tuple(complaints.found), ignored=table.ignored)
    return _compare(session, table, rows, register)


def apply(session: Session, planned: Plan, *, by: Actor, now: datetime, gone: Sequence[Gone] = ()) -> None:
    """Load what was planned, in the caller's transaction: it decides who answers, so it is the city office's to do.

    `gone`: those rows of the plan's that are taken out. What became of each row is put on record with the city's
    history. Raises ActionNotAllowed for anybody else; BadRows, and loads nothing, when a row is bad; WrongValue when a
    point has come in since the plan was made.
    """
    must_hold(by, Right.MANAGE_CITY, city=rulebook.the_city(session).code)
    if planned.bad:
        raise BadRows(file=planned.file, rows=planned.bad)
    wait_for_turn(session)
    lock(session)
    _refuse_known(session, [point["code"] for point in planned.new_points])
    told: dict[str, Any] = {"of": {}, "who": by.code, "why": planned.file, "now": now}
    with recorded(session, "points", **told), recorded(session, "tasks", **told):
        bulk.insert(session, Point, planned.new_points)
        bulk.update(session, Point, planned.point_updates, key=("code",))
        bulk.insert(session, Task, planned.new_tasks)
        bulk.update(session, Task, planned.task_updates, key=("id",))
        if gone:
            session.connection().execute(delete(Task).where(col(Task.id).in_([one.id for one in gone])))
    session.expire_all()


def _refuse_known(session: Session, codes: list[str]) -> None:
    known = session.exec(select(Point.code).where(col(Point.code).in_(codes)).limit(1)).first()
    if known is not None:
        raise WrongValue(field="point", value=known, expected=MEANWHILE)


def _compare(session: Session, table: Table, rows: list[dict[str, Any]], register: Register) -> Plan:
    years = {values["year"] for values in rows}
    kept = {
        (task.year, task.category_code, task.point_code): task
        for task in session.exec(select(Task))
        if task.year in years
    }
    new_points: dict[str, dict[str, Any]] = {}
    point_changes: dict[tuple[str, str], Change] = {}
    task_changes: list[Change] = []
    new_tasks, task_updates, unchanged = [], [], 0
    for values in rows:
        changed = _point(values, register, new_points, point_changes)
        task = kept.get(task_key(values))
        if task is None:
            new_tasks.append({"year": values["year"], "category_code": values["category_code"], **_task(values)})
            continue
        differs = _task_changes(task, values, table)
        task_changes += differs
        if differs:
            task_updates.append({"id": task.id, **{change.column: change.new for change in differs}})
        unchanged += not differs and not changed
    said = {task_key(values) for values in rows}
    return Plan(
        file=table.file,
        new_points=tuple(new_points.values()),
        new_tasks=tuple(new_tasks),
        changes=(*point_changes.values(), *task_changes),
        unchanged=unchanged,
        ignored=table.ignored,
        point_updates=_updates(point_changes.values()),
        task_updates=tuple(task_updates),
        gone=tuple(Gone(task.id or 0, _key(task), task.unit_code) for key, task in kept.items() if key not in said),
    )


def _task(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "point_code": values.get("point_code"),
        "unit_code": values["unit_code"],
        "person_code": values.get("person_code"),
        "campaign": values.get("campaign", ""),
    }


def _point(
    values: Mapping[str, Any],
    register: Register,
    new: dict[str, dict[str, Any]],
    changes: dict[tuple[str, str], Change],
) -> bool:
    """Note what the row says of its point; whether that changes anything."""
    code = values.get("point_code")
    if code is None:
        return False
    point = register.points.get(code)
    if point is None:
        given = {name: values[name] for name in OF_POINT if name in values}
        new.setdefault(code, _new_point(code, values)).update(given)
        return True
    before = len(changes)
    for name in OF_POINT:
        if name in values and getattr(point, name) != values[name]:
            changes[code, name] = Change("point", code, name, getattr(point, name), values[name])
    return len(changes) > before


def _new_point(code: str, values: Mapping[str, Any]) -> dict[str, Any]:
    fixed = {"code": code, "category_code": values["category_code"], "lead_unit": values["unit_code"]}
    return {**fixed, "address": "", "lat": None, "lng": None, "closed": False, "sample": False}


def _task_changes(task: Task, values: Mapping[str, Any], table: Table) -> list[Change]:
    wanted = {name: value for name, value in _task(values).items() if name in OF_TASK and name in table.headings}
    return [
        Change("task", _key(task), name, getattr(task, name), value)
        for name, value in wanted.items()
        if getattr(task, name) != value
    ]


def _key(task: Task) -> str:
    """As people read it: year, class, point."""
    return f"{task.year} {task.category_code} {task.point_code or ''}".strip()


def _updates(changes: Any) -> tuple[Mapping[str, Any], ...]:
    by_code: dict[str, dict[str, Any]] = {}
    for change in changes:
        by_code.setdefault(change.key, {"code": change.key})[change.column] = change.new
    return tuple(by_code.values())
