"""Webhooks by subscription: subscriptions, what happened, deliveries, tries; and triggers that write down events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('waiting', 'sending')")
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
TRIGGERS = {
    ("hook_new_events", "issue_event"): "AFTER INSERT ON issue_event REFERENCING NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION hook_new_events()",
    ("hook_started", "round"): "AFTER INSERT ON round FOR EACH ROW EXECUTE FUNCTION hook_note('audit', 'started')",
    ("hook_finished", "round"): "AFTER UPDATE OF finished_at ON round FOR EACH ROW"
    " WHEN (OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL)"
    " EXECUTE FUNCTION hook_note('audit', 'finished')",
    ("hook_filled", "sheet"): "AFTER UPDATE OF filled_at ON sheet FOR EACH ROW"
    " WHEN (OLD.filled_at IS NULL AND NEW.filled_at IS NOT NULL)"
    " EXECUTE FUNCTION hook_note('sheet', 'sheet_filled')",
    ("hook_failed", "message"): "AFTER UPDATE OF state ON message FOR EACH ROW"
    " WHEN (NEW.state = 'failed' AND OLD.state <> 'failed') EXECUTE FUNCTION hook_note('message', 'failed')",
    ("hook_unknown", "message"): "AFTER UPDATE OF state ON message FOR EACH ROW"
    " WHEN (NEW.state = 'unknown' AND OLD.state <> 'unknown') EXECUTE FUNCTION hook_note('message', 'unknown')",
}


def upgrade() -> None:
    _subscriptions()
    op.create_table(
        "hook_event",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ref", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    _deliveries()
    _attempts()
    for statement in (NEW_EVENTS, NOTE, *(f"CREATE TRIGGER {name} {how}" for (name, _), how in TRIGGERS.items())):
        op.execute(statement)


def _subscriptions() -> None:
    op.create_table(
        "hook",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kinds", ARRAY(sa.Text()), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("severities", ARRAY(sa.Text()), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("old_secret", sa.Text(), nullable=False),
        sa.Column("old_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("pause", sa.String(length=32), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_ok_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"]),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"]),
        sa.ForeignKeyConstraint(["owner"], ["person.code"]),
        sa.PrimaryKeyConstraint("id"),
    )


def _deliveries() -> None:
    op.create_table(
        "hook_delivery",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("hook_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ref", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hook_id"], ["hook.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hook_id", "key"),
    )
    op.create_index("hook_delivery_open", "hook_delivery", ["hook_id", "id"], postgresql_where=OPEN)
    op.create_index("hook_delivery_in_order", "hook_delivery", ["hook_id", "subject", "id"], postgresql_where=OPEN)
    op.create_index("hook_delivery_since", "hook_delivery", ["hook_id", "at"])
    op.create_index("hook_delivery_made", "hook_delivery", ["made_at"])


def _attempts() -> None:
    op.create_table(
        "hook_attempt",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("hook_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(length=32), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["hook_id"], ["hook.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("hook_attempt_of", "hook_attempt", ["hook_id", "id"])
    op.create_index("hook_attempt_at", "hook_attempt", ["at"])


def downgrade() -> None:
    for name, table in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute("DROP FUNCTION hook_new_events, hook_note")
    for table in ("hook_attempt", "hook_delivery", "hook_event", "hook"):
        op.drop_table(table)
