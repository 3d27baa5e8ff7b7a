"""Papers: what was printed under which number, frozen, with the templates it was made from."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_template",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "paper",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=True),
        sa.Column("round_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("issued_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("word_template", sa.Text(), nullable=False),
        sa.Column("page_template", sa.Text(), nullable=False),
        sa.CheckConstraint("(issue_id IS NULL) <> (round_id IS NULL)", name="paper_of_an_issue_or_a_round"),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"]),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"]),
        sa.ForeignKeyConstraint(["unit_code"], ["unit.code"]),
        sa.ForeignKeyConstraint(["issued_by"], ["person.code"]),
        sa.ForeignKeyConstraint(["word_template"], ["paper_template.sha256"]),
        sa.ForeignKeyConstraint(["page_template"], ["paper_template.sha256"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issue_id", "cycle", "kind", "step"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("round_id", "unit_code"),
    )
    op.create_index(op.f("ix_paper_unit_code"), "paper", ["unit_code"], unique=False)
    for table in ("paper", "paper_template"):
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("paper")
    op.drop_table("paper_template")
