"""What the public says about how an issue was put right."""

from datetime import datetime

from sqlmodel import SQLModel

from models.columns import row_reference, serial_key, text


class Survey(SQLModel, table=True):
    """One answer of the public about one issue, from a call-back or a confirmation."""

    id: int | None = serial_key()
    issue_id: int = row_reference("issue.id", index=True)
    answer: str = text()
    note: str = text(default="")
    asked_by: str = text()
    at: datetime
