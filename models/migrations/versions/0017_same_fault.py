"""Same-fault sweeps: rounds for the one standard of an issue. How often an issue came back, what is to be looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

COUNTED = """
UPDATE issue SET relapses = e.n FROM
  (SELECT issue_id, count(*) AS n FROM issue_event WHERE action = 'relapse' GROUP BY issue_id) e
 WHERE e.issue_id = issue.id
"""
TO_LOOK_BACK = sa.text("state = 'closed' AND stage_due_at IS NOT NULL")
OPEN_SWEEP = sa.text("for_issue IS NOT NULL AND finished_at IS NULL")


def upgrade() -> None:
    op.add_column("round", sa.Column("for_issue", sa.BigInteger(), nullable=True))
    op.add_column("round", sa.Column("standard_code", sa.Text(), nullable=True))
    op.add_column("round", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(None, "round", "standard", ["version_code", "standard_code"], ["version_code", "code"])
    op.create_index(op.f("ix_round_for_issue"), "round", ["for_issue"])
    op.create_index("one_open_sweep", "round", ["for_issue"], unique=True, postgresql_where=OPEN_SWEEP)
    op.create_index(op.f("ix_sheet_point_code"), "sheet", ["point_code"])
    op.create_index("issue_to_look_back", "issue", ["stage_due_at"], postgresql_where=TO_LOOK_BACK)
    op.add_column("issue", sa.Column("relapses", sa.Integer(), nullable=False, server_default="0"))
    op.execute(COUNTED)


def downgrade() -> None:
    op.drop_column("issue", "relapses")
    op.drop_index("issue_to_look_back", "issue")
    op.drop_index("ix_sheet_point_code", "sheet")
    op.drop_index("one_open_sweep", "round")
    op.drop_index("ix_round_for_issue", "round")
    for column in ("due_at", "standard_code", "for_issue"):
        op.drop_column("round", column)
