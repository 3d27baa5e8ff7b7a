"""All tables in one place: what Alembic compares with the database."""

from sqlmodel import SQLModel

from models import appraisal, area, audit, city, issue, message, point, rule, standard, unit

metadata = SQLModel.metadata
__all__ = ["appraisal", "area", "audit", "city", "issue", "message", "metadata", "point", "rule", "standard", "unit"]
