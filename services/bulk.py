"""Many rows in one statement. The rows travel as one JSON document, so a statement has one shape for any number.

Table and column names come from our own tables, never from input.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.dialects import postgresql
from sqlmodel import Session, SQLModel

from models.seal import plain

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


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


def _document(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {"rows": json.dumps([plain(row) for row in rows], ensure_ascii=False)}


def insert(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]], *, or_skip: bool = False) -> int:
    """Insert rows that all have the same columns; `or_skip` leaves out those that break a unique key."""
    if not rows:
        return 0
    table, columns = table_of(model), sorted(rows[0])
    names = ", ".join(f'"{c}"' for c in columns)
    statement = f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM {_record(table, columns)}'
    if or_skip:
        statement += " ON CONFLICT DO NOTHING"
    return _rowcount(session, statement, rows)


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


def _rowcount(session: Session, statement: str, rows: Iterable[Mapping[str, Any]]) -> int:
    result = session.connection().execute(text(statement), _document(rows))
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
