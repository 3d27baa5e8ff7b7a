"""What importing a ledger would do: every row read, sorted out and compared with the record. Writes nothing."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import ARRAY, Text, any_, bindparam, or_
from sqlmodel import Session, col, select

from models.errors import BadRow, WrongValue
from models.issue import Issue, SupervisionOrder
from services import bulk, rulebook
from services.exports.columns import LEDGER
from services.exports.register import Register, read_register
from services.exports.values import issue_values, read_around
from services.imports.cells import Complaints
from services.imports.ledger_rows import BY_FIELD, Entry, check_new, read_entry, readers_for
from services.imports.turns import MEANWHILE, wait_for_turn
from services.imports.workbook import Progress, Table, read_table

PAGE = 2000
FOUND_KEY = "ledger-row:"


@dataclass(frozen=True)
class Plan:
    """What importing the file would do. Rows that differ from the record are in `bad`: then nothing is imported."""

    file: str
    taken_over: tuple[Entry, ...] = field(default=(), repr=False)
    found: tuple[Entry, ...] = field(default=(), repr=False)
    new_rounds: tuple[str, ...] = ()
    unchanged: int = 0
    bad: tuple[BadRow, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether every row is in the record already."""
        return not (self.taken_over or self.found)


def plan(session: Session, path: Path, *, now: datetime, progress: Progress | None = None) -> Plan:
    """Read the ledger and compare; writes nothing. Raises UnreadableFile; bad rows are in the plan, all of them.

    Waits for other imports, and others wait, until the transaction ends.
    """
    table = read_table(path, LEDGER, needed=("description",), progress=progress)
    wait_for_turn(session)
    register = read_register(session, now=now)
    complaints = Complaints(table, BY_FIELD, list(table.bad))
    entries = [] if table.bad else _entries(session, table, register, complaints, now, progress)
    taken_over, found, unchanged = _sort_out(session, entries, register, complaints, now)
    rounds = dict.fromkeys(entry.values["round"] for entry in (*taken_over, *found) if "round" in entry.values)
    bad = tuple(sorted(complaints.found, key=lambda row: row.row))
    return Plan(
        file=table.file,
        taken_over=() if bad else tuple(taken_over),
        found=() if bad else tuple(found),
        new_rounds=tuple(number for number in rounds if number not in register.rounds),
        unchanged=unchanged,
        bad=bad,
        ignored=table.ignored,
    )


def _entries(
    session: Session,
    table: Table,
    register: Register,
    complaints: Complaints,
    now: datetime,
    progress: Progress | None,
) -> list[Entry]:
    readers = readers_for(register, rulebook.rules(session, register.city.rule_set_code or ""))
    found: list[Entry] = []
    seen: dict[str, int] = {}
    for done, line in enumerate(table.lines, start=1):
        entry = read_entry(line, readers=readers, register=register, now=now, complaints=complaints)
        if entry:
            first = seen.setdefault(key_of(entry), line.row)
            if first != line.row:
                complaints.add(line, "number", f"each issue once; it stands in row {first} already")
            found.append(entry)
        if progress:
            progress(done, len(table.lines))
    return found


def key_of(entry: Entry) -> str:
    """The number; for a finding without one a hash of what was seen where and when, so that it comes in once."""
    if "number" in entry.values:
        return str(entry.values["number"])
    parts = [str(entry.values.get(name, "")) for name in ("description", "point", "address", "found_at", "source")]
    return FOUND_KEY + hashlib.sha256("\n".join([*parts, entry.area]).encode()).hexdigest()[:24]


def _sort_out(
    session: Session, entries: Sequence[Entry], register: Register, complaints: Complaints, now: datetime
) -> tuple[list[Entry], list[Entry], int]:
    taken_over: list[Entry] = []
    found: list[Entry] = []
    unchanged = 0
    orders = _orders_known(session, entries)
    for page in _pages(entries, PAGE):
        known = _known(session, [key_of(entry) for entry in page], register)
        for entry in page:
            record = known.get(key_of(entry))
            if record:
                unchanged += _is_same(entry, record, complaints)
                continue
            check_new(entry, register=register, now=now, complaints=complaints)
            _check_orders(entry, orders, complaints)
            (taken_over if "number" in entry.values else found).append(entry)
    return taken_over, found, unchanged


def _pages(entries: Sequence[Entry], size: int) -> Iterator[list[Entry]]:
    rest = iter(entries)
    while page := list(islice(rest, size)):
        yield page


def _known(session: Session, keys: Sequence[str], register: Register) -> dict[str, dict[str, Any]]:
    """What the record says of those that are here, by their number here or elsewhere."""
    table = bulk.table_of(Issue)
    wanted = bindparam("keys", list(keys), type_=ARRAY(Text))  # one value, where IN would have 2,000
    query = table.select().where(or_(table.c.number == any_(wanted), table.c.external_ref == any_(wanted)))
    issues = session.connection().execute(query).all()
    around = read_around(session, [issue.id for issue in issues])
    found = {}
    for issue in issues:
        values = issue_values(issue, around=around, register=register)
        found[issue.number] = values
        if issue.external_ref:
            found[issue.external_ref] = values
    return found


def refuse_known(session: Session, keys: Sequence[str]) -> None:
    """Raise WrongValue for a number, here or elsewhere, that somebody has brought in since the plan was made."""
    table = bulk.table_of(Issue)
    wanted = bindparam("keys", list(keys), type_=ARRAY(Text))
    query = select(table.c.number).where(or_(table.c.number == any_(wanted), table.c.external_ref == any_(wanted)))
    number = session.connection().execute(query.limit(1)).scalar()
    if number is not None:
        raise WrongValue(field="number", value=number, expected=MEANWHILE)


def _is_same(entry: Entry, record: Mapping[str, Any], complaints: Complaints) -> bool:
    """Whether the row says what the record says. An empty cell says nothing."""
    if key_of(entry).startswith(FOUND_KEY):
        return True
    same = True
    for name, value in entry.values.items():
        if name != "number" and _plain(record[name]) != _plain(value):
            expected = f"{_shown(record[name])}, as on record: an import does not change an issue that is here"
            complaints.add(entry.line, name, expected)
            same = False
    return same


def _plain(value: Any) -> Any:
    """A time of the record as a spreadsheet keeps it, so that both compare."""
    return value.isoformat() if isinstance(value, datetime) else value


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return " ".join(str(part) for part in value) or "nothing"
    return str(value) if value not in (None, "") else "nothing"


def _orders_known(session: Session, entries: Sequence[Entry]) -> dict[str, int]:
    """Document numbers that are taken: in the database, at row 0."""
    wanted = [number for entry in entries for number, _ in entry.values.get("orders", ())]
    query = select(SupervisionOrder.number).where(col(SupervisionOrder.number).in_(wanted))
    return dict.fromkeys(session.exec(query), 0) if wanted else {}


def _check_orders(entry: Entry, known: dict[str, int], complaints: Complaints) -> None:
    if "orders" in entry.values and "lead_unit" not in entry.values:
        complaints.add(entry.line, "lead_unit", "the unit that the supervision orders went to")
    for number, _ in entry.values.get("orders", ()):
        if number in known:
            complaints.add(entry.line, "orders", "document numbers that no other issue has", value=number)
        known[number] = entry.line.row
