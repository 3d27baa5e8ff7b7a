"""The list of material as a workbook: what each standard asks for, of whom, by when. All of it is loaded, or nothing.

A row that is known by edition, year and code is changed where it says otherwise; an empty cell changes nothing. Rows
that the workbook does not have stay: units send their parts of the list one by one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.errors import BadRow, BadRows
from models.filing import FilingItem
from models.permissions import Right, held
from models.rights import Actor
from models.standard import EvaluationVersion
from models.unit import Unit
from services import rulebook
from services.exports.filing_columns import BY_FIELD, READ
from services.exports.register import Names, Register, read_register
from services.filing import listing
from services.filing.listing import Listed
from services.findings import current_version
from services.imports import cells, times
from services.imports.cells import Complaints, NotThat, Reader
from services.imports.turns import wait_for_turn
from services.imports.workbook import Line, Progress, Table, read_table

NEEDED = ("code", "title", "unit_code", "due_on")
MOST_WARNING = 365
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Plan:
    """What loading the file would do. With anything in `bad`, nothing is loaded."""

    file: str
    new: tuple[Listed, ...] = ()
    changed: tuple[Listed, ...] = ()
    unchanged: int = 0
    bad: tuple[BadRow, ...] = ()
    ignored: tuple[str, ...] = ()


def plan(session: Session, path: Path, *, by: Actor, now: datetime, progress: Progress | None = None) -> Plan:
    """Read the list and compare; writes nothing. Raises UnreadableFile; bad rows are in the plan.

    Waits for other imports, and others wait, until the transaction ends.
    """
    table = read_table(path, READ, needed=NEEDED, progress=progress)
    wait_for_turn(session)
    reading = _Reading(session, table, by=by, now=now)
    rows = [] if table.bad else [reading.row(line) for line in table.lines]
    if reading.complaints.found:
        return Plan(table.file, bad=tuple(reading.complaints.found), ignored=table.ignored)
    found = [one for one in rows if one is not None]
    return Plan(
        table.file,
        new=tuple(one for one in found if one.item is None),
        changed=tuple(one for one in found if one.item is not None and one.changes),
        unchanged=sum(1 for one in found if one.item is not None and not one.changes),
        ignored=table.ignored,
    )


def apply(session: Session, planned: Plan, *, by: Actor, now: datetime) -> None:
    """Load what was planned, in the caller's transaction. Raises BadRows, and loads nothing, when a row is bad."""
    if planned.bad:
        raise BadRows(file=planned.file, rows=planned.bad)
    listing.write(session, [*planned.new, *planned.changed], by=by, now=now)


