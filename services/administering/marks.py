"""Marks: what somebody read, as a short hash. Another mark means that it changed since."""

import hashlib
from collections.abc import Mapping

from services.pack_files import sha256_of

LENGTH = 16


def mark_of(cells: Mapping[str, str]) -> str:
    """The mark of a row."""
    told = "\x1f".join(f"{name}\x1e{cell}" for name, cell in cells.items())
    return hashlib.sha256(told.encode()).hexdigest()[:LENGTH]


def mark_of_file(body: bytes) -> str:
    """The mark of a file."""
    return sha256_of(body)[:LENGTH]
