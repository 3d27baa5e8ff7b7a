"""What programs use: tokens that act for a person, and answers that are kept so that a repetition is harmless."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from models.columns import code_key, codes, reference, serial_key, text


class ApiScope(StrEnum):
    """What a token is for. It never gives more than its person may do at that moment."""

    READ = "read"
    REPORT = "report"
    ACT = "act"
    AUDIT = "audit"
    EXPORT = "export"
    HOOKS = "hooks"


class ApiToken(SQLModel, table=True):
    """A token of somebody. `token_hash` is the SHA-256 of what the program holds; the token itself is shown once."""

    __tablename__ = "api_token"
    id: int | None = serial_key()
    token_hash: str = text(unique=True)
    person_code: str = reference("person.code", index=True)
    name: str = text()
    scopes: list[str] = codes()
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    ended_at: datetime | None = None


class KeptAnswer(SQLModel, table=True):
    """What was answered to a request with an idempotency key. No status: it is still being worked on."""

    __tablename__ = "kept_answer"
    caller: str = code_key()
    key: str = code_key()
    request_hash: str = text()
    begun_at: datetime = Field(index=True)
    status: int | None = None
    media_type: str = text(default="")
    body: bytes = Field(default=b"", sa_type=LargeBinary)
