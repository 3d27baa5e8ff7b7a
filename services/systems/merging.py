"""A workbook's edition put into the city in force, in memory: the city as it would be, and what speaks against it."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from models.errors import BadRow
from models.seal import plain
from services.cities.finding import Finding
from services.cities.keys import key_of
from services.cities.lint_codes import lint_codes
from services.cities.lint_systems import lint_systems
from services.cities.ordering import numbered
from services.cities.pack import Pack
from services.cities.reading import PARTS, TABLE_OF
from services.exports.systems_columns import BY_PART, EDITION, SHEETS
from services.imports.systems import Draft

TREE = (*PARTS, "standards")
WHOLE = ("systems", "versions", "categories", *TREE)
ONLY = (*WHOLE, "areas", "units", "stories")
"""What of the city is looked at; the stories, since their file is one of those that are kept."""


def merged(base: Pack, draft: Draft) -> Pack:
    """The pack with the workbook's rows, which keep the lines of their sheets, in place of the edition's."""
    version, system = draft.version, draft.system
    if version is None or system is None:
        return base
    tables: dict[str, tuple[Any, ...]] = {
        name: (*(row for row in getattr(base, name) if row.version_code != version.code), *draft.parts.get(name, ()))
        for name in TREE
    }
    known = {row.code for row in base.categories}
    new = (replace(row, system_code=version.system_code) for row in draft.categories if row.code not in known)
    tables["categories"] = (*base.categories, *new)
    tables["versions"] = (*(row for row in base.versions if row.code != version.code), version)
    tables["systems"] = tuple(_systems(base, system))
    return replace(base, **tables)  # type: ignore[arg-type]  # its fields are named in a mapping


def _systems(base: Pack, given: Any) -> Sequence[Any]:
    """A system that is there keeps its name and its place; a new one stands last."""
    if any(row.code == given.code for row in base.systems):
        return base.systems
    last = max((row.position for row in base.systems), default=0)
    return (*base.systems, replace(given, position=last + 1))


def settled(base: Pack, given: Pack) -> Pack:
    """The same with the lines of the pack's files; tables that nothing changes are those of the base."""
    tables = {name: _settled(name, base, given) for name in WHOLE}
    return replace(base, **tables)  # type: ignore[arg-type]  # its fields are named in a mapping


def _settled(name: str, base: Pack, given: Pack) -> tuple[Any, ...]:
    made = numbered(name, getattr(given, name))
    before: tuple[Any, ...] = getattr(base, name)
    return before if made == before else made


def left_out(base: Pack, pack: Pack) -> Iterator[tuple[str, Any]]:
    """The rows that the pack does not have any more, by table: those that others name stand last."""
    for name in ("standards", "contents", *(part for part in PARTS if part != "contents")):
        if getattr(base, name) is not getattr(pack, name):
            there = {key_of(name, row) for row in getattr(pack, name)}
            yield from ((name, row) for row in getattr(base, name) if key_of(name, row) not in there)


def bad_names(base: Pack, draft: Draft) -> list[BadRow]:
    """What the workbook calls otherwise than the city: a category or a system is the same over all editions."""
    names = {row.code: row.name for row in base.categories}
    table, column = draft.tables.get("categories"), BY_PART["categories"].columns[1]
    if table is None:
        return []
    wrong = (row for row in draft.categories if names.get(row.code, row.name) != row.name)
    return [
        BadRow(
            table.sheet, row.row, table.heading(column), row.name, f"the name that this category has: {names[row.code]}"
        )
        for row in wrong
    ]


def new_findings(base: Pack, given: Pack, draft: Draft) -> list[Finding]:
    """What the lint says of it and did not say before, by the sheet and the row of the workbook."""
    before = Counter(map(_identity, _lint(base)))
    found = [one for one in _lint(given) if _is_new(one, before)]
    return [replace(one, file=_sheet(one.file, draft)) for one in sorted(found, key=_place)]


def _lint(pack: Pack) -> Iterator[Finding]:
    return chain(lint_codes(pack), lint_systems(pack))


def _is_new(one: Finding, before: Counter[str]) -> bool:
    known = before[_identity(one)] > 0
    before[_identity(one)] -= 1
    return not known


def _identity(one: Finding) -> str:
    return json.dumps([one.code, one.file, plain(dict(one.params))], sort_keys=True, default=str)


def _place(one: Finding) -> tuple[int, int]:
    part = TABLE_OF.get(one.file, "")
    return next((n for n, form in enumerate(SHEETS) if form.part == part), 0), one.row


def _sheet(file: str, draft: Draft) -> str:
    part = TABLE_OF.get(file, "")
    table = draft.tables.get(EDITION if part == "versions" else part)
    return table.sheet if table else file
