"""Who proposed a measure, where a person did."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("measure", sa.Column("proposed_by", sa.Text(), sa.ForeignKey("person.code"), nullable=True))


def downgrade() -> None:
    op.drop_column("measure", "proposed_by")
