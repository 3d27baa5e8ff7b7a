"""All tables in one place: what Alembic compares with the database."""

from sqlmodel import SQLModel

from models import (
    account,
    appraisal,
    area,
    audit,
    card,
    city,
    issue,
    link,
    message,
    outbox,
    paper,
    point,
    rule,
    standard,
    unit,
)

metadata = SQLModel.metadata
__all__ = [
    "account",
    "appraisal",
    "area",
    "audit",
    "card",
    "city",
    "issue",
    "link",
    "message",
    "metadata",
    "outbox",
    "paper",
    "point",
    "rule",
    "standard",
    "unit",
]
