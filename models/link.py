"""Links that act: what one is for, what its token says, and which ones were used."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import SQLModel

from models.columns import code_key, kind_of, reference, row_reference, text


class Purpose(StrEnum):
    """The one thing that a link is for. `read` shows, and does nothing."""

    READ = "read"
    SIGN_IN = "sign_in"
    HAND_IN = "hand_in"
    MORE_TIME = "more_time"
    VERIFY = "verify"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class Ticket:
    """What the token of a link says: one purpose, on one issue as it stood (cycle, rework), by one person.

    `post` is the one that was told, empty where a person was told. `nonce` is of one use. `expires_at` is UTC.
    """

    purpose: Purpose
    issue_id: int
    person: str
    lang: str
    cycle: int
    rework: int
    post: str
    nonce: str
    expires_at: datetime


class LinkUse(SQLModel, table=True):
    """A link that was used: its row is written in the transaction of what it did, so there is never a second one.

    `form` is the page from which it was used, so that a tap too many on the same page is told the same again.
    """

    __tablename__ = "link_use"
    nonce: str = code_key()
    purpose: Purpose = kind_of(Purpose)
    issue_id: int = row_reference("issue.id")
    person_code: str = reference("person.code")
    form: str = text()
    used_at: datetime
    expires_at: datetime
