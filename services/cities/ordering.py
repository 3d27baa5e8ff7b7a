"""Rows in the order of their file, each with the line on which it ends there: a text may hold line breaks.

A city has a hundred thousand rows, and every change of it looks at all of them: hence no call per cell.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter, itemgetter
from typing import Any

from services.cities.cells import cell_of
from services.cities.keys import KEYS
from services.cities.reading import FILES
from services.cities.reading_tables import columns_of, types

Taken = Callable[..., Callable[[Any], Any]]


def numbered(name: str, rows: Iterable[Any]) -> tuple[Any, ...]:
    """Rows of a file, in its order and with its lines."""
    placed = in_order(name, rows, taken=attrgetter)
    return tuple(row if row.row == line else replace(row, row=line) for line, row in placed)


def in_order(name: str, rows: Iterable[Any], *, taken: Taken) -> Iterator[tuple[int, Any]]:
    """Each row with its line. `taken`: attrgetter for rows of a pack, itemgetter for what the database gives."""
    texts = _getter(name, _texts(name), taken)
    line = 1
    for row in sorted(rows, key=_order(name, taken)):
        line += 1 + "".join(filter(None, texts(row))).count("\n")
        yield line, row


def _order(name: str, taken: Taken) -> Callable[[Any], Any]:
    """What rows are sorted by: the cells of the key. Most keys are text already."""
    keys = KEYS[name]
    key = _getter(name, keys, taken)
    if set(keys) <= set(_texts(name)) and name != "tasks":
        return key
    if len(keys) == 1:
        return lambda row: cell_of(key(row))
    return lambda row: [cell_of(part) for part in key(row)]


def _texts(name: str) -> list[str]:
    """The columns of text; every file has more than one."""
    kind: Any = FILES[name][1]
    return [column for column in columns_of(kind) if types(kind)[column] in (str, str | None)]


def _getter(name: str, columns: Sequence[str], taken: Taken) -> Callable[[Any], Any]:
    if taken is not itemgetter:
        return taken(*columns)
    kind: Any = FILES[name][1]
    places = list(columns_of(kind))
    return itemgetter(*(places.index(column) for column in columns))
