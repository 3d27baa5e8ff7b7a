"""Limits are counted by door (a robot, whoever it mentions), and by letter: several messages may share one."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt", sa.Column("door", sa.Text(), nullable=False, server_default=""))
    op.add_column("attempt", sa.Column("joined_to", sa.BigInteger(), nullable=True))
    op.create_foreign_key("attempt_joined_to_fkey", "attempt", "attempt", ["joined_to"], ["id"])
    letters = sa.text("joined_to IS NULL")
    op.create_index("attempt_letters", "attempt", ["door", "started_at"], postgresql_where=letters)
    told = sa.text("outcome = 'refused' AND retry_at IS NOT NULL")
    op.create_index("attempt_told_to_wait", "attempt", ["door", "retry_at"], postgresql_where=told)


def downgrade() -> None:
    op.drop_index("attempt_told_to_wait", "attempt")
    op.drop_index("attempt_letters", "attempt")
    op.drop_constraint("attempt_joined_to_fkey", "attempt")
    op.drop_column("attempt", "joined_to")
    op.drop_column("attempt", "door")
