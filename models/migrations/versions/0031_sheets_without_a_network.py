"""What was seen without a network: when it came in, who recorded it, and what says otherwise than what is there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("observation", sa.Column("received_at", TIME, nullable=True))
    op.add_column("observation", sa.Column("recorded_by", sa.Text(), sa.ForeignKey("person.code"), nullable=True))
    op.create_table(
        "contradiction",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("observation_id", sa.BigInteger(), sa.ForeignKey("observation.id"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        sa.Column("result", sa.String(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("photo", sa.Text(), nullable=True),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("said_by", sa.Text(), sa.ForeignKey("person.code"), nullable=False),
        sa.Column("observed_at", TIME, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
    )
    op.create_index(op.f("ix_contradiction_observation_id"), "contradiction", ["observation_id"])
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON contradiction"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON contradiction"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("contradiction")
    op.drop_column("observation", "recorded_by")
    op.drop_column("observation", "received_at")
