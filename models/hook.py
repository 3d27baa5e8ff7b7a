"""Webhooks by subscription: to which address which events are told, what waits for it, and each try.

Triggers write down each event that could interest a subscriber (`hook_event`), in the transaction in which it happens;
services/hooks_matching.py makes deliveries of it. A row that is consumed, not a position that moves on: transactions
commit in another order than their rows are numbered, and a position would pass over one that commits late.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import DDL, BigInteger, Index, UniqueConstraint, event
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from models.columns import codes, kind_of, reference, row_reference, serial_key, text


class HookState(StrEnum):
    """Whether events are told. What happens while it is paused waits."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Pause(StrEnum):
    """Why a subscription rests: somebody said so, it failed for a day, it answered 410, its owner lost the right."""

    BY_HAND = "by_hand"
    FAILING = "failing"
    GONE = "gone"
    RIGHT = "right"


class DeliveryState(StrEnum):
    """Where the delivery of one event stands. Failed: the receiver refused it again and again while it took others."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Told(StrEnum):
    """What one try came to. Down: no answer, or one that says later. Refused: an answer that says no."""

    OK = "ok"
    REFUSED = "refused"
    DOWN = "down"
    GONE = "gone"


class Hook(SQLModel, table=True):
    """A subscription. It tells what `owner` may see: who made it, or changed it last.

    Empty `kinds` never occur; empty `severities` mean all. `secret` and `old_secret` are encrypted; the old one signs
    too until `old_until`. `failing_since`: the first failure after the last success; `not_before`: when the receiver is
    tried again. `told_at`: when people were told that it fails.
    """

    id: int | None = serial_key()
    name: str = text()
    url: str = text()
    kinds: list[str] = codes()
    area_code: str | None = reference("area.code", default=None, nullable=True)
    unit_code: str | None = reference("unit.code", default=None, nullable=True)
    severities: list[str] = codes()
    owner: str = reference("person.code")
    version: int = 1
    created_at: datetime
    changed_at: datetime
    secret: str = text()
    old_secret: str = text(default="")
    old_until: datetime | None = None
    state: HookState = kind_of(HookState, default=HookState.ACTIVE)
    pause: Pause | None = kind_of(Pause, default=None, nullable=True)
    failures: int = 0
    failing_since: datetime | None = None
    not_before: datetime | None = None
    told_at: datetime | None = None
    last_ok_at: datetime | None = None


class HookEvent(SQLModel, table=True):
    """Something that happened and was not looked at yet. `source` says which table `ref` is a key of.

    `what` is the action, or what became of the audit or message. The row is deleted once deliveries are made of it.
    """

    __tablename__ = "hook_event"
    id: int | None = serial_key()
    source: str = text()
    ref: int = Field(sa_type=BigInteger)
    what: str = text()


class HookDelivery(SQLModel, table=True):
    """One event for one subscriber. `key` is the same each time it is told: receivers know a repetition by it.

    `subject` is what it is about (an issue, an audit): what is about the same arrives in order. `at` is city time.
    """

    __tablename__ = "hook_delivery"
    __table_args__ = (
        UniqueConstraint("hook_id", "key"),
        Index("hook_delivery_open", "hook_id", "id", postgresql_where=sql("state IN ('waiting', 'sending')")),
        Index(
            "hook_delivery_in_order",
            "hook_id",
            "subject",
            "id",
            postgresql_where=sql("state IN ('waiting', 'sending')"),
        ),
        Index("hook_delivery_since", "hook_id", "at"),
        Index("hook_delivery_made", "made_at"),
    )
    id: int | None = serial_key()
    hook_id: int = row_reference("hook.id")
    key: str = text()
    kind: str = text()
    subject: str = text()
    source: str = text()
    ref: int = Field(sa_type=BigInteger)
    what: str = text()
    at: datetime
    made_at: datetime
    state: DeliveryState = kind_of(DeliveryState, default=DeliveryState.WAITING)
    not_before: datetime
    tries: int = 0
    claimed_at: datetime | None = None
    finished_at: datetime | None = None


class HookAttempt(SQLModel, table=True):
    """One try. `ms`: milliseconds until the answer; `said`: its first characters, or what kept it from coming."""

    __tablename__ = "hook_attempt"
    __table_args__ = (Index("hook_attempt_of", "hook_id", "id"), Index("hook_attempt_at", "at"))
    id: int | None = serial_key()
    hook_id: int = row_reference("hook.id")
    key: str = text()
    kind: str = text()
    subject: str = text()
    at: datetime
    ms: int
    told: Told = kind_of(Told)
    status: int | None = None
    said: str = text(default="")


# Nothing is written down while nobody subscribes: one look at a small table for each statement.
NEW_EVENTS = """
CREATE OR REPLACE FUNCTION hook_new_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM hook WHERE state <> 'ended') THEN
    INSERT INTO hook_event (source, ref, what) SELECT 'issue', id, action FROM fresh ORDER BY id;
  END IF;
  RETURN NULL;
END $$
"""
NOTE = """
CREATE OR REPLACE FUNCTION hook_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM hook WHERE state <> 'ended') THEN
    INSERT INTO hook_event (source, ref, what) VALUES (TG_ARGV[0], NEW.id, TG_ARGV[1]);
  END IF;
  RETURN NULL;
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER hook_new_events AFTER INSERT ON issue_event REFERENCING NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION hook_new_events()",
    "CREATE TRIGGER hook_started AFTER INSERT ON round FOR EACH ROW EXECUTE FUNCTION hook_note('audit', 'started')",
    "CREATE TRIGGER hook_finished AFTER UPDATE OF finished_at ON round FOR EACH ROW"
    " WHEN (OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL)"
    " EXECUTE FUNCTION hook_note('audit', 'finished')",
    # a covert round is told as finished when it is published
    "CREATE TRIGGER hook_published AFTER UPDATE OF published_at ON round FOR EACH ROW"
    " WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL AND NEW.kind = 'covert')"
    " EXECUTE FUNCTION hook_note('audit', 'finished')",
    "CREATE TRIGGER hook_filled AFTER UPDATE OF filled_at ON sheet FOR EACH ROW"
    " WHEN (OLD.filled_at IS NULL AND NEW.filled_at IS NOT NULL)"
    " EXECUTE FUNCTION hook_note('sheet', 'sheet_filled')",
    *(
        f"CREATE TRIGGER hook_{state} AFTER UPDATE OF state ON message FOR EACH ROW"
        f" WHEN (NEW.state = '{state}' AND OLD.state <> '{state}') EXECUTE FUNCTION hook_note('message', '{state}')"
        for state in ("failed", "unknown")
    ),
)

# When all tables are there; the migration holds its own copy, as it never changes.
for _statement in (NEW_EVENTS, NOTE, *TRIGGERS):
    event.listen(SQLModel.metadata, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]
