"""Audits: the frozen frame of a draw, acts on a round, faults held until publication, sheets done a second time."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

RECORDS = ("round_frame", "round_event")
APPEND_ONLY = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)
KNOWN_ALREADY = "UPDATE round SET published_at = finished_at WHERE kind = 'covert' AND finished_at IS NOT NULL"
FROM_NOW_ON = "UPDATE round SET held = true WHERE kind = 'covert' AND finished_at IS NULL"
CHOSEN = "UPDATE round SET method = 'chosen' WHERE kind IN ('same_fault', 'superior_feedback')"

HOOK = (
    "CREATE TRIGGER hook_published AFTER UPDATE OF published_at ON round FOR EACH ROW"
    " WHEN (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL AND NEW.kind = 'covert')"
    " EXECUTE FUNCTION hook_note('audit', 'finished')"
)


def upgrade() -> None:
    op.add_column("round", sa.Column("method", sa.String(32), nullable=False, server_default="categories"))
    op.add_column("round", sa.Column("frame_sha256", sa.Text(), nullable=True))
    op.add_column("round", sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column("round", sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
    for statement in (KNOWN_ALREADY, FROM_NOW_ON, CHOSEN, HOOK):
        op.execute(statement)
    op.add_column("sheet", sa.Column("again_of", sa.BigInteger(), nullable=True))
    op.create_foreign_key(None, "sheet", "sheet", ["again_of"], ["id"])
    op.create_unique_constraint(None, "sheet", ["again_of"])
    op.add_column("observation", sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    _records()


def _records() -> None:
    op.create_table(
        "round_frame",
        sa.Column("round_id", sa.BigInteger(), sa.ForeignKey("round.id"), primary_key=True),
        sa.Column("point_code", sa.Text(), primary_key=True),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
    )
    op.create_table(
        "round_event",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("round_id", sa.BigInteger(), sa.ForeignKey("round.id"), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
    )
    op.create_index(op.f("ix_round_event_round_id"), "round_event", ["round_id"])
    for table in RECORDS:
        for statement in APPEND_ONLY:
            op.execute(statement.format(table=table))


def downgrade() -> None:
    op.execute("DROP TRIGGER hook_published ON round")
    for table in reversed(RECORDS):
        op.drop_table(table)
    op.drop_column("observation", "counted")
    op.drop_column("sheet", "again_of")
    for column in ("published_at", "held", "frame_sha256", "method"):
        op.drop_column("round", column)
