"""What takes long to set up and is wanted by many tests is set up once by each worker, then put back as it was left."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from psycopg import Cursor
from psycopg.sql import SQL, Identifier
from sqlmodel import Session

from tests.soil import SEQUENCES, TABLES, USED

Told = TypeVar("Told")


@dataclass(frozen=True)
class Left:
    """All rows, where the sequences stood, all files, and what was told."""

    told: Any
    rows: dict[str, bytes]
    sequences: list[tuple[str, int]]
    files: Path | None


_left: dict[str, Left] = {}


def once(name: str, session: Session, home: Path | None, make: Callable[[], Told]) -> Told:
    """What `make` does to the database and to the folder `home` (none: it writes no files), as it did the first time.

    All that stands in the database is taken for part of it. What it returns must be plain data: no row of this session.
    """
    if name not in _left:
        told = make()
        session.commit()
        _left[name] = _keep(told, _cursor(session), home)
        session.commit()
    else:
        _put_back(_left[name], _cursor(session), home)
        session.commit()
    return _left[name].told  # type: ignore[no-any-return]


def _cursor(session: Session) -> Cursor[Any]:
    return session.connection().connection.cursor()  # type: ignore[return-value]


def _keep(told: object, cursor: Cursor[Any], home: Path | None) -> Left:
    rows = {table: _rows(cursor, table) for (table,) in cursor.execute(TABLES).fetchall()}
    sequences = cursor.execute(SEQUENCES + USED).fetchall()
    files = Path(tempfile.mkdtemp(prefix="stage-", dir=home.parent)) if home else None
    if home and files:
        shutil.copytree(home, files, dirs_exist_ok=True)
    return Left(told, {table: held for table, held in rows.items() if held}, sequences, files)


def _rows(cursor: Cursor[Any], table: str) -> bytes:
    with cursor.copy(SQL("COPY public.{} TO STDOUT").format(Identifier(table))) as copy:
        return b"".join(copy)


def _put_back(left: Left, cursor: Cursor[Any], home: Path | None) -> None:
    """As `bed.plant` does: no key and no trigger is looked at, for all was whole when it was kept."""
    cursor.execute("SELECT bed.empty()")
    cursor.execute("SET LOCAL session_replication_role = replica")
    for table, held in left.rows.items():
        with cursor.copy(SQL("COPY public.{} FROM STDIN").format(Identifier(table))) as copy:
            copy.write(held)
    for sequence, at in left.sequences:
        cursor.execute("SELECT setval(%s, %s)", (sequence, at))
    if home and left.files:
        shutil.copytree(left.files, home, dirs_exist_ok=True)
