"""The city that this database serves, and small counters it keeps."""

from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from models.columns import code_key, document, reference, text


class City(SQLModel, table=True):
    """One row: which city this is, which rules and calendar hold for new issues, and how far its clock is moved."""

    code: str = code_key()
    name: str = text()
    name_en: str = text(default="")
    timezone: str = text(default="Asia/Shanghai")
    number_prefix: str = text()
    default_lang: str = text(default="zh-CN")
    demo: bool = False
    clock_offset_seconds: int = Field(default=0, sa_type=BigInteger)
    rule_set_code: str | None = reference("rule_set.code", default=None, nullable=True)
    calendar_version: int | None = Field(default=None, foreign_key="calendar_version.version")
    scoring_code: str | None = reference("scoring_version.code", default=None, nullable=True)
    pack: dict[str, Any] = document(default_factory=dict)


class NumberSeries(SQLModel, table=True):
    """The last number given in a series such as `issue/2026`. Taken in the transaction that uses it: no gaps."""

    __tablename__ = "number_series"
    name: str = code_key()
    last: int = Field(default=0, sa_type=BigInteger)


class Cursor(SQLModel, table=True):
    """How far a reader of the events has come."""

    name: str = code_key()
    position: int = Field(default=0, sa_type=BigInteger)
