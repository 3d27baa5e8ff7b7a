"""Edits made in memory: the city in force, and what they make of it. Nothing here asks the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from models.errors import BadRow
from services.administering.marks import mark_of
from services.administering.relations import BY_DAY, ends_how, known
from services.administering.values import BadCell, Conflict, Edit
from services.cities.keys import KEYS, key_of, parts_of
from services.cities.ordering import numbered
from services.cities.pack import Pack
from services.cities.reading import FILES
from services.cities.reading_tables import columns_of, read_row
from services.cities.writing import cells_of

RENAMED = "the same as before: it names the row. End this row and add another"
STAYS = "rows that stay: the record points at them"
THERE = "a row that is not there yet; look for this one and change it"


def with_tables(pack: Pack, tables: Mapping[str, tuple[Any, ...]], **more: Any) -> Pack:
    """The pack with other rows."""
    changed: dict[str, Any] = {**tables, **more}
    return replace(pack, **changed)


@dataclass
class Draft:
    """The pack on its way: rows by their keys for the tables that were touched, and what cannot be done."""

    base: Pack
    today: date
    pack: Pack
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    bad: list[BadCell] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def rows(self, name: str) -> dict[str, Any]:
        """The rows of a table, to be changed."""
        if name not in self.tables:
            self.tables[name] = {key_of(name, row): row for row in getattr(self.pack, name)}
        return self.tables[name]

    def settle(self) -> None:
        """Take the touched rows into the pack."""
        done = {name: self._same_or_new(name, rows) for name, rows in self.tables.items()}
        self.pack = with_tables(self.pack, done)
        self.tables = {}

    def _same_or_new(self, name: str, rows: dict[str, Any]) -> tuple[Any, ...]:
        made, before = numbered(name, rows.values()), getattr(self.base, name)
        return before if made == before else made


def edit_row(draft: Draft, edit: Edit, *, number: int) -> None:
    """One row: changed, new, or gone."""
    name, rows = known(edit.table), draft.rows(edit.table)
    old = None if edit.key is None else rows.get(edit.key)
    if edit.key is not None and (old is None or _is_stale(edit, old)):
        _meet(draft, edit, old, number=number)
    elif edit.gone:
        _take_out(draft, edit, old, number=number)
    elif (row := _read(draft, edit, old, number=number)) is not None:
        key = key_of(name, row)
        if old is None and key in rows and cells_of(rows[key]) != cells_of(row):
            column = KEYS[name][0]
            draft.bad.append(BadCell(number, name, column, edit.cells.get(column, ""), THERE))
        else:
            rows[key] = row


def _is_stale(edit: Edit, old: Any) -> bool:
    return bool(edit.mark) and mark_of(cells_of(old)) != edit.mark


def _meet(draft: Draft, edit: Edit, old: Any, *, number: int) -> None:
    """Somebody changed it meanwhile. Where they did the very same, nothing is left to do."""
    theirs = None if old is None else cells_of(old)
    if old is None:
        done = edit.gone
    else:
        done = left_of(edit.table, old, draft.today) is old if edit.gone else _says(cells_of(old), edit)
    if not done:
        mine = None if edit.gone else dict(edit.cells)
        mark = mark_of(theirs) if theirs is not None else ""
        draft.conflicts.append(Conflict(number, edit.table, edit.key or "", theirs, mine, mark))


def _says(theirs: dict[str, str], edit: Edit) -> bool:
    return all(theirs.get(name) == cell.strip() for name, cell in edit.cells.items())


def _take_out(draft: Draft, edit: Edit, old: Any, *, number: int) -> None:
    name, rows = edit.table, draft.rows(edit.table)
    if ends_how(name) == "never":
        draft.bad.append(BadCell(number, name, "-", edit.key or "", STAYS))
        return
    del rows[edit.key or ""]
    if (left := left_of(name, old, draft.today)) is not None:
        rows[edit.key or ""] = left


def left_of(name: str, row: Any, today: date) -> Any:
    """What the file says of a row that is taken out: its last day was yesterday; nothing where it never began."""
    if name not in BY_DAY:
        return None
    if row.valid_to is not None and row.valid_to < today:
        return row
    first = row.valid_from or date.min
    return replace(row, valid_to=today - timedelta(days=1)) if first < today else None


def _read(draft: Draft, edit: Edit, old: Any, *, number: int) -> Any:
    """The row as the reader of packs reads it; None, and what is wrong with it."""
    name, kind = edit.table, _kind(edit.table)
    columns = tuple(columns_of(kind))
    before = len(draft.bad)
    draft.bad += _strangers(edit, columns, number=number)
    cells = {**dict.fromkeys(columns, ""), **(cells_of(old) if old is not None else {}), **edit.cells}
    problems: list[BadRow] = []
    row = next(read_row(name, 0, columns, [cells[column] for column in columns], kind, problems), None)
    draft.bad += (BadCell(number, name, one.column, one.value, one.expected) for one in problems)
    if row is not None and old is not None:
        draft.bad += _renamed(edit, old, row, number=number)
    return row if len(draft.bad) == before else None


def _strangers(edit: Edit, columns: Sequence[str], *, number: int) -> Iterable[BadCell]:
    expected = f"one of the columns {', '.join(columns)}"
    return [BadCell(number, edit.table, one, edit.cells[one], expected) for one in edit.cells if one not in columns]


def _renamed(edit: Edit, old: Any, row: Any, *, number: int) -> Iterable[BadCell]:
    pairs = zip(KEYS[edit.table], parts_of(edit.table, old), parts_of(edit.table, row), strict=True)
    return [BadCell(number, edit.table, column, new, RENAMED) for column, was, new in pairs if was != new]


def _kind(name: str) -> Any:
    return FILES[name][1]
