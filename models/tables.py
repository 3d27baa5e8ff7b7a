"""All tables in one place: what Alembic compares with the database."""

from sqlmodel import SQLModel

from models import (
    account,
    administration,
    api,
    appraisal,
    area,
    audit,
    card,
    city,
    evidence,
    hook,
    issue,
    link,
    message,
    outbox,
    paper,
    point,
    publication,
    rule,
    standard,
    unit,
    view,
)

metadata = SQLModel.metadata
__all__ = [
    "account",
    "administration",
    "api",
    "appraisal",
    "area",
    "audit",
    "card",
    "city",
    "evidence",
    "hook",
    "issue",
    "link",
    "message",
    "metadata",
    "outbox",
    "paper",
    "point",
    "publication",
    "rule",
    "standard",
    "unit",
    "view",
]
