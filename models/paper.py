"""Printed papers (文书): what was issued under which number, with everything that stands on it, frozen."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.append_only import append_only
from models.columns import code_key, document, kind_of, reference, row_reference, serial_key, text
from models.seal import plain


class PaperKind(StrEnum):
    """What is printed. All but those of OF_NO_ISSUE go with a step of the ladder. Source: domain 9c, 9e, 0."""

    ASSIGNMENT_SLIP = "assignment_slip"
    REMINDER_NOTICE = "reminder_notice"
    SUPERVISION_ORDER_1 = "supervision_order_1"
    SUPERVISION_ORDER_2 = "supervision_order_2"
    SUPERVISION_ORDER_3 = "supervision_order_3"
    INTERVIEW_NOTICE = "interview_notice"
    RECTIFICATION_NOTICE = "rectification_notice"
    TASK_LETTER = "task_letter"
    UNIT_INTERVIEW = "unit_interview"
    YELLOW_CARD = "yellow_card"
    RED_CARD = "red_card"
    TRANSFER_PROPOSAL = "transfer_proposal"


DEGREES: Mapping[PaperKind, int] = {
    PaperKind.SUPERVISION_ORDER_1: 1,
    PaperKind.SUPERVISION_ORDER_2: 2,
    PaperKind.SUPERVISION_ORDER_3: 3,
}
"""Which supervision order a paper is; a supervision order keeps the number that it got when the ladder issued it."""
OF_A_ROUND = frozenset({PaperKind.RECTIFICATION_NOTICE})
OF_A_MEASURE = frozenset(
    {PaperKind.UNIT_INTERVIEW, PaperKind.YELLOW_CARD, PaperKind.RED_CARD, PaperKind.TRANSFER_PROPOSAL}
)
"""About a unit as a whole (models/accountability.py)."""
OF_NO_ISSUE = OF_A_ROUND | OF_A_MEASURE | {PaperKind.TASK_LETTER}
"""What is not issued about one issue."""


class PaperTemplate(SQLModel, table=True):
    """A template as it was when papers were made from it, under its SHA-256: so they are printed again the same."""

    __tablename__ = "paper_template"
    sha256: str = code_key()
    name: str = text()
    body: bytes = Field(sa_type=LargeBinary)


class Paper(SQLModel, table=True):
    """A paper of one issue, of all issues that one round found at one unit, or of something else. Append-only.

    `about` names what else, such as `task_letter:2026:D-CGJ:1`.

    `content` is everything printed, as it was when the paper was issued; its hash stands in the sealed event.
    """

    __table_args__ = (
        UniqueConstraint("issue_id", "cycle", "kind", "step"),
        UniqueConstraint("round_id", "unit_code"),
        UniqueConstraint("about"),
        CheckConstraint("num_nonnulls(issue_id, round_id, about) = 1", name="paper_of_one_thing"),
        Index("paper_by_time", "issued_at"),
    )
    id: int | None = serial_key()
    number: str = text(unique=True)
    kind: PaperKind = kind_of(PaperKind)
    issue_id: int | None = row_reference("issue.id", default=None, nullable=True)
    round_id: int | None = row_reference("round.id", default=None, nullable=True)
    about: str | None = text(default=None, nullable=True)
    unit_code: str = reference("unit.code", index=True)
    cycle: int = 0
    step: str = text(default="")
    issued_at: datetime
    issued_by: str = reference("person.code")
    content: dict[str, Any] = document()
    content_sha256: str = text()
    word_template: str = reference("paper_template.sha256")
    page_template: str = reference("paper_template.sha256")


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of everything printed, in hexadecimal; the same before and after a round through the database."""
    written = json.dumps(plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


append_only(Paper.__table__)  # type: ignore[attr-defined]
append_only(PaperTemplate.__table__)  # type: ignore[attr-defined]
