"""The problem ledger (问题台账) with every column, and the leaders' plain table, page by page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, func, or_, text
from sqlmodel import Session, col, select

from models.errors import NotFound
from models.issue import Issue
from models.lifecycle import State
from models.routing import area_at
from models.unit import PostKind
from services.bulk import table_of
from services.exports.columns import LEADERS, LEADERS_SHEET, LEDGER, LEDGER_SHEET
from services.exports.register import Register, read_register
from services.exports.sheet import SheetWriter, Value
from services.exports.values import Around, issue_values, overdue_hours, read_around
from services.exports.words import (
    FOUND_LEVELS,
    LOOK_BACK_RESULTS,
    NO,
    REPLIED,
    SATISFACTION,
    SOURCES,
    STATES,
    SYSTEM_WORD,
    YES,
    limit_words,
    word,
)

PAGE = 500
Progress = Callable[[int, int], None]
WORDS = {
    "source": SOURCES,
    "found_level": FOUND_LEVELS,
    "satisfaction": SATISFACTION,
    "look_back_result": LOOK_BACK_RESULTS,
    "state": STATES,
}
CHIEFS = {"building_chief": 5, "grid_chief": 5, "area_chief": 4, "street_chief": 3}


@dataclass(frozen=True)
class Filter:
    """Which issues: below an area, of a unit (leading or assisting), in states, found on days (both included).

    `where`: further conditions on the issues, such as those of a list.
    """

    area: str | None = None
    unit: str | None = None
    states: tuple[State, ...] = ()
    found_from: date | None = None
    found_to: date | None = None
    where: tuple[ColumnElement[bool], ...] = ()


EVERYTHING = Filter()


def export_ledger(
    session: Session,
    path: Path,
    *,
    now: datetime,
    which: Filter = EVERYTHING,
    lang: str = "zh-CN",
    progress: Progress | None = None,
) -> int:
    """Write the ledger; returns how many issues. What it writes, `imports.ledger` reads. Source: domain 9d.

    Raises NotFound for an area or a unit that is not there; OSError when the file cannot be written.
    """
    same_moment(session)
    register = read_register(session, now=now)
    with SheetWriter(path, title=LEDGER_SHEET[lang], columns=LEDGER, lang=lang) as sheet:
        for issue, around in _issues(session, which, register, progress):
            sheet.write(_ledger_row(issue, around, register, now=now, lang=lang))
    return _count(session, which, register)


def ledger_rows(
    session: Session, *, now: datetime, which: Filter = EVERYTHING, lang: str = "zh-CN"
) -> Iterator[list[Value]]:
    """The rows of the ledger without its heading, one by one. Raises NotFound."""
    same_moment(session)
    register = read_register(session, now=now)
    for issue, around in _issues(session, which, register, None):
        yield _ledger_row(issue, around, register, now=now, lang=lang)


def export_leaders_table(
    session: Session,
    path: Path,
    *,
    now: datetime,
    which: Filter = EVERYTHING,
    lang: str = "zh-CN",
    progress: Progress | None = None,
) -> int:
    """Write the plain table that leaders read; returns how many issues. Raises as `export_ledger`."""
    same_moment(session)
    register = read_register(session, now=now)
    position = 0
    with SheetWriter(path, title=LEADERS_SHEET[lang], columns=LEADERS, lang=lang) as sheet:
        for position, (issue, _) in enumerate(_issues(session, which, register, progress), start=1):
            sheet.write([position, *_leaders_row(issue, register, now=now, lang=lang)])
    return position


def same_moment(session: Session) -> None:
    """Let all pages see the database as it is now, unless the caller's transaction has begun already."""
    if not session.in_transaction():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _issues(
    session: Session, which: Filter, register: Register, progress: Progress | None
) -> Iterator[tuple[Any, Around]]:
    total, done, after = _count(session, which, register), 0, 0
    table = table_of(Issue)
    where = _conditions(which, register)
    while True:
        query = table.select().where(table.c.id > after, *where).order_by(table.c.id).limit(PAGE)
        page = session.connection().execute(query).all()
        if not page:
            return
        around = read_around(session, [issue.id for issue in page])
        for issue in page:
            yield issue, around
        after, done = page[-1].id, done + len(page)
        if progress:
            progress(done, total)


def _count(session: Session, which: Filter, register: Register) -> int:
    return session.exec(select(func.count()).select_from(Issue).where(*_conditions(which, register))).one()


def _conditions(which: Filter, register: Register) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if which.area:
        if which.area not in register.areas:
            raise NotFound(what="area", code=which.area)
        path = register.areas[which.area].path
        found.append(or_(col(Issue.area_path) == path, col(Issue.area_path).startswith(f"{path}/")))
    if which.unit:
        if which.unit not in register.units:
            raise NotFound(what="unit", code=which.unit)
        assists = text(":unit = ANY(issue.assisting_units)").bindparams(unit=which.unit)
        found.append(or_(col(Issue.lead_unit) == which.unit, assists))
    if which.states:
        found.append(col(Issue.state).in_(which.states))
    return [*found, *_days(which, register), *which.where]


