"""What names a row of each file, as one text that fits into an address: `5103:office~R1~2024-01-01`."""

from collections.abc import Mapping
from typing import Any

from services.cities.cells import cell_of
from services.cities.tables import TABLES

KEYS: Mapping[str, tuple[str, ...]] = {
    **{table.name: table.key for table in TABLES},
    "days": ("date",),
    "stories": ("key",),
}
"""The columns that make the key, by the name of the file."""


def parts_of(name: str, row: Any) -> tuple[str, ...]:
    """The cells of the key; rows are sorted by them."""
    return tuple(cell_of(getattr(row, column)) for column in KEYS[name])


def key_of(name: str, row: Any) -> str:
    """The key of a row of a file."""
    return key_text(parts_of(name, row))


def key_text(parts: tuple[str, ...]) -> str:
    """The parts as one text, each different from each."""
    return "~".join(part.replace("%", "%25").replace("~", "%7E") for part in parts)


def key_parts(key: str) -> tuple[str, ...]:
    """The cells again."""
    return tuple(part.replace("%7E", "~").replace("%25", "%") for part in key.split("~"))
