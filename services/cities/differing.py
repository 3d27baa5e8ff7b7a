"""How two states of a city differ, row by row and file by file, as the history keeps it and pages show it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from models.administration import ChangeKind
from notifications.dead_addresses import masked
from services.cities.keys import KEYS, key_of, key_parts, key_text
from services.cities.pack import Pack, digest
from services.cities.reading import FILES, RULES, rules_file
from services.cities.writing import CITY, cells_of, city_bytes, rules_bytes
from services.pack_files import sha256_of

Cells = Mapping[str, str]
"""A row as the file would say it: column → text of the cell, empty where nothing is said."""


@dataclass(frozen=True)
class Changed:
    """What becomes of one row (`place` is a table) or one file (`place` is a path, `key` empty).

    `before` and `after` hold the cells that change. Of a file they hold `sha256`, empty where there is none. Addresses
    of persons are masked.
    """

    place: str
    key: str
    kind: ChangeKind
    before: Cells = field(default_factory=dict)
    after: Cells = field(default_factory=dict)


def between(before: Pack, after: Pack, *, closed: Mapping[str, Collection[str]] | None = None) -> tuple[Changed, ...]:
    """What changes from one to the other, in the order of the files; `closed`: keys of rows that come back."""
    found = [change for name in FILES for change in _table(name, before, after, (closed or {}).get(name, ()))]
    return (*found, *_city(before, after), *_rules(before, after), *_files(before, after))


def loaded(pack: Pack) -> tuple[Changed, ...]:
    """A city's very first load: how many rows of each table, and not each of them."""
    counts = ((name, len(getattr(pack, name))) for name in FILES)
    return tuple(Changed(name, "", ChangeKind.LOADED, {}, {"rows": str(count)}) for name, count in counts if count)


def bodies_between(before: Pack, after: Pack) -> Iterator[bytes]:
    """The contents of the files that differ, those of both sides: what the history names by a hash can be read."""
    for old, new in ((city_bytes(before), city_bytes(after)), *_rules_bodies(before, after).values()):
        if old != new:
            yield from (old, new)
    for file in before.files.keys() | after.files.keys():
        bodies = before.files.get(file), after.files.get(file)
        if bodies[0] != bodies[1]:
            yield from (body for body in bodies if body is not None)


def masked_key(name: str, key: str) -> str:
    """The key as the history keeps it."""
    if name != "contacts":
        return key
    person, channel, address = (*key_parts(key), "", "")[:3]
    return key_text((person, channel, masked(channel, address)))


def rows_between(
    name: str, before: Iterable[Any], after: Iterable[Any], *, closed: Collection[str] = ()
) -> Iterator[Changed]:
    """What changes in the rows of one file; `closed`: keys of rows that come back."""
    same = attrgetter(*KEYS[name])
    old = {same(row): row for row in before}
    for row in after:
        was = old.pop(same(row), None)
        if was is None:
            kind = ChangeKind.BACK if key_of(name, row) in closed else ChangeKind.NEW
            yield _changed(name, row, kind, {}, cells_of(row))
        elif was != row and (columns := _differing(cells_of(was), cells_of(row))):
            yield _changed(name, row, ChangeKind.CHANGED, *columns)
    for row in old.values():
        yield _changed(name, row, ChangeKind.ENDED, cells_of(row), {})


def _table(name: str, before: Pack, after: Pack, closed: Collection[str]) -> Iterator[Changed]:
    if getattr(before, name) is not getattr(after, name):
        yield from rows_between(name, getattr(before, name), getattr(after, name), closed=closed)


def _differing(old: Cells, new: Cells) -> tuple[Cells, Cells] | None:
    names = [name for name in new if old[name] != new[name]]
    return ({name: old[name] for name in names}, {name: new[name] for name in names}) if names else None


def _changed(name: str, row: Any, kind: ChangeKind, before: Cells, after: Cells) -> Changed:
    old, new = (_shown(name, cells) for cells in (before, after))
    return Changed(name, masked_key(name, key_of(name, row)), kind, old, new)


def _shown(name: str, cells: Cells) -> Cells:
    """Addresses masked."""
    if name == "contacts" and "address" in cells:
        return {**cells, "address": masked(cells["channel"], cells["address"])}
    return cells


def _city(before: Pack, after: Pack) -> Iterator[Changed]:
    old, new = city_bytes(before), city_bytes(after)
    if old != new:
        yield Changed(CITY, "", ChangeKind.CHANGED, {"sha256": sha256_of(old)}, {"sha256": sha256_of(new)})


def _rules(before: Pack, after: Pack) -> Iterator[Changed]:
    for file, (old, new) in _rules_bodies(before, after).items():
        yield Changed(file, "", ChangeKind.CHANGED, {"sha256": sha256_of(old)}, {"sha256": sha256_of(new)})


def _rules_bodies(before: Pack, after: Pack) -> dict[str, tuple[bytes, bytes]]:
    pairs = {rules_file(name): (rules_bytes(before, name), rules_bytes(after, name)) for name in RULES}
    same = {rules_file(name): digest(before.rules[name]) == digest(after.rules[name]) for name in RULES}
    kept = before.files.keys() & after.files.keys()
    return {file: pair for file, pair in pairs.items() if pair[0] != pair[1] and (not same[file] or file in kept)}


def _files(before: Pack, after: Pack) -> Iterator[Changed]:
    told = {CITY, *map(rules_file, RULES)}
    for file in sorted((before.files.keys() | after.files.keys()) - told):
        old, new = before.files.get(file), after.files.get(file)
        if old != new:
            kind = ChangeKind.NEW if old is None else ChangeKind.ENDED if new is None else ChangeKind.CHANGED
            yield Changed(file, "", kind, _hash(old), _hash(new))


def _hash(body: bytes | None) -> dict[str, Any]:
    return {} if body is None else {"sha256": sha256_of(body)}
