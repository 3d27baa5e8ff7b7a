"""Looking at the city in force: its tables, their columns, their rows, its files."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, get_args

from sqlmodel import Session

from models.errors import NotFound, WrongValue
from models.unit import OwnerKind
from services.administering.marks import mark_of, mark_of_file
from services.administering.relations import CLOSED, OWNERS, REFERENCES, ends_how, known
from services.administering.rights import right_of
from services.administering.values import ColumnInfo, ColumnKind, Edit, HeldFile, HeldRow, Rows, TableInfo
from services.cities.cells import reader_of
from services.cities.held import held_count, held_pack, held_rows
from services.cities.keys import KEYS, key_of, key_parts, parts_of
from services.cities.reading import FILES, TABLE_OF
from services.cities.reading_tables import columns_of, required, types
from services.cities.writing import cells_of, file_bytes, table_bytes, write_pack

KINDS: Mapping[str, ColumnKind] = {
    "str": ColumnKind.TEXT,
    "int": ColumnKind.WHOLE,
    "float": ColumnKind.NUMBER,
    "Decimal": ColumnKind.NUMBER,
    "bool": ColumnKind.YES_NO,
    "date": ColumnKind.DAY,
}


def tables(session: Session) -> list[TableInfo]:
    """Every table of the pack, in the order in which it is loaded."""
    return [
        TableInfo(name, file, held_count(session, name), right_of(name), ends_how(name))
        for name, (file, _) in FILES.items()
    ]


def columns(name: str) -> list[ColumnInfo]:
    """The columns of a table, in the order of its file. Raises NotFound."""
    kind: Any = FILES[known(name)][1]
    return [_column(name, column, kind) for column in columns_of(kind)]


def _column(name: str, column: str, kind: Any) -> ColumnInfo:
    written = types(kind)[column]
    plain = next((part for part in get_args(written) if part is not type(None)), written)
    choices = tuple(plain) if isinstance(plain, type) and issubclass(plain, StrEnum) else ()
    target = REFERENCES.get((name, column), "")
    shown = ColumnKind.REFERENCE if target else ColumnKind.CHOICE if choices else None
    return ColumnInfo(
        name=column,
        kind=shown or KINDS.get(getattr(plain, "__name__", ""), ColumnKind.TEXT),
        required=column in required(kind),
        key=column in KEYS[name],
        expected=reader_of(written)[1],
        choices=tuple(choice.value for choice in choices),
        target=target,
    )


def page(session: Session, name: str, *, query: str = "", after: str = "", limit: int = 50, gone: bool = False) -> Rows:
    """Rows in the order of their keys, from behind the key `after`; `query` is looked for in all their cells.

    `gone`: those that were closed instead. Raises NotFound for an unknown table.
    """
    found = held_rows(session, known(name), gone=gone)
    words = query.casefold().split()
    if words:
        found = tuple(row for row in found if _has(row, words))
    return _part(name, found, after=after, limit=limit, gone=gone)


def _has(row: Any, words: Iterable[str]) -> bool:
    text = "\n".join(cells_of(row).values()).casefold()
    return all(word in text for word in words)


def _part(name: str, found: tuple[Any, ...], *, after: str = "", limit: int, gone: bool = False) -> Rows:
    behind = key_parts(after) if after else None
    rows = found if behind is None else [row for row in found if parts_of(name, row) > behind]
    shown = tuple(_held(name, row, gone=gone) for row in rows[:limit])
    return Rows(shown, shown[-1].key if len(rows) > limit and shown else None, len(found))


def _held(name: str, row: Any, *, gone: bool) -> HeldRow:
    cells = cells_of(row)
    return HeldRow(key_of(name, row), cells, mark_of(cells), gone)


def row(session: Session, name: str, key: str) -> HeldRow:
    """One row, also one that was closed. Raises NotFound."""
    first, *_ = KEYS[known(name)]
    where = None if first == "year" else (first, key_parts(key)[0])
    for gone in (False, True):
        for one in held_rows(session, name, gone=gone, where=where):
            if key_of(name, one) == key:
                return _held(name, one, gone=gone)
    raise NotFound(what="row", code=f"{name} {key}"[:80])


def references(session: Session, name: str, key: str, *, limit: int = 20) -> Mapping[str, Rows]:
    """What refers to a row: table → the first of its rows, and how many there are."""
    code = key_parts(key)[-1]
    found: dict[str, dict[str, Any]] = {}
    for (table, column), target in REFERENCES.items():
        if target == known(name):
            found.setdefault(table, {}).update(_by_key(table, held_rows(session, table, where=(column, code))))
    kind = next((kind for kind, table in OWNERS.items() if table == name), None)
    if kind is not None:
        found["posts"] = _by_key("posts", _owned(session, kind, code))
    return {
        table: _part(table, tuple(rows[key] for key in sorted(rows)), limit=limit)
        for table, rows in found.items()
        if rows
    }


def _owned(session: Session, kind: OwnerKind, code: str) -> list[Any]:
    return [post for post in held_rows(session, "posts", where=("owner_code", code)) if post.owner_kind is kind]


def _by_key(table: str, rows: Iterable[Any]) -> dict[str, Any]:
    return {key_of(table, row): row for row in rows}


def ended(session: Session, name: str, key: str, *, last_day: str) -> Edit:
    """The edit that ends a row: by its last day (2026-11-22), or by closing it. Raises NotFound, WrongValue."""
    held = row(session, name, key)
    how = ends_how(name)
    if how == "never" or (how == "gone" and held.ended and name in CLOSED):
        raise WrongValue(field="row", value=f"{name} {key}"[:80], expected="a row that can be ended")
    if how == "gone":
        return Edit(name, key, {}, held.mark, gone=True)
    return Edit(name, key, {"valid_to": last_day}, held.mark)


def files(session: Session) -> list[HeldFile]:
    """The files of the pack that are no tables: city.toml, rules, templates, papers, notices."""
    found = write_pack(held_pack(session, only=()))
    return [HeldFile(path, body, mark_of_file(body)) for path, body in found if path not in TABLE_OF]


def file(session: Session, path: str) -> HeldFile:
    """One file, or the CSV of a table (`calendar/calendar_days.csv`). Raises NotFound."""
    if name := TABLE_OF.get(path):
        body: bytes | None = table_bytes(name, held_rows(session, name))
    else:
        body = file_bytes(held_pack(session, only=()), path)
    if body is None:
        raise NotFound(what="file of the pack", code=path[:80])
    return HeldFile(path, body, mark_of_file(body))
