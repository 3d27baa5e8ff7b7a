"""What somebody saw of a standard that says otherwise than what is recorded: two filled in one sheet offline."""

from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from models.append_only import append_only
from models.audit import Result
from models.columns import document, kind_of, reference, row_reference, serial_key, text


class Contradiction(SQLModel, table=True):
    """It waits for somebody who steers the round to decide which counts; that is an act of the round. Append-only.

    `key`: what the device named it, so that it is handed in once. `observed_at`: when it was seen, as the device has
    it; `received_at`: when it came in. The rest is as in an observation.
    """

    id: int | None = serial_key()
    observation_id: int = row_reference("observation.id", index=True)
    key: str = text(unique=True)
    result: Result = kind_of(Result)
    note: str = text(default="")
    photo: str | None = text(default=None, nullable=True)
    facts: dict[str, Any] = document(default_factory=dict)
    said_by: str = reference("person.code")
    observed_at: datetime
    received_at: datetime


append_only(Contradiction.__table__)  # type: ignore[attr-defined]
