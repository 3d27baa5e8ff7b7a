"""What loading changes, as it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """A row that becomes another: column → (old, new)."""

    key: str
    columns: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class TableDiff:
    """One table. `gone` is in the database and no longer in the pack: closed, never deleted."""

    table: str
    new: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
    gone: tuple[str, ...] = ()
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.gone)


@dataclass(frozen=True)
class Diff:
    """What loading changes, in the order of loading."""

    tables: tuple[TableDiff, ...]

    @property
    def is_empty(self) -> bool:
        """Whether loading changes nothing at all."""
        return all(table.is_empty for table in self.tables)
