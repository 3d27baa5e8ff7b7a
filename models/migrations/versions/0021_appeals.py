"""Appeals against cases in the draft of a month's appraisal, and what was decided about them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ONCE = ("area_code", "period_from", "period_to", "issue_id", "cycle", "unit_code")
TRIGGERS = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)


def upgrade() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("area_code", sa.Text(), sa.ForeignKey("area.code"), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), sa.ForeignKey("issue.id"), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.Text(), sa.ForeignKey("unit.code"), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("standard_code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(*ONCE),
    )
    for column in ("area_code", "issue_id", "unit_code"):
        op.create_index(op.f(f"ix_appeal_{column}"), "appeal", [column])
    op.create_index("appeal_like_it", "appeal", ["ground", "standard_code"])
    op.create_table(
        "appeal_decision",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("appeal_id", sa.BigInteger(), sa.ForeignKey("appeal.id"), nullable=False, unique=True),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("precedent_id", sa.BigInteger(), sa.ForeignKey("appeal.id"), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
    )
    for table in ("appeal", "appeal_decision"):
        for statement in TRIGGERS:
            op.execute(statement.format(table=table))


def downgrade() -> None:
    op.drop_table("appeal_decision")
    op.drop_table("appeal")
