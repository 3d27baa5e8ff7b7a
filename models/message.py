"""The outbox: what is to be told to whom, and every try to tell it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from models.columns import codes, document, kind_of, reference, row_reference, serial_key, text


class MessageState(StrEnum):
    """pending → sending → sent | refused (will retry) | unknown | failed; bundled into a digest; suppressed by rule.

    unknown: the outcome was ambiguous on every channel left, so it is not repeated. failed: nobody could be reached,
    which is itself an event (promise 4). delivered: the provider confirmed, or the person read it.
    """

    PENDING = "pending"
    BUNDLED = "bundled"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


class Outcome(StrEnum):
    """How one try on one channel ended."""

    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


class Message(SQLModel, table=True):
    """Something to be told to a post (its holder is resolved when it is sent) or to a person.

    `key` makes it unique: one event tells one post once. `why` says why the reader gets it. `urgency` 0 goes first.
    `answer_by`: until when a reader who must sign in may stay silent; from `silent_at` on, what was sent before counts
    as passed by, and the next channel takes over. `resent_from`: an operator had that message said again.
    """

    __table_args__ = (
        Index(
            "message_waiting", "urgency", "not_before", "id", postgresql_where=sql("state IN ('pending', 'refused')")
        ),
        Index("message_inbox", "person_code", "id"),
        Index(
            "message_unhandled",
            "id",
            postgresql_where=sql("state IN ('failed', 'unknown') AND passed_up_at IS NULL"),
        ),
        Index("message_sending", "claimed_at", postgresql_where=sql("state = 'sending'")),
        Index("message_by_post", "post_code", "state"),
        Index("message_bundled", "bundle_id", postgresql_where=sql("bundle_id IS NOT NULL")),
        Index("message_resent", "resent_from", postgresql_where=sql("resent_from IS NOT NULL")),
        Index(
            "message_trouble",
            "id",
            postgresql_include=["state", "finished_at"],
            postgresql_where=sql("state IN ('failed', 'unknown')"),
        ),
        Index(
            "message_unanswered",
            "answer_by",
            postgresql_where=sql("state = 'sent' AND answer_by IS NOT NULL"),
        ),
    )
    id: int | None = serial_key()
    key: str = text(unique=True)
    kind: str = text()
    issue_id: int | None = row_reference("issue.id", default=None, nullable=True, index=True)
    post_code: str | None = text(default=None, nullable=True)
    person_code: str | None = reference("person.code", default=None, nullable=True)
    area_path: str = text(default="")
    unit_code: str | None = text(default=None, nullable=True)
    why: str = text()
    channels: list[str] = codes()
    urgency: int = 5
    facts: dict[str, Any] = document(default_factory=dict)
    state: MessageState = kind_of(MessageState, default=MessageState.PENDING)
    not_before: datetime
    created_at: datetime
    claimed_at: datetime | None = None
    finished_at: datetime | None = None
    tries: int = 0
    failure: str | None = text(default=None, nullable=True)
    passed_up_at: datetime | None = None
    passed_up_from: int | None = row_reference("message.id", default=None, nullable=True)
    bundle_id: int | None = row_reference("message.id", default=None, nullable=True)
    read_at: datetime | None = None
    answer_by: datetime | None = None
    silent_at: datetime | None = None
    resent_from: int | None = row_reference("message.id", default=None, nullable=True)


class Attempt(SQLModel, table=True):
    """One try of one message on one channel address. At most one per address may be sent or of unknown outcome.

    `retry_at` is the time that the provider named when it refused: until then its address is left alone.
    `reason` says what became of the address before, where this one took over: an outcome, or `silent`. `fault` says
    why a permanent refusal is for good: the address, or ours. `door` is what the address leads to, whoever it mentions
    (notifications/limits.py). `joined_to` is the try whose letter took this message along: one letter, not two.
    """

    __table_args__ = (
        Index(
            "never_doubled_on_a_channel",
            "message_id",
            "person_code",
            "channel",
            "address",
            unique=True,
            postgresql_where=sql("outcome IN ('sending', 'sent', 'unknown')"),
        ),
        Index("attempt_pace", "channel", "started_at"),
        Index("attempt_share", "person_code", "started_at"),
        Index(
            "attempt_bad",
            sql("provider_of(channel, address)"),
            "message_id",
            postgresql_where=sql("outcome IN ('refused', 'permanent', 'unknown')"),
        ),
        Index("attempt_our_fault", "started_at", postgresql_where=sql("fault = 'ours'")),
        Index("attempt_letters", "door", "started_at", postgresql_where=sql("joined_to IS NULL")),
        Index(
            "attempt_told_to_wait",
            "door",
            "retry_at",
            postgresql_where=sql("outcome = 'refused' AND retry_at IS NOT NULL"),
        ),
    )
    id: int | None = serial_key()
    message_id: int = row_reference("message.id", index=True)
    person_code: str = text()
    channel: str = text()
    address: str = text()
    outcome: Outcome = kind_of(Outcome)
    code: str = text(default="")
    detail: str = text(default="")
    retry_at: datetime | None = None
    started_at: datetime
    finished_at: datetime | None = None
    reason: str = text(default="", sa_column_kwargs={"server_default": ""})
    fault: str | None = text(default=None, nullable=True)
    door: str = text(default="", sa_column_kwargs={"server_default": ""})
    joined_to: int | None = row_reference("attempt.id", default=None, nullable=True)
