"""What the database itself counts about the outbox, and what operators did to it.

A million messages cannot be counted on every look. Triggers on `message` and `attempt` therefore write down, once for a
statement, what it changed; whatever writes a message, the counts agree with it. Who looks adds up a few rows, which
services/outbox_counts.py puts together now and then.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DDL, Index, Table, event
from sqlmodel import SQLModel

from models.append_only import append_only
from models.columns import document, kind_of, reference, serial_key, text
from models.message import Attempt, Message

# Upper ends in seconds. The last place is for what took longer.
BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)


class Counted(StrEnum):
    """What a row counts: messages by state now; tries by outcome ever; messages sent ever, by how long they took."""

    MESSAGE = "message"
    TRY = "try"
    DELIVERY = "delivery"


class OutboxCount(SQLModel, table=True):
    """The sum of `n` counts; rows are added, so two workers never wait for each other.

    `channel`: of messages the class that is wanted first (`app` where nothing is sent outside), of tries the provider.
    `bucket`: in which place of BUCKETS the time lies, 0 for the first; `seconds` is the sum of the times.
    """

    __tablename__ = "outbox_count"
    id: int | None = serial_key()
    what: Counted = kind_of(Counted)
    channel: str = text()
    state: str = text()
    fault: str = text(default="")
    bucket: int = 0
    n: int
    seconds: float = 0.0


class Operation(StrEnum):
    """What an operator may do to the outbox."""

    RESEND = "resend"
    TEST = "test"
    TESTED = "tested"
    PAGE = "page"
    CHANGE_KEY = "change_key"


class OutboxAct(SQLModel, table=True):
    """Who did what to the outbox, and when. `facts` hold numbers, channels and codes; never an address or a text."""

    __tablename__ = "outbox_act"
    __table_args__ = (Index("outbox_act_at", "at"),)
    id: int | None = serial_key()
    at: datetime
    person_code: str = reference("person.code")
    operation: Operation = kind_of(Operation)
    facts: dict[str, Any] = document(default_factory=dict)


PROVIDER = """
CREATE OR REPLACE FUNCTION provider_of(channel text, address text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN strpos(address, '://') > 0 THEN left(lower(split_part(address, '://', 1)), 40)
                  ELSE channel END $$
"""
WANTED_FIRST = """
CREATE OR REPLACE FUNCTION wanted_first(channels text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT coalesce(channels[least(array_position(channels, 'chat'), array_position(channels, 'sms'),
                                     array_position(channels, 'mail'))], 'app') $$
"""
NEW_MESSAGES = """
CREATE OR REPLACE FUNCTION count_new_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox_count (what, channel, state, fault, bucket, n, seconds)
  SELECT 'message', wanted_first(channels), state, '', 0, count(*), 0 FROM fresh GROUP BY 2, 3;
  RETURN NULL;
END $$
"""
GONE_MESSAGES = """
CREATE OR REPLACE FUNCTION count_gone_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox_count (what, channel, state, fault, bucket, n, seconds)
  SELECT 'message', wanted_first(channels), state, '', 0, -count(*), 0 FROM gone GROUP BY 2, 3;
  RETURN NULL;
END $$
"""
# Planned once, for the few rows of its first call: in nested loops a long list is compared each with each.
CHANGED_MESSAGES = """
CREATE OR REPLACE FUNCTION count_changed_messages() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off AS $$
BEGIN
  INSERT INTO outbox_count (what, channel, state, fault, bucket, n, seconds)
  SELECT 'message', wanted_first(channels), state, '', 0, sum(d), 0
    FROM (SELECT channels, state, 1 AS d FROM fresh UNION ALL SELECT channels, state, -1 FROM gone) AS both_sides
   GROUP BY 2, 3 HAVING sum(d) <> 0;
  INSERT INTO outbox_count (what, channel, state, fault, bucket, n, seconds)
  SELECT 'delivery', wanted_first(channels), 'sent', '', outbox_bucket(took), count(*), sum(took)
    FROM (SELECT f.channels, outbox_seconds(greatest(g.created_at, g.not_before), f.finished_at) AS took
            FROM fresh f JOIN gone g ON g.id = f.id WHERE f.state = 'sent' AND g.state = 'sending') AS sent
   GROUP BY 2, 5;
  RETURN NULL;
END $$
"""
NEW_TRIES = """
CREATE OR REPLACE FUNCTION count_new_tries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox_count (what, channel, state, fault, bucket, n, seconds)
  SELECT 'try', provider_of(channel, address), outcome, coalesce(fault, ''),
         outbox_bucket(outbox_seconds(started_at, finished_at)), count(*), sum(outbox_seconds(started_at, finished_at))
    FROM fresh WHERE outcome <> 'sending' GROUP BY 2, 3, 4, 5;
  RETURN NULL;
END $$
"""
ENDED_TRIES = """
CREATE OR REPLACE FUNCTION count_ended_tries() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off AS $$
BEGIN
  INSERT INTO outbox_count (what, channel, state, fault, bucket, n, seconds)
  SELECT 'try', provider_of(f.channel, f.address), f.outcome, coalesce(f.fault, ''),
         outbox_bucket(outbox_seconds(f.started_at, f.finished_at)), count(*),
         sum(outbox_seconds(f.started_at, f.finished_at))
    FROM fresh f JOIN gone g ON g.id = f.id WHERE g.outcome = 'sending' AND f.outcome <> 'sending'
   GROUP BY 2, 3, 4, 5;
  RETURN NULL;
END $$
"""
TOOK = """
CREATE OR REPLACE FUNCTION outbox_seconds(since timestamptz, until timestamptz) RETURNS float8 LANGUAGE sql
IMMUTABLE PARALLEL SAFE AS $$ SELECT greatest(extract(epoch FROM until - since), 0)::float8 $$
"""
BUCKET = """
CREATE OR REPLACE FUNCTION outbox_bucket(took float8) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT width_bucket(coalesce(took, 0), ARRAY[0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600]::float8[]) $$
"""
FUNCTIONS = (PROVIDER, WANTED_FIRST, TOOK, BUCKET)


def _trigger(name: str, when: str, table: str, seen: str) -> str:
    return (
        f"CREATE TRIGGER {name} AFTER {when} ON {table} REFERENCING {seen} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


OF_MESSAGES = (
    *(NEW_MESSAGES, CHANGED_MESSAGES, GONE_MESSAGES),
    _trigger("count_new_messages", "INSERT", "message", "NEW TABLE AS fresh"),
    _trigger("count_changed_messages", "UPDATE", "message", "OLD TABLE AS gone NEW TABLE AS fresh"),
    _trigger("count_gone_messages", "DELETE", "message", "OLD TABLE AS gone"),
)
OF_TRIES = (
    *(NEW_TRIES, ENDED_TRIES),
    _trigger("count_new_tries", "INSERT", "attempt", "NEW TABLE AS fresh"),
    _trigger("count_ended_tries", "UPDATE", "attempt", "OLD TABLE AS gone NEW TABLE AS fresh"),
)


def _listen(table: Table, when: str, *statements: str) -> None:
    for statement in statements:
        event.listen(table, when, DDL(statement))  # type: ignore[no-untyped-call]


# The migrations hold their own copy, as they never change.
_listen(Message.__table__, "before_create", *FUNCTIONS)  # type: ignore[attr-defined]
_listen(Message.__table__, "after_create", *OF_MESSAGES)  # type: ignore[attr-defined]
_listen(Attempt.__table__, "after_create", *OF_TRIES)  # type: ignore[attr-defined]
append_only(OutboxAct.__table__)  # type: ignore[attr-defined]
