"""The history of the city: what each change did, by whom and why, in the transaction that did it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.administration import CityChange, CityChangeSet
from services import bulk
from services.cities.differing import Changed, rows_between
from services.cities.held import held_rows
from services.cities.keys import key_of


def record(
    session: Session, changes: Sequence[Changed], *, who: str, why: str, now: datetime, fingerprint: str = ""
) -> int:
    """Put it on record under the next number. The caller commits."""
    made = CityChangeSet(at=now, who=who, why=why, fingerprint=fingerprint)
    session.add(made)
    session.flush()
    number = made.number or 0
    rows = [
        {
            "set_number": number,
            "place": one.place,
            "key": one.key,
            "kind": one.kind,
            "before": dict(one.before),
            "after": dict(one.after),
        }
        for one in changes
    ]
    bulk.insert(session, CityChange, rows)
    return number


@contextmanager
def recorded(
    session: Session, table: str, *, of: Mapping[str, str], who: str, why: str = "", now: datetime
) -> Iterator[None]:
    """Put on record what is done inside to some rows of a file: what an edit of them would have left, or nothing.

    `of`: columns, and what stands in them in these rows; none: all rows. The caller keeps others from changing them
    meanwhile, and commits.
    """
    session.flush()
    before = _rows(session, table, of)
    closed = {key_of(table, row) for row in _rows(session, table, of, gone=True)}
    yield
    session.flush()
    changes = list(rows_between(table, before, _rows(session, table, of), closed=closed))
    if changes:
        record(session, changes, who=who, why=why, now=now)


def _rows(session: Session, table: str, of: Mapping[str, str], *, gone: bool = False) -> list[Any]:
    found = held_rows(session, table, gone=gone, where=next(iter(of.items()), None))
    return [row for row in found if all(getattr(row, column) == value for column, value in of.items())]
