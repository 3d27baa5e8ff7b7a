"""Rules as they were when an issue was assigned: immutable documents, kept once and pointed at."""

import datetime as dt
from typing import Any

from sqlmodel import Field, SQLModel

from models.calendar import DayKind
from models.columns import code_key, document, kind_of, text


class RuleSet(SQLModel, table=True):
    """All rules of a city at one moment. Its code is the hash of its content, so a change is always a new row."""

    __tablename__ = "rule_set"
    code: str = code_key()
    content: dict[str, Any] = document()
    created_at: dt.datetime


class CalendarVersion(SQLModel, table=True):
    """One state of knowledge about working days. Importing a notice makes the next."""

    __tablename__ = "calendar_version"
    version: int = Field(primary_key=True)
    created_at: dt.datetime
    source: str = text()
    spans: list[Any] = document()


class CalendarDayRow(SQLModel, table=True):
    """One day of one calendar version, with its source: published by a notice, or provisional."""

    __tablename__ = "calendar_day"
    version: int = Field(primary_key=True, foreign_key="calendar_version.version")
    date: dt.date = Field(primary_key=True)
    kind: DayKind = kind_of(DayKind)
    name: str = text(default="")
    source: str = text(default="")
    published: bool = False