def _days(which: Filter, register: Register) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if which.found_from:
        found.append(col(Issue.found_at) >= datetime.combine(which.found_from, time(), register.zone))
    if which.found_to:
        end = datetime.combine(which.found_to + timedelta(days=1), time(), register.zone)
        found.append(col(Issue.found_at) < end)
    return found


def _ledger_row(issue: Any, around: Around, register: Register, *, now: datetime, lang: str) -> list[Value]:
    values = issue_values(issue, around=around, register=register)
    cells = {**values, **_shown(values, issue, register, lang), **_derived(issue, register, now=now, lang=lang)}
    return [cells[column.field] for column in LEDGER]


def _shown(values: dict[str, Any], issue: Any, register: Register, lang: str) -> dict[str, Value]:
    """The values that stand in a cell otherwise than we keep them."""
    words: dict[str, Value] = {
        name: word(values[name], table, lang=lang) if values[name] else None for name, table in WORDS.items()
    }
    return words | {
        "found_by": register.persons.written(issue.found_by),
        "verified_by": register.persons.written(issue.verified_by),
        "closed_by": _closer(issue.closed_by, register, lang),
        "category": register.categories.written(issue.category_code),
        "standard": _standard(issue, register),
        "lead_unit": register.units.written(values["lead_unit"]),
        "assisting": _lines(register.units.written(code) for code in issue.assisting_units),
        "limit": limit_words(issue.limit, lang=lang) if issue.limit else None,
        "leader_assigned": yes_no(values["leader_assigned"], lang=lang),
        "before": _lines(values["before"]),
        "after": _lines(values["after"]),
        "orders": _lines(f"{number}{REPLIED if replied else ''}" for number, replied in values["orders"]),
    }


def _closer(code: str | None, register: Register, lang: str) -> str:
    return SYSTEM_WORD if code == "system" and lang != "en" else register.persons.written(code)


def _standard(issue: Any, register: Register) -> str | None:
    """The code alone; with its version where the code alone would mean another edition."""
    if not issue.standard_code:
        return None
    usual = register.edition(issue.standard_code, on=issue.found_at.astimezone(register.zone).date())
    same = usual is not None and usual.version == issue.version_code
    return str(issue.standard_code if same else f"{issue.version_code} {issue.standard_code}")


def _lines(values: Any) -> str:
    return "\n".join(values)


def _derived(issue: Any, register: Register, *, now: datetime, lang: str) -> dict[str, Value]:
    levels = {"district": 2, "street": 3, "community": 4, "grid": 5}
    names: dict[str, Value] = {name: _area_name(issue, level, register) for name, level in levels.items()}
    late = overdue_hours(issue, now=now)
    for kind in (PostKind.DIRECT_LEADER, PostKind.DEPUTY_LEADER, PostKind.PRINCIPAL_LEADER):
        names[kind.value] = register.holder_names(f"{issue.lead_unit}:{kind}")
    for chief, level in CHIEFS.items():
        names[chief] = register.holder_names(f"{area_at(issue.area_path, level)}:{chief}")
    point = register.points.get(issue.point_code or "")
    return names | {
        "sponsor_leader": register.holder_names(f"{issue.point_code}:{PostKind.SPONSOR_LEADER}"),
        "point_name": point.name if point else None,
        "overdue": yes_no(late is not None, lang=lang),
        "overdue_hours": late,
    }


def _area_name(issue: Any, level: int, register: Register) -> str | None:
    place = register.areas.get(area_at(issue.area_path, level) or "")
    return place.name if place else None


def yes_no(value: bool, *, lang: str) -> str:
    """是 or 否, yes or no."""
    return ("yes" if value else "no") if lang == "en" else (YES if value else NO)


def _leaders_row(issue: Any, register: Register, *, now: datetime, lang: str) -> Sequence[Value]:
    point = register.points.get(issue.point_code or "")
    unit = issue.lead_unit or issue.suggested_unit
    person = register.persons.name(issue.handler) or register.holder_names(f"{unit}:{PostKind.HANDLER}")
    late = overdue_hours(issue, now=now) is not None and issue.state != State.CLOSED
    progress = word(issue.state, STATES, lang=lang) + ((" (overdue)" if lang == "en" else "（逾期）") if late else "")
    return [
        point.name if point else issue.address or register.areas[issue.area_code].name,
        issue.description,
        register.units.name(unit),
        person,
        register.local(issue.due_at) if issue.due_at else None,
        progress,
        yes_no(issue.state == State.CLOSED, lang=lang),
    ]
