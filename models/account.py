"""How a person is known again: sessions that can be ended. Secrets are kept as hashes only."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from models.columns import reference, serial_key, text


class LoginSession(SQLModel, table=True):
    """Somebody logged in on one device. `token_hash` is the SHA-256 of what the browser holds."""

    __tablename__ = "login_session"
    __table_args__ = (Index("login_session_open", "person_code", postgresql_where=sql("ended_at IS NULL")),)
    id: int | None = serial_key()
    token_hash: str = text(unique=True)
    person_code: str = reference("person.code")
    method: str = text()
    device: str = text(default="")
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    ended_why: str = text(default="")
