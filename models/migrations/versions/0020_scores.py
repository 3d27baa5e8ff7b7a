"""Scores: the formula of each time, hits of the negative list, incidents of units; the city names the formula."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = ("scoring_version", "negative_hit", "unit_incident")
TRIGGERS = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)


def upgrade() -> None:
    op.create_table(
        "scoring_version",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "negative_hit",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("area_code", sa.Text(), sa.ForeignKey("area.code"), nullable=False),
        *_recorded("negative_hit"),
    )
    op.create_table(
        "unit_incident",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), sa.ForeignKey("unit.code"), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), sa.ForeignKey("issue.id"), nullable=True),
        *_recorded("unit_incident"),
    )
    for table, owner in (("negative_hit", "area"), ("unit_incident", "unit")):
        op.create_index(f"{table}_of_{owner}", table, [f"{owner}_code", "on_date"])
        op.create_index(
            f"{table}_withdrawn_once",
            table,
            ["withdraws"],
            unique=True,
            postgresql_where=sa.text("withdraws IS NOT NULL"),
        )
    for table in TABLES:
        for statement in TRIGGERS:
            op.execute(statement.format(table))
    op.add_column("city", sa.Column("scoring_code", sa.Text(), sa.ForeignKey("scoring_version.code"), nullable=True))


def _recorded(table: str) -> tuple[sa.Column, ...]:
    return (
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("withdraws", sa.BigInteger(), sa.ForeignKey(f"{table}.id"), nullable=True),
        sa.Column("recorded_by", sa.Text(), sa.ForeignKey("person.code"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("city", "scoring_code")
    for table in reversed(TABLES):
        op.drop_table(table)