class _Reading:
    """One workbook being read: what may be named in it, and what is wrong with it."""

    def __init__(self, session: Session, table: Table, *, by: Actor, now: datetime) -> None:
        self.complaints = Complaints(table, BY_FIELD, list(table.bad))
        self._session, self._now = session, now
        self._city = rulebook.the_city(session)
        self._calendar = rulebook.calendar(session, self._city.calendar_version or 0)
        self._scope = held(by, Right.MANAGE_FILING, city=self._city.code)
        self._paths = _paths_of_units(session)
        self._version = current_version(session, now=now)
        self._known = {(one.version_code, one.year, one.code): one for one in session.exec(select(FilingItem))}
        self._readers = _readers(session, read_register(session, now=now), self._city.rule_set_code or "")
        self._seen: dict[tuple[str, int, str], int] = {}

    def row(self, line: Line) -> Listed | None:
        """A row as what is to be written; None where something is wrong with it."""
        before = len(self.complaints.found)
        values = cells.read_cells(line, self._readers, self.complaints)
        if "due_on" in values:
            values["due_at"] = self._calendar.close_of_business(values["due_on"])
        self._check_key(line, values)
        item = self._known.get(self._key(values))
        self._check_needed(line, item)
        self._check_scope(line, values, item)
        if len(self.complaints.found) > before:
            return None
        if item is None:
            return Listed(None, {**values, **self._place(values)})
        self._check_open(line, values, item)
        changes = {name: value for name, value in values.items() if getattr(item, name) != value}
        return Listed(item, {name: value for name, value in changes.items() if name in listing.CHANGEABLE})

    def _place(self, values: Mapping[str, Any]) -> dict[str, Any]:
        version, year, _ = self._key(values)
        return {"version_code": version, "year": year}

    def _key(self, values: Mapping[str, Any]) -> tuple[str, int, str]:
        due: date | None = values.get("due_on")
        year = values.get("year") or (due.year if due else self._calendar.local(self._now).year)
        return str(values.get("version_code") or self._version or ""), int(year), str(values.get("code") or "")

    def _check_key(self, line: Line, values: Mapping[str, Any]) -> None:
        key = self._key(values)
        first = self._seen.setdefault(key, line.row)
        if first != line.row and values.get("code"):
            self.complaints.add(line, "code", f"each piece of material once; it stands in row {first} already")
        if not key[0]:
            self.complaints.add(line, "version_code", "the code of an edition: none is in force")

    def _check_needed(self, line: Line, item: FilingItem | None) -> None:
        for name in NEEDED:
            if name not in line.cells and (item is None or name == "code"):
                self.complaints.add(line, name, "a value in every row that is new")

    def _check_scope(self, line: Line, values: Mapping[str, Any], item: FilingItem | None) -> None:
        units = {values.get("unit_code"), item.unit_code if item else None} - {None}
        if not all(self._scope.covers(area_path=self._paths.get(unit or "", "")) for unit in units):
            self.complaints.add(line, "unit_code", "a unit of the area whose list you keep")

    def _check_open(self, line: Line, values: Mapping[str, Any], item: FilingItem) -> None:
        """Rules are frozen on a running issue: it would go on with the unit that it was given to."""
        unit = values.get("unit_code")
        if unit and unit != item.unit_code and listing.open_issue(self._session, item):
            self.complaints.add(line, "unit_code", f"{item.unit_code}, while its issue is open")


def _paths_of_units(session: Session) -> dict[str, str]:
    query = select(Unit.code, Area.path).join(Area, col(Area.code) == col(Unit.area_code))
    return dict(session.exec(query).all())


def _readers(session: Session, register: Register, rules: str) -> dict[str, Reader]:
    versions = Names(session.exec(select(EvaluationVersion.code, EvaluationVersion.name)))
    return {
        "version_code": cells.known(versions, "an edition"),
        "year": cells.year,
        "code": _code,
        "standard_code": cells.code_text,
        "title": _title,
        "marks": _marks,
        "unit_code": cells.known(register.units, "a unit"),
        "reviewer": cells.known(register.persons, "a person"),
        "due_on": _day,
        "warn_days": _warn_days,
        "severity": _severity(rulebook.rules(session, rules).severities),
    }


def _code(cell: Any) -> str:
    found = cells.code_text(cell)
    if not found or len(found) > 40 or not found.isprintable():
        raise NotThat("a code of at most 40 characters")
    return found


def _title(cell: Any) -> str:
    found = " ".join(cells.text(cell).split())
    if not found or len(found) > LONGEST_TITLE:
        raise NotThat(f"a text of 1–{LONGEST_TITLE} characters")
    return found


def _marks(cell: Any) -> Decimal:
    value = cells.number(cell)
    if not 0 <= value <= 1000:
        raise NotThat("a number from 0 to 1000")
    return value


def _day(cell: Any) -> date:
    return times.local_time(cell).date()


def _warn_days(cell: Any) -> int:
    value = cells.whole(cell)
    if value > MOST_WARNING:
        raise NotThat(f"a whole number from 0 to {MOST_WARNING}")
    return value


def _severity(known: Collection[str]) -> Reader:
    def read(cell: Any) -> str:
        found = cells.code_text(cell).upper()
        if found not in known:
            raise NotThat(f"one of: {', '.join(known)}")
        return found

    return read
