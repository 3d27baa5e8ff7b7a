"""Which records rest on an edition. While any does, what the edition says is never changed in place."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import Column, func, select
from sqlmodel import Session, SQLModel

from models.audit import Round
from models.issue import Issue
from models.standard import (
    CategoryWeight,
    CoCreation,
    EvaluationContent,
    EvaluationGate,
    EvaluationItem,
    EvaluationModule,
    EvaluationVersion,
    EvaluationYear,
    NegativeListEntry,
    Standard,
)
from models.tables import metadata
from services.bulk import table_of
from services.systems.errors import EditionInUse

PARTS = (
    *(EvaluationModule, EvaluationYear, CategoryWeight, EvaluationItem, EvaluationContent),
    *(NegativeListEntry, EvaluationGate, CoCreation),
)
OWN: frozenset[str] = frozenset(str(table_of(model).name) for model in (EvaluationVersion, Standard, *PARTS))
FREE = frozenset({"name_en", "text_en", "goal_en", "basis", "lead"})
"""What may change although the edition is in use: words in the other language, its source, and who leads. Units are
reorganised within a year; the rest is what people were judged by."""
BLANK: tuple[object, ...] = (None, "")


@dataclass(frozen=True)
class Use:
    """How many records name an edition."""

    rounds: int = 0
    issues: int = 0
    others: int = 0

    def __bool__(self) -> bool:
        return bool(self.rounds or self.issues or self.others)


def uses(session: Session, versions: Collection[str]) -> dict[str, Use]:
    """The use of each of these editions, looked for in every table that refers to one."""
    found = {code: Use() for code in versions}
    for column in _columns() if found else ():
        query = select(column, func.count()).where(column.in_(sorted(found))).group_by(column)
        for code, count in session.connection().execute(query).all():
            name = _counted(column)
            found[code] = replace(found[code], **{name: getattr(found[code], name) + count})
    return found


def settled_uses(session: Session, versions: Collection[str]) -> dict[str, Use]:
    """The same, once whoever begins to rest on them at this moment is done; others wait until the transaction ends."""
    wanted = sorted(versions)
    for model, name in ((EvaluationVersion, "code"), (Standard, "version_code")) if wanted else ():
        column = table_of(model).c[name]
        session.connection().execute(select(column).where(column.in_(wanted)).with_for_update())
    return uses(session, wanted)


def _counted(column: Column[Any]) -> str:
    return {table_of(Round).name: "rounds", table_of(Issue).name: "issues"}.get(column.table.name, "others")


@cache
def _columns() -> Sequence[Column[Any]]:
    """The columns of other tables that hold the code of an edition."""
    return tuple({str(column): column for column in _found()}.values())


def _found() -> Iterator[Column[Any]]:
    for table in metadata.tables.values():  # of every module, whether somebody has used it by now or not
        for key in table.foreign_key_constraints if table.name not in OWN else ():
            for pair in key.elements:
                if pair.column.table.name in OWN and pair.column.name == _code_of(pair.column.table.name):
                    yield pair.parent


def _code_of(table: str) -> str:
    return "code" if table == table_of(EvaluationVersion).name else "version_code"


@dataclass(frozen=True)
class Touched:
    """What a change does to one table: its new rows, and of changed ones what was and what will be, by column."""

    model: type[SQLModel]
    new: Sequence[Mapping[str, Any]]
    changed: Sequence[tuple[Mapping[str, Any], Mapping[str, tuple[Any, Any]]]]


def refuse_changes(session: Session, touched: Sequence[Touched]) -> None:
    """Raises EditionInUse where an edition that records rest on would say something else than before.

    Where it said nothing yet it may be completed: a cell that was empty, a part that had no row.
    """
    found = [one for several in touched for one in _changes(session, several)]
    used = settled_uses(session, {version for version, _ in found})
    for version, what in found:
        if use := used[version]:
            raise EditionInUse(version=version, what=what, **vars(use))


def _changes(session: Session, touched: Touched) -> Iterator[tuple[str, str]]:
    """Edition and what of it is not the same any more."""
    table = table_of(touched.model)
    if table.name not in OWN:
        return
    for key, columns in touched.changed:
        named = [name for name, (old, _) in columns.items() if name not in FREE and old not in BLANK]
        if named:
            yield _version(key), f"{_key(key)} {', '.join(named)}".strip()
    if touched.model is EvaluationVersion:
        return
    stated = {row["version_code"] for row in touched.new}
    if touched.model is not Standard and stated:
        query = select(table.c.version_code).where(table.c.version_code.in_(sorted(stated))).distinct()
        stated = set(session.connection().execute(query).scalars())
    yield from ((row["version_code"], f"+ {_key(row)}") for row in touched.new if row["version_code"] in stated)


def _version(key: Mapping[str, Any]) -> str:
    return str(key.get("version_code") or key["code"])


def _key(row: Mapping[str, Any]) -> str:
    names = ("code", "category_code", "area_code", "year")
    return str(next((row[name] for name in names if name in row), "")) if "version_code" in row else ""
