"""Task letters (任务书): what each unit answers for in a year, as it was told; signed for; replaced, never changed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from models.append_only import append_only
from models.columns import document, kind_of, reference, row_reference, serial_key, text


class LetterAct(StrEnum):
    """What happened to a letter. Each at most once; a replaced letter stays on record."""

    ISSUED = "issued"
    SIGNED = "signed"
    REMINDED = "reminded"
    CLIMBED = "climbed"
    REPLACED = "replaced"


class LetterState(StrEnum):
    """Where a letter stands. `late`: not signed for though its time is up. Computed, but for what is on record."""

    ISSUED = "issued"
    TOLD = "told"
    LATE = "late"
    SIGNED = "signed"
    REPLACED = "replaced"


class TaskLetter(SQLModel, table=True):
    """One edition of a unit's letter of a year; its rows lie in the paper with the same number, frozen.

    `rows_sha256` is the hash of the rows, by which an unchanged unit is told. `issued_as`: the post of the office that
    issued it. `sign_due_at` and `climb_due_at` are the city's limits as they were when it was issued.
    """

    __tablename__ = "task_letter"
    __table_args__ = (
        UniqueConstraint("year", "unit_code", "edition"),
        Index("one_letter_in_force", "year", "unit_code", unique=True, postgresql_where=sql("replaced_at IS NULL")),
        Index("task_letter_unsigned", "sign_due_at", postgresql_where=sql("signed_at IS NULL AND replaced_at IS NULL")),
    )
    id: int | None = serial_key()
    number: str = text(unique=True)
    year: int
    unit_code: str = reference("unit.code", index=True)
    edition: int = 1
    row_count: int
    rows_sha256: str = text()
    issued_at: datetime
    issued_by: str = reference("person.code")
    issued_as: str = text()
    sign_due_at: datetime
    climb_due_at: datetime
    signed_at: datetime | None = None
    signed_by: str | None = reference("person.code", default=None, nullable=True)
    reminded_at: datetime | None = None
    climbed_at: datetime | None = None
    replaced_at: datetime | None = None


class TaskLetterEvent(SQLModel, table=True):
    """One thing that happened to a letter: who, for whom, when, with what. Append-only.

    The event of issuing holds the hash of everything printed, so that the paper is proved by it.
    """

    __tablename__ = "task_letter_event"
    __table_args__ = (UniqueConstraint("letter_id", "act"),)
    id: int | None = serial_key()
    letter_id: int = row_reference("task_letter.id")
    act: LetterAct = kind_of(LetterAct)
    who: str = text()
    on_behalf_of: str | None = text(default=None, nullable=True)
    at: datetime
    facts: dict[str, Any] = document(default_factory=dict)


def state_of(letter: TaskLetter, *, told: bool, now: datetime) -> LetterState:
    """Where a letter stands at a moment; `told`: a message about it has left."""
    if letter.replaced_at is not None:
        return LetterState.REPLACED
    if letter.signed_at is not None:
        return LetterState.SIGNED
    if letter.sign_due_at <= now:
        return LetterState.LATE
    return LetterState.TOLD if told else LetterState.ISSUED


append_only(TaskLetterEvent.__table__)  # type: ignore[attr-defined]
