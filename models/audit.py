"""Rounds of inspection: a draw of points, one sheet per point and inspector, one observation per standard."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from models.append_only import append_only
from models.columns import codes, document, kind_of, reference, row_reference, serial_key, text


class RoundKind(StrEnum):
    """How points are looked at, and who hears of it before."""

    ANNOUNCED = "announced"
    COVERT = "covert"
    MOCK = "mock_evaluation"
    SPECIAL = "special"
    LOOK_BACK = "look_back"
    SUPERIOR = "superior_feedback"
    SAME_FAULT = "same_fault"


class Result(StrEnum):
    """What an inspector saw. Not applicable leaves the denominator."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"


class Method(StrEnum):
    """How the points of a round were found. Rounds from before the strata were drawn by category alone."""

    CATEGORIES = "categories"
    STRATA = "strata"
    CHOSEN = "chosen"


class RoundAct(StrEnum):
    """What somebody did to a round, besides filling its sheets."""

    RECHECK_DRAWN = "recheck_drawn"
    DECIDED = "decided"
    PUBLISHED = "published"
    DISPATCHED = "dispatched"
    CONTRADICTION_DECIDED = "contradiction_decided"


HELD_KINDS = frozenset({RoundKind.COVERT, RoundKind.MOCK})
"""Rounds whose faults wait for their publication in any case; others may, if whoever starts them says so."""


class Round(SQLModel, table=True):
    """One audit. The seed lets anybody repeat the draw from its frame, whose hash is `frame_sha256`.

    It is finished when its last sheet is full, or when somebody ends it before: `ended_by`, `ended_why`. What is not
    met in a `held` one becomes an issue when the round is published, and in any other at once.
    A same-fault sweep (举一反三) is a round over other points for the one standard of an issue, `for_issue`; it is
    chosen, not drawn, and its sheets are wanted by `due_at`. Its issues name the round, and so the first one. It is no
    foreign key: an issue is never deleted, and two tables that name each other cannot be put in an order.
    """

    __table_args__ = (
        ForeignKeyConstraint(["version_code", "standard_code"], ["standard.version_code", "standard.code"]),
        Index(
            "one_open_sweep",
            "for_issue",
            unique=True,
            postgresql_where=sql("for_issue IS NOT NULL AND finished_at IS NULL"),
        ),
    )
    id: int | None = serial_key()
    number: str = text(unique=True)
    kind: RoundKind = kind_of(RoundKind)
    organiser: str = text(default="city")
    area_code: str = reference("area.code")
    categories: list[str] = codes()
    version_code: str = reference("evaluation_version.code")
    seed: int
    wanted: int
    on_date: date
    requested_by: str = reference("person.code")
    created_at: datetime
    finished_at: datetime | None = None
    ended_by: str | None = reference("person.code", default=None, nullable=True)
    ended_why: str = text(default="", sa_column_kwargs={"server_default": ""})
    key: str | None = text(default=None, nullable=True, unique=True)
    for_issue: int | None = Field(default=None, sa_type=BigInteger, index=True)
    standard_code: str | None = text(default=None, nullable=True)
    due_at: datetime | None = None
    method: Method = kind_of(Method, default=Method.CATEGORIES, sa_column_kwargs={"server_default": "categories"})
    frame_sha256: str | None = text(default=None, nullable=True)
    held: bool = Field(default=False, sa_column_kwargs={"server_default": sql("false")})
    published_at: datetime | None = None

    @property
    def is_secret(self) -> bool:
        """Whether the places it goes to may not know of it."""
        return self.kind is RoundKind.COVERT and self.published_at is None


class RoundFrame(SQLModel, table=True):
    """One point that a round could have drawn, with its stratum, as it was when the draw was made. Append-only."""

    __tablename__ = "round_frame"
    round_id: int = row_reference("round.id", primary_key=True)
    point_code: str = text(primary_key=True)
    category_code: str = text()
    area_code: str = text()


class RoundEvent(SQLModel, table=True):
    """One act on a round: who, when, why, and what is to be known of it. Append-only."""

    __tablename__ = "round_event"
    id: int | None = serial_key()
    round_id: int = row_reference("round.id", index=True)
    act: RoundAct = kind_of(RoundAct)
    who: str = text()
    at: datetime
    why: str = text(default="")
    facts: dict[str, Any] = document(default_factory=dict)


class Sheet(SQLModel, table=True):
    """One point for one inspector. `again_of`: the sheet that this one looks at a second time, unseen."""

    __table_args__ = (UniqueConstraint("round_id", "point_code", "inspector"),)
    id: int | None = serial_key()
    round_id: int = row_reference("round.id", index=True)
    point_code: str = reference("point.code", index=True)
    inspector: str = reference("person.code", index=True)
    position: int = 0
    filled_at: datetime | None = None
    again_of: int | None = row_reference("sheet.id", default=None, nullable=True, unique=True)


class Observation(SQLModel, table=True):
    """One standard looked at on one sheet. A standard not met becomes an issue.

    `facts` holds what was counted or timed: `found`, `required`, `faults` (whole numbers), `minutes` (text of a
    decimal). Only rows that are `counted` score and become issues: not those of a quality re-check, unless somebody
    decided for the second look; then the first one is not. `observed_at`: when it was seen; `received_at`: when it came
    in, where a device kept it until there was a network; `recorded_by`: who handed it in, unknown of old rows.
    """

    __table_args__ = (UniqueConstraint("sheet_id", "standard_code"),)
    id: int | None = serial_key()
    sheet_id: int = row_reference("sheet.id", index=True)
    standard_code: str = text()
    result: Result = kind_of(Result)
    note: str = text(default="")
    photo: str | None = text(default=None, nullable=True)
    facts: dict[str, Any] = document(default_factory=dict)
    observed_at: datetime
    received_at: datetime | None = None
    recorded_by: str | None = reference("person.code", default=None, nullable=True)
    issue_id: int | None = row_reference("issue.id", default=None, nullable=True)
    counted: bool = Field(default=True, sa_column_kwargs={"server_default": sql("true")})


append_only(RoundFrame.__table__)  # type: ignore[attr-defined]
append_only(RoundEvent.__table__)  # type: ignore[attr-defined]
