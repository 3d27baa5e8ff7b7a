"""Points and open issues by their position."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OPEN = sa.text("state NOT IN ('closed', 'void')")


def upgrade() -> None:
    op.create_index("point_by_place", "point", ["lat", "lng"])
    op.create_index("issue_open_by_place", "issue", ["lat", "lng"], postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("issue_open_by_place", "issue")
    op.drop_index("point_by_place", "point")
