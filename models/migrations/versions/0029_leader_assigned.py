"""Issues that a leader assigned carry a mark."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issue", sa.Column("leader_assigned", sa.Boolean(), nullable=False, server_default="false"))
    op.create_index("issue_leader_assigned", "issue", ["id"], postgresql_where=sa.text("leader_assigned"))


def downgrade() -> None:
    op.drop_index("issue_leader_assigned", "issue")
    op.drop_column("issue", "leader_assigned")
