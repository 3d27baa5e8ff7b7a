"""Task letters: issued, signed for, replaced; what happened to each stays on record."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON task_letter_event"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON task_letter_event"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)


def upgrade() -> None:
    _letters()
    _events()


def _letters() -> None:
    op.create_table(
        "task_letter",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("number", sa.Text(), nullable=False, unique=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.Text(), sa.ForeignKey("unit.code"), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("rows_sha256", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Text(), sa.ForeignKey("person.code"), nullable=False),
        sa.Column("issued_as", sa.Text(), nullable=False),
        sa.Column("sign_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("climb_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Text(), sa.ForeignKey("person.code"), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("climbed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("year", "unit_code", "edition"),
    )
    op.create_index(op.f("ix_task_letter_unit_code"), "task_letter", ["unit_code"])
    op.create_index(
        "one_letter_in_force",
        "task_letter",
        ["year", "unit_code"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_index(
        "task_letter_unsigned",
        "task_letter",
        ["sign_due_at"],
        postgresql_where=sa.text("signed_at IS NULL AND replaced_at IS NULL"),
    )


def _events() -> None:
    op.create_table(
        "task_letter_event",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("letter_id", sa.BigInteger(), sa.ForeignKey("task_letter.id"), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("on_behalf_of", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.UniqueConstraint("letter_id", "act"),
    )
    for statement in APPEND_ONLY:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("task_letter_event")
    op.drop_table("task_letter")
