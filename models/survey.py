"""Surveys: a questionnaire frozen under its hash, the places drawn, the signs of a public form, the answers.

No names of households or citizens are kept: an answer says where and in which group it was given, and nothing of whom.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from models.append_only import append_only
from models.columns import code_key, document, kind_of, reference, row_reference, serial_key, text


class Audience(StrEnum):
    """Who answers: households and field raters are sampled; the public answers by itself. Source: domain 1 [P19]."""

    HOUSEHOLD = "household"
    RATER = "rater"
    PUBLIC = "public"


SAMPLED = (Audience.HOUSEHOLD, Audience.RATER)


class SurveyForm(SQLModel, table=True):
    """A questionnaire as it was when a survey began with it. Its code is the hash of its content."""

    __tablename__ = "survey_form"
    code: str = code_key()
    name: str = text()
    content: dict[str, Any] = document()
    created_at: datetime


class SurveyRound(SQLModel, table=True):
    """One survey: a form, an area, the days it is open (both included), and the seed that repeats its draw.

    `per_place`, `raters`: how many households and field raters are wanted in each place drawn. It is over after
    `closes_on`, or when somebody ends it before: `ended_by`, `ended_why`.
    """

    __tablename__ = "survey_round"
    __table_args__ = (CheckConstraint("closes_on >= opens_on", "survey_closes_after_it_opens"),)
    id: int | None = serial_key()
    code: str = text(unique=True)
    form_code: str = reference("survey_form.code")
    title: str = text()
    area_code: str = reference("area.code", index=True)
    year: int
    opens_on: date
    closes_on: date
    seed: int
    wanted: int
    per_place: int
    raters: int = 0
    requested_by: str = reference("person.code")
    created_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = reference("person.code", default=None, nullable=True)
    ended_why: str = text(default="")
    key: str | None = text(default=None, nullable=True, unique=True)


class SurveyPlace(SQLModel, table=True):
    """One community drawn. `door`: the interviewer begins at the door of this number, drawn from the seed too."""

    __tablename__ = "survey_place"
    __table_args__ = (UniqueConstraint("round_id", "area_code"),)
    id: int | None = serial_key()
    round_id: int = row_reference("survey_round.id")
    area_code: str = reference("area.code")
    position: int
    door: int
    interviewer: str = reference("person.code", index=True)


class SurveySign(SQLModel, table=True):
    """A public form for one area, opened by a key that nobody can guess: what stands in the QR code of a sign."""

    __tablename__ = "survey_sign"
    __table_args__ = (UniqueConstraint("round_id", "area_code"),)
    id: int | None = serial_key()
    round_id: int = row_reference("survey_round.id")
    area_code: str = reference("area.code")
    key: str = text(unique=True)
    made_by: str = reference("person.code")
    made_at: datetime


class SurveyReply(SQLModel, table=True):
    """One person's answers. Append-only: a correction is another reply that names the one it `corrects`, and why.

    `key` makes a repetition harmless. `device` is a hash of a chance number in a cookie, other for each survey: it
    keeps one telephone to one answer and leads to nobody.
    """

    __tablename__ = "survey_reply"
    __table_args__ = (
        Index("one_reply_of_a_device", "round_id", "device", unique=True, postgresql_where=sql("device IS NOT NULL")),
        Index("survey_reply_of_round", "round_id", "area_path"),
    )
    id: int | None = serial_key()
    round_id: int = row_reference("survey_round.id")
    place_id: int | None = row_reference("survey_place.id", default=None, nullable=True, index=True)
    area_code: str = reference("area.code")
    area_path: str = text()
    audience: Audience = kind_of(Audience)
    interviewer: str | None = reference("person.code", default=None, nullable=True)
    at: datetime
    key: str | None = text(default=None, nullable=True, unique=True)
    device: str | None = text(default=None, nullable=True)
    corrects: int | None = row_reference("survey_reply.id", default=None, nullable=True, unique=True)
    why: str = text(default="")


class SurveyAnswer(SQLModel, table=True):
    """What was said to one question. Append-only."""

    __tablename__ = "survey_answer"
    __table_args__ = (UniqueConstraint("reply_id", "question"),)
    id: int | None = serial_key()
    reply_id: int = row_reference("survey_reply.id")
    question: str = text()
    answer: str = text()


append_only(SurveyReply.__table__)  # type: ignore[attr-defined]
append_only(SurveyAnswer.__table__)  # type: ignore[attr-defined]
