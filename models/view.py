"""Views of the list that somebody keeps under a name."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from models.columns import reference, serial_key, text


class SavedView(SQLModel, table=True):
    """Filters under a name, for one person alone. `query` is the part of the list's address after `?`, checked."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_code", "name"),)
    id: int | None = serial_key()
    person_code: str = reference("person.code")
    name: str = text()
    query: str = text()
    saved_at: datetime
