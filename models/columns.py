"""Column kinds that every table shares, so that a table file reads as a list of facts."""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Enum
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import Text
from sqlmodel import Field


def code_key(**options: Any) -> Any:
    """A natural key: the code of the field itself, readable in a query and in an export."""
    return Field(primary_key=True, sa_type=Text, **options)


def serial_key() -> Any:
    """A 64-bit key given by the database."""
    return Field(default=None, primary_key=True, sa_type=BigInteger)


def reference(target: str, **options: Any) -> Any:
    """A foreign key to a text code; pass `index=True` where it is searched by."""
    return Field(foreign_key=target, sa_type=Text, **options)


def row_reference(target: str, **options: Any) -> Any:
    """A foreign key to a 64-bit key."""
    return Field(foreign_key=target, sa_type=BigInteger, **options)


def text(**options: Any) -> Any:
    """Text of any length: a limit belongs to the input schema, not to the column."""
    return Field(sa_type=Text, **options)


def kind_of(values: type[StrEnum], **options: Any) -> Any:
    """An enum stored by its value. SQLModel alone would store its Python name and make a native type."""
    stored = Enum(values, native_enum=False, length=32, values_callable=lambda e: [member.value for member in e])
    return Field(sa_type=stored, **options)


def document(**options: Any) -> Any:
    """A JSON document."""
    return Field(sa_type=JSONB, **options)


def codes(**options: Any) -> Any:
    """A list of codes."""
    return Field(sa_type=ARRAY(Text), default_factory=list, **options)
