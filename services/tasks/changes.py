"""What differs between two editions of a letter: rows that came, rows that went, rows that read otherwise."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.tasks.table import TaskRow

COLUMNS = ("point", "place", "address", "person", "campaign")
"""What may change of a row: codes of its class and point make it another one."""


@dataclass(frozen=True)
class Changed:
    """One column of one row that reads otherwise."""

    row: TaskRow
    column: str
    old: str
    new: str

    @property
    def point_code(self) -> str:
        """Of the row."""
        return self.row.point_code

    @property
    def category_code(self) -> str:
        """Of the row."""
        return self.row.category_code


@dataclass(frozen=True)
class Difference:
    """What a later edition says otherwise, each in the order of the table."""

    added: tuple[TaskRow, ...] = ()
    gone: tuple[TaskRow, ...] = ()
    changed: tuple[Changed, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.changed)


def difference(before: Sequence[TaskRow], after: Sequence[TaskRow]) -> Difference:
    """What `after` says otherwise than `before`."""
    old, new = {row.key: row for row in before}, {row.key: row for row in after}
    return Difference(
        added=tuple(row for row in after if row.key not in old),
        gone=tuple(row for row in before if row.key not in new),
        changed=tuple(change for row in after if row.key in old for change in _changed(old[row.key], row)),
    )


def _changed(old: TaskRow, new: TaskRow) -> list[Changed]:
    """A person of the same name is another person all the same: the code stands beside the name then."""
    found = [
        Changed(new, column, getattr(old, column), getattr(new, column))
        for column in COLUMNS
        if getattr(old, column) != getattr(new, column)
    ]
    if old.person_code != new.person_code and old.person == new.person:
        said = (f"{one.person} {one.person_code}".strip() for one in (old, new))
        found.append(Changed(new, "person", *said))
    return found


def as_written(found: Difference) -> dict[str, Any]:
    """As a paper keeps it."""
    return {
        "added": [asdict(row) for row in found.added],
        "gone": [asdict(row) for row in found.gone],
        "changed": [{**asdict(one.row), "column": one.column, "old": one.old, "new": one.new} for one in found.changed],
    }
