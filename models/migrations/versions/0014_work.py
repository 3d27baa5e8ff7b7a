"""What waits on a desk, found by whose it is and in the order in which it falls due."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OPEN = "state NOT IN ('closed', 'void')"
HIGH = "(steps_taken & 448) > 0"
ON_DESKS = ["steps_taken", "state", "step", "due_at", "stage_due_at", "area_path", "lead_unit", "rule_set_code"]


def upgrade() -> None:
    op.create_index(
        "issue_at_work",
        "issue",
        ["lead_unit", "state", "due_at", "id"],
        postgresql_include=["sign_in_due_at"],
        postgresql_where=sa.text(OPEN),
    )
    op.create_index(
        "issue_in_stage",
        "issue",
        ["state", "stage_due_at", "id"],
        postgresql_include=["steps_taken", "area_path"],
        postgresql_where=sa.text("state IN ('rectified', 'verified')"),
    )
    op.create_index(
        "issue_climbed_open",
        "issue",
        ["id"],
        postgresql_include=ON_DESKS,
        postgresql_where=sa.text(f"{OPEN} AND {HIGH}"),
    )
    op.create_index(
        "order_unanswered", "supervision_order", ["issue_id"], postgresql_where=sa.text("replied_at IS NULL")
    )


def downgrade() -> None:
    op.drop_index("order_unanswered", "supervision_order")
    for index in ("issue_climbed_open", "issue_in_stage", "issue_at_work"):
        op.drop_index(index, "issue")
