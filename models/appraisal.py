"""What is published about units: answers of the public, figures of a period, the bulletin."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from models.columns import document, reference, row_reference, serial_key, text


class Survey(SQLModel, table=True):
    """One answer of the public about one issue, from a call-back or a confirmation."""

    id: int | None = serial_key()
    issue_id: int = row_reference("issue.id", index=True)
    answer: str = text()
    note: str = text(default="")
    asked_by: str = text()
    at: datetime


class Bulletin(SQLModel, table=True):
    """The figures of one period as they were published: frozen, whatever happens later."""

    __table_args__ = (UniqueConstraint("kind", "period_from", "period_to"),)
    id: int | None = serial_key()
    kind: str = text()
    period_from: date
    period_to: date
    figures: dict[str, Any] = document()
    published_at: datetime


class Appraisal(SQLModel, table=True):
    """One unit's figures in one bulletin."""

    __table_args__ = (UniqueConstraint("bulletin_id", "unit_code"),)
    id: int | None = serial_key()
    bulletin_id: int = row_reference("bulletin.id", index=True)
    unit_code: str = reference("unit.code")
    figures: dict[str, Any] = document()
