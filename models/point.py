"""Inspection points and the yearly task decomposition table (任务分解表)."""

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from models.columns import code_key, reference, serial_key, text


class Point(SQLModel, table=True):
    """A place that is inspected."""

    __table_args__ = (Index("point_by_place", "lat", "lng"),)
    code: str = code_key()
    name: str = text()
    category_code: str = reference("category.code", index=True)
    area_code: str = reference("area.code", index=True)
    lead_unit: str = reference("unit.code", index=True)
    address: str = text(default="")
    lat: float | None = None
    lng: float | None = None
    closed: bool = False
    sample: bool = False


class Task(SQLModel, table=True):
    """One row of the decomposition table: in this year this unit (and person) answers for this category here.

    Without a point the row holds for the whole category.
    """

    __table_args__ = (UniqueConstraint("year", "category_code", "point_code", postgresql_nulls_not_distinct=True),)
    id: int | None = serial_key()
    year: int
    category_code: str = reference("category.code")
    point_code: str | None = reference("point.code", default=None, nullable=True, index=True)
    unit_code: str = reference("unit.code", index=True)
    person_code: str | None = reference("person.code", default=None, nullable=True)
    campaign: str = text(default="")
