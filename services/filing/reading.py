"""How the material of a year stands, as scores take it."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from models.filing import WANTED, FilingItem, FilingState
from models.scoring.filing import Filed

LATE = "late"
"""Accepted, and handed in after its deadline."""


def filing_material(session: Session, *, year: int, version: str, now: datetime | None = None) -> Iterable[Filed]:
    """Every piece of an edition's list of a year that stands for or against somebody.

    Left out: what waits for its review, whose delay is not the unit's, and, where `now` is given, what is missing and
    not due yet. Without `now` the year is taken as over.
    """
    query = select(FilingItem).where(
        FilingItem.version_code == version, FilingItem.year == year, col(FilingItem.dropped).is_(False)
    )
    rows = session.exec(query.order_by(col(FilingItem.id)))
    return [
        Filed(row.id or 0, row.standard_code, row.marks, standing(row))
        for row in rows
        if row.state is not FilingState.SUBMITTED and not _not_due(row, now)
    ]


def standing(item: FilingItem) -> str:
    """How it stands, as `filing.earns` in rules/scoring.toml names it."""
    return LATE if item.state is FilingState.ACCEPTED and item.late else item.state.value


def _not_due(item: FilingItem, now: datetime | None) -> bool:
    return now is not None and item.state in WANTED and item.due_at > now
