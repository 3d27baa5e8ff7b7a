"""What scores rest on besides issues and observations: formulae, hits of the negative list, incidents of units.

All three are append-only: what was recorded wrongly is withdrawn by a row that names it, and both stay.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from models.append_only import append_only
from models.columns import code_key, document, reference, row_reference, serial_key, text


class ScoringVersion(SQLModel, table=True):
    """A city's rules of scoring at one moment (rules/scoring.toml). Its code is their hash."""

    __tablename__ = "scoring_version"
    code: str = code_key()
    content: dict[str, Any] = document()
    created_at: datetime


class NegativeHit(SQLModel, table=True):
    """A case on the negative list, established on a day. `code` is an entry of the rules; `evidence` a paper or link.

    A row that `withdraws` another one takes it back; it repeats its facts, and `why` says the reason.
    """

    __tablename__ = "negative_hit"
    __table_args__ = (
        Index("negative_hit_withdrawn_once", "withdraws", unique=True, postgresql_where=sql("withdraws IS NOT NULL")),
        Index("negative_hit_of_area", "area_code", "on_date"),
    )
    id: int | None = serial_key()
    code: str = text()
    area_code: str = reference("area.code")
    on_date: date
    evidence: str = text()
    why: str = text()
    withdraws: int | None = row_reference("negative_hit.id", default=None, nullable=True)
    recorded_by: str = reference("person.code")
    recorded_at: datetime


class UnitIncident(SQLModel, table=True):
    """Something that the rules price beside a unit's cases: faking, refusal, a major event. As a negative-list hit."""

    __tablename__ = "unit_incident"
    __table_args__ = (
        Index("unit_incident_withdrawn_once", "withdraws", unique=True, postgresql_where=sql("withdraws IS NOT NULL")),
        Index("unit_incident_of_unit", "unit_code", "on_date"),
    )
    id: int | None = serial_key()
    code: str = text()
    unit_code: str = reference("unit.code")
    issue_id: int | None = row_reference("issue.id", default=None, nullable=True)
    on_date: date
    evidence: str = text()
    why: str = text()
    withdraws: int | None = row_reference("unit_incident.id", default=None, nullable=True)
    recorded_by: str = reference("person.code")
    recorded_at: datetime


append_only(ScoringVersion.__table__)  # type: ignore[attr-defined]
append_only(NegativeHit.__table__)  # type: ignore[attr-defined]
append_only(UnitIncident.__table__)  # type: ignore[attr-defined]
