"""Appeals of units against cases in the draft of a month's appraisal, and what was decided about them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from models.append_only import append_only
from models.columns import kind_of, reference, row_reference, serial_key, text


class AppealOutcome(StrEnum):
    """Upheld: the case leaves the figures. Partly: it stays, but counts neither as late nor as found again."""

    UPHELD = "upheld"
    PARTLY = "partly"
    REFUSED = "refused"


class Appeal(SQLModel, table=True):
    """One appeal against one case in the appraisal of one area and period, both days included. Append-only.

    It holds for the cycle in which it was made: what comes back later is another case. `ground` is a code of the city's
    scoring rules, `standard_code` the standard of the case, by which precedents are found; empty where it names none.
    """

    __table_args__ = (
        UniqueConstraint("area_code", "period_from", "period_to", "issue_id", "cycle", "unit_code"),
        Index("appeal_like_it", "ground", "standard_code"),
    )
    id: int | None = serial_key()
    area_code: str = reference("area.code", index=True)
    period_from: date
    period_to: date
    issue_id: int = row_reference("issue.id", index=True)
    cycle: int
    unit_code: str = reference("unit.code", index=True)
    ground: str = text()
    standard_code: str = text(default="")
    reason: str = text()
    evidence: str = text(default="")
    asked_by: str = text()
    asked_at: datetime


class AppealDecision(SQLModel, table=True):
    """What was decided about an appeal, once and for good. Append-only.

    `precedent_id`: the appeal of the same ground and standard that was decided last before it.
    """

    __tablename__ = "appeal_decision"
    id: int | None = serial_key()
    appeal_id: int = row_reference("appeal.id", unique=True)
    outcome: AppealOutcome = kind_of(AppealOutcome)
    reason: str = text()
    precedent_id: int | None = row_reference("appeal.id", default=None, nullable=True)
    decided_by: str = text()
    decided_at: datetime


append_only(Appeal.__table__)  # type: ignore[attr-defined]
append_only(AppealDecision.__table__)  # type: ignore[attr-defined]
