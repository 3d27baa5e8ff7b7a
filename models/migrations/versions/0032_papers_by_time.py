"""What every round looks for: the papers that have come out since the last one."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("paper_by_time", "paper", ["issued_at"])


def downgrade() -> None:
    op.drop_index("paper_by_time", "paper")
