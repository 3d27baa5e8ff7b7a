"""Leaders' written instructions (批示): work secrets. Their text stands in these tables and nowhere else.

All of it is append-only. Source: domain 9e (R14): restrict who sees them, never push their text into chat or SMS.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger
from sqlalchemy.types import Text
from sqlmodel import Field, SQLModel

from models.append_only import append_only
from models.columns import kind_of, reference, row_reference, serial_key, text


class InstructionAct(StrEnum):
    """What happens to a written instruction. Every reading is one."""

    RECORDED = "recorded"
    READ = "read"
    ANSWERED = "answered"
    FINISHED = "finished"


class Instruction(SQLModel, table=True):
    """One instruction, as the office recorded it. Whoever may read it is told that there is something to read.

    `leader` is who said it. `key` makes a repeated form harmless. services/instructions alone reads `words`.
    """

    id: int | None = serial_key()
    key: str = text(unique=True)
    leader: str = reference("person.code", index=True)
    said_on: date
    words: str = text()
    area_path: str = text()
    recorded_by: str = reference("person.code")
    recorded_at: datetime


class InstructionPerson(SQLModel, table=True):
    """Somebody an instruction is addressed to."""

    __tablename__ = "instruction_person"
    instruction_id: int = Field(foreign_key="instruction.id", primary_key=True, sa_type=BigInteger)
    person_code: str = Field(foreign_key="person.code", primary_key=True, index=True, sa_type=Text)


class InstructionIssue(SQLModel, table=True):
    """An issue that an instruction concerns. Nothing about it stands with the issue."""

    __tablename__ = "instruction_issue"
    instruction_id: int = Field(foreign_key="instruction.id", primary_key=True, sa_type=BigInteger)
    issue_id: int = Field(foreign_key="issue.id", primary_key=True, sa_type=BigInteger)


class InstructionEvent(SQLModel, table=True):
    """Who recorded, read, answered or finished an instruction, and when. The text of an answer is as secret."""

    __tablename__ = "instruction_event"
    id: int | None = serial_key()
    instruction_id: int = row_reference("instruction.id", index=True)
    act: InstructionAct = kind_of(InstructionAct)
    who: str = reference("person.code")
    at: datetime
    words: str = text(default="")


append_only(Instruction.__table__)  # type: ignore[attr-defined]
append_only(InstructionPerson.__table__)  # type: ignore[attr-defined]
append_only(InstructionIssue.__table__)  # type: ignore[attr-defined]
append_only(InstructionEvent.__table__)  # type: ignore[attr-defined]
