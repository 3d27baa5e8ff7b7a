"""Open issues by the unit that leads them: what waits on a desk, whatever the unit has closed before."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OPEN = sa.text("state NOT IN ('closed', 'void')")


def upgrade() -> None:
    op.create_index("issue_at_work", "issue", ["lead_unit", "state"], postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("issue_at_work", "issue")
