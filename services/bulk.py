"""Many rows in one statement: new rows by COPY, changes as one JSON document, whatever their number.

Table and column names come from our own tables, never from input. Why COPY: docs/decisions/0015.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import ARRAY, Table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from models.seal import plain

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Document:
    """JSON that is written already, once for however many rows hold it."""

    text: str


def document(value: Any) -> Document:
    """A value that is plain already (models/seal.py) as JSON for a document column."""
    return Document(_encode(value))


def _plain(value: object) -> Any:
    """What JSON does not know: times, decimals; a document within another one."""
    return json.loads(value.text) if isinstance(value, Document) else plain(value)


_encode = json.JSONEncoder(ensure_ascii=False, default=_plain).encode


@cache
def _types(table: Table) -> Mapping[str, str]:
    return {
        column.name: column.type.compile(dialect=DIALECT).replace("UTCDATETIME", "TIMESTAMPTZ")
        for column in table.columns
    }


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model."""
    return model.__table__  # type: ignore[attr-defined,no-any-return]


def _record(table: Table, columns: Sequence[str]) -> str:
    types = _types(table)
    return "json_to_recordset(CAST(:rows AS json)) AS v(" + ", ".join(f'"{c}" {types[c]}' for c in columns) + ")"


def insert(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, or_skip: bool = False) -> int:
    """Insert rows that all have the same columns; `or_skip` leaves out those that break a unique key."""
    if not rows:
        return 0
    table, columns = table_of(model), sorted(rows[0])
    if not or_skip:
        return _copy(session, table, columns, rows)
    names = ", ".join(f'"{c}"' for c in columns)
    statement = f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM {_record(table, columns)}'
    return _rowcount(session, f"{statement} ON CONFLICT DO NOTHING", [plain(row) for row in rows])


def _copy(session: Session, table: Table, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> int:
    statement = _copy_statement(table, tuple(columns))
    shaped = [(name, _shape(table).get(name)) for name in columns]
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    try:
        with driver.cursor() as cursor:
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row([shape(row[name]) if shape else row[name] for name, shape in shaped])
            return cursor.rowcount
    except psycopg.Error as error:  # as SQLAlchemy raises it everywhere else, without the values of the row
        raise DBAPIError.instance(
            statement.as_string(), None, error, psycopg.Error, hide_parameters=True, dialect=DIALECT
        ) from error


@cache
def _copy_statement(table: Table, columns: tuple[str, ...]) -> Composed:
    names = SQL(", ").join(map(Identifier, columns))
    return SQL("COPY {} ({}) FROM STDIN").format(Identifier(table.name), names)


@cache
def _shape(table: Table) -> Mapping[str, Callable[[Any], Any]]:
    """What the driver cannot know of a value: that it is a document, or an array though it is a tuple."""
    shapes: dict[str, Callable[[Any], Any]] = {}
    for column in table.columns:
        if isinstance(column.type, postgresql.JSONB):
            shapes[column.name] = _as_document
        elif isinstance(column.type, ARRAY):
            shapes[column.name] = _as_array
    return shapes


def _as_document(value: Any) -> str | None:
    return None if value is None else (value if isinstance(value, Document) else document(plain(value))).text


def _as_array(value: Any) -> list[Any] | None:
    return None if value is None else list(value)


def update(
    session: Session,
    model: type[SQLModel],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    where: str = "true",
) -> int:
    """Update the named columns of each row, found by `key`, and no others. Returns how many matched."""
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[tuple(sorted(row))].append(row)
    found = [f't."{column}" = v."{column}"' for column in key] + [where]
    return sum(
        _update_group(session, table_of(model), columns, key, " AND ".join(found), group)
        for columns, group in groups.items()
    )


def _update_group(
    session: Session,
    table: Table,
    columns: Sequence[str],
    key: Sequence[str],
    found: str,
    rows: Sequence[Mapping[str, Any]],
) -> int:
    changed = ", ".join(f'"{c}" = v."{c}"' for c in columns if c not in key)
    return _rowcount(
        session, f'UPDATE "{table.name}" AS t SET {changed} FROM {_record(table, columns)} WHERE {found}', rows
    )


def _rowcount(session: Session, statement: str, rows: Sequence[Mapping[str, Any]]) -> int:
    result = session.connection().execute(text(statement), {"rows": _encode(rows)})
    return int(result.rowcount)


def take_ids(session: Session, sequence: str, count: int) -> list[int]:
    """So many fresh 64-bit keys."""
    statement = text("SELECT nextval(CAST(:name AS regclass)) FROM generate_series(1, :count)")
    return [int(value) for (value,) in session.connection().execute(statement, {"name": sequence, "count": count})]


def take_numbers(session: Session, series: str, count: int) -> list[int]:
    """The next numbers of a series, without gaps: they are given back if the transaction is."""
    statement = text(
        "INSERT INTO number_series (name, last) VALUES (:name, :count)"
        " ON CONFLICT (name) DO UPDATE SET last = number_series.last + :count RETURNING last"
    )
    last = int(session.connection().execute(statement, {"name": series, "count": count}).scalar_one())
    return list(range(last - count + 1, last + 1))
