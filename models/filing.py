"""Online filing (网上申报): which material each standard asks for, by when, of whom, and how it stands.

Material that is not there some days before its deadline becomes an issue of its unit, which runs through the same
lifecycle and climbs the same ladder. Source: domain 0 (seed 004), 1 [P1].
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from models.append_only import append_only
from models.columns import document, kind_of, reference, row_reference, serial_key, text
from models.issue import Issue, Source

PREFIX = "filing/"
"""What `issue.external_ref` of an issue begins with that stands for missing material; the item's id comes next."""


class FilingState(StrEnum):
    """Where a piece of material stands. Late is computed from its dates, never a state."""

    MISSING = "missing"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class FilingAct(StrEnum):
    """What was done to an item, on record."""

    LISTED = "listed"
    CHANGED = "changed"
    DROPPED = "dropped"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    TAKEN_BACK = "taken_back"
    RAISED = "raised"


S, A = FilingState, FilingAct
FROM: Mapping[FilingAct, frozenset[FilingState]] = {
    A.SUBMITTED: frozenset({S.MISSING, S.RETURNED, S.SUBMITTED}),
    A.RETURNED: frozenset({S.SUBMITTED}),
    A.ACCEPTED: frozenset({S.SUBMITTED}),
    A.TAKEN_BACK: frozenset({S.ACCEPTED}),
}
TO: Mapping[FilingAct, FilingState] = {
    A.SUBMITTED: S.SUBMITTED,
    A.RETURNED: S.RETURNED,
    A.ACCEPTED: S.ACCEPTED,
    A.TAKEN_BACK: S.RETURNED,
}
WANTED = frozenset({S.MISSING, S.RETURNED})
"""The unit has to do something."""


class FilingItem(SQLModel, table=True):
    """One piece of material of one edition and year. `due_at` is the close of business of `due_on`.

    `warn_days` before it, material that is not there becomes an issue of `severity`; `issue_id` is the last one, and
    `raised` counts them. `standard_code` is as the edition's list of filing names it. A row whose issue could not be
    made is set aside until `try_at`.
    """

    __tablename__ = "filing_item"
    __table_args__ = (
        UniqueConstraint("version_code", "year", "code"),
        CheckConstraint("marks >= 0 AND warn_days >= 0", "filing_numbers_are_sound"),
        Index(
            "filing_wanted",
            "due_at",
            postgresql_where=sql("state IN ('missing', 'returned') AND NOT dropped"),
        ),
    )
    id: int | None = serial_key()
    version_code: str = reference("evaluation_version.code")
    year: int
    code: str = text()
    standard_code: str = text()
    title: str = text()
    marks: Decimal = Decimal(1)
    unit_code: str = reference("unit.code", index=True)
    reviewer: str | None = reference("person.code", default=None, nullable=True)
    due_on: date
    due_at: datetime
    warn_days: int = 10
    severity: str = text(default="S4")
    state: FilingState = kind_of(FilingState, default=FilingState.MISSING)
    version: int = 1
    dropped: bool = False
    submitted_at: datetime | None = None
    submitted_by: str | None = reference("person.code", default=None, nullable=True)
    reviewed_at: datetime | None = None
    reviewed_by: str | None = reference("person.code", default=None, nullable=True)
    issue_id: int | None = row_reference("issue.id", default=None, nullable=True, index=True)
    raised: int = 0
    try_at: datetime | None = None
    set_aside_why: str | None = text(default=None, nullable=True)

    @property
    def late(self) -> bool:
        """Handed in after its deadline."""
        return self.submitted_at is not None and self.submitted_at > self.due_at


class FilingEvent(SQLModel, table=True):
    """One act on an item: by whom, when, why. Append-only. `who` is a person's code, or `system`."""

    __tablename__ = "filing_event"
    __table_args__ = (
        Index("one_filing_event_per_key", "item_id", "key", unique=True, postgresql_where=sql("key IS NOT NULL")),
    )
    id: int | None = serial_key()
    item_id: int = row_reference("filing_item.id")
    act: FilingAct = kind_of(FilingAct)
    who: str = text()
    at: datetime
    why: str = text(default="")
    facts: dict[str, Any] = document(default_factory=dict)
    key: str | None = text(default=None, nullable=True)


class FilingFile(SQLModel, table=True):
    """One file of one submission; the bytes lie in the evidence store under their SHA-256. Append-only."""

    __tablename__ = "filing_file"
    __table_args__ = (UniqueConstraint("event_id", "sha256"),)
    id: int | None = serial_key()
    event_id: int = row_reference("filing_event.id")
    sha256: str = text(index=True)
    name: str = text()
    media_type: str = text()
    size: int = Field(default=0)


def item_of(issue: Issue) -> int | None:
    """The id of the material that an issue stands for, where it is worked on; None where it stands for none."""
    ref = issue.external_ref or ""
    if issue.source != Source.FILING or not ref.startswith(PREFIX):
        return None
    written = ref.removeprefix(PREFIX).partition("/")[0]
    return int(written) if written.isdecimal() else None


append_only(FilingEvent.__table__)  # type: ignore[attr-defined]
append_only(FilingFile.__table__)  # type: ignore[attr-defined]
