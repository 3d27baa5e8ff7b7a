"""The outbox for operators: counts that cost nothing to read, who resent what, and where the trouble lies."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PROVIDER = """
CREATE FUNCTION provider_of(channel text, address text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN strpos(address, '://') > 0 THEN left(lower(split_part(address, '://', 1)), 40)
                  ELSE channel END $$
"""
WANTED_FIRST = """
CREATE FUNCTION wanted_first(channels text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT coalesce(channels[least(array_position(channels, 'chat'), array_position(channels, 'sms'),
                                     array_position(channels, 'mail'))], 'app') $$
"""
TOOK = """
CREATE FUNCTION outbox_seconds(since timestamptz, until timestamptz) RETURNS float8 LANGUAGE sql
IMMUTABLE PARALLEL SAFE AS $$ SELECT greatest(extract(epoch FROM until - since), 0)::float8 $$
"""
BUCKET = """
CREATE FUNCTION outbox_bucket(took float8) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT width_bucket(coalesce(took, 0), ARRAY[0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600]::float8[]) $$
"""
NEW_MESSAGES = """
CREATE FUNCTION count_new_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox_count (what, channel, state, fault, bucket, n, seconds)
  SELECT 'message', wanted_first(channels), state, '', 0, count(*), 0 FROM fresh GROUP BY 2, 3;
  RETURN NULL;
END $$
"""
CHANGED_MESSAGES = """
CREATE FUNCTION count_changed_messages() RETURNS trigger LANGUAGE plpgsql AS $$
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
GONE_MESSAGES = """
CREATE FUNCTION count_gone_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox_count (what, channel, state, fault, bucket, n, seconds)
  SELECT 'message', wanted_first(channels), state, '', 0, -count(*), 0 FROM gone GROUP BY 2, 3;
  RETURN NULL;
END $$
"""
NEW_TRIES = """
CREATE FUNCTION count_new_tries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outbox_count (what, channel, state, fault, bucket, n, seconds)
  SELECT 'try', provider_of(channel, address), outcome, coalesce(fault, ''),
         outbox_bucket(outbox_seconds(started_at, finished_at)), count(*), sum(outbox_seconds(started_at, finished_at))
    FROM fresh WHERE outcome <> 'sending' GROUP BY 2, 3, 4, 5;
  RETURN NULL;
END $$
"""
ENDED_TRIES = """
CREATE FUNCTION count_ended_tries() RETURNS trigger LANGUAGE plpgsql AS $$
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
FUNCTIONS = (
    *(PROVIDER, WANTED_FIRST, TOOK, BUCKET),
    *(NEW_MESSAGES, CHANGED_MESSAGES, GONE_MESSAGES, NEW_TRIES, ENDED_TRIES),
)
TRIGGERS = (
    ("count_new_messages", "INSERT", "message", "NEW TABLE AS fresh"),
    ("count_changed_messages", "UPDATE", "message", "OLD TABLE AS gone NEW TABLE AS fresh"),
    ("count_gone_messages", "DELETE", "message", "OLD TABLE AS gone"),
    ("count_new_tries", "INSERT", "attempt", "NEW TABLE AS fresh"),
    ("count_ended_tries", "UPDATE", "attempt", "OLD TABLE AS gone NEW TABLE AS fresh"),
)
EVERYTHING_SO_FAR = (
    "INSERT INTO outbox_count (what, channel, state, fault, bucket, n, seconds)"
    " SELECT 'message', wanted_first(channels), state, '', 0, count(*), 0 FROM message GROUP BY 2, 3",
    "INSERT INTO outbox_count (what, channel, state, fault, bucket, n, seconds)"
    " SELECT 'try', provider_of(channel, address), outcome, coalesce(fault, ''),"
    " outbox_bucket(outbox_seconds(started_at, finished_at)), count(*),"
    " coalesce(sum(outbox_seconds(started_at, finished_at)), 0) FROM attempt WHERE outcome <> 'sending'"
    " GROUP BY 2, 3, 4, 5",
)


def upgrade() -> None:
    _tables()
    _messages()
    for function in FUNCTIONS:
        op.execute(function)
    bad = sa.text("outcome IN ('refused', 'permanent', 'unknown')")
    provider = sa.text("provider_of(channel, address)")
    op.create_index("attempt_bad", "attempt", [provider, "message_id"], postgresql_where=bad)
    for statement in EVERYTHING_SO_FAR:
        op.execute(statement)
    for name, when, table, seen in TRIGGERS:
        op.execute(
            f"CREATE TRIGGER {name} AFTER {when} ON {table} REFERENCING {seen}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def _tables() -> None:
    op.create_table(
        "outbox_count",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "outbox_act",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=False),
        sa.Column("operation", sa.String(length=32), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["person_code"], ["person.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("outbox_act_at", "outbox_act", ["at"])
    for name, when in (("append_only", "UPDATE OR DELETE"), ("never_emptied", "TRUNCATE")):
        level = "ROW" if name == "append_only" else "STATEMENT"
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON outbox_act FOR EACH {level} EXECUTE FUNCTION refuse_change()"
        )


def _messages() -> None:
    op.add_column("message", sa.Column("resent_from", sa.BigInteger(), nullable=True))
    op.create_foreign_key(None, "message", "message", ["resent_from"], ["id"])
    again = sa.text("resent_from IS NOT NULL")
    op.create_index("message_resent", "message", ["resent_from"], postgresql_where=again)
    trouble = sa.text("state IN ('failed', 'unknown')")
    op.create_index(
        "message_trouble", "message", ["id"], postgresql_include=["state", "finished_at"], postgresql_where=trouble
    )


def downgrade() -> None:
    for name, _, table, _ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
    op.drop_index("attempt_bad", "attempt")
    for function in (
        "outbox_bucket(float8)",
        "outbox_seconds(timestamptz, timestamptz)",
        "wanted_first(text[])",
        "provider_of(text, text)",
    ):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_index("message_trouble", "message")
    op.drop_index("message_resent", "message")
    op.drop_column("message", "resent_from")
    op.drop_table("outbox_act")
    op.drop_table("outbox_count")
