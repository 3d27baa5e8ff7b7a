"""Counts of what is open: boards that do not follow how many issues are."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PLACE = "area_path, coalesce(lead_unit, ''), state, step"
CLOCK = (
    "CASE WHEN state IN ('assigned', 'rectifying') THEN due_at"
    " WHEN state IN ('found', 'rectified', 'verified') THEN stage_due_at END"
)
ON_FIRST_PLACE = f"""
CREATE FUNCTION count_new_issues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO issue_move (area_path, lead_unit, state, step, clock_at, n)
  SELECT {PLACE}, {CLOCK}, count(*) FROM fresh GROUP BY 1, 2, 3, 4, 5;
  RETURN NULL;
END $$
"""
ON_MOVE = f"""
CREATE FUNCTION count_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO issue_move (area_path, lead_unit, state, step, clock_at, n)
  SELECT area_path, lead_unit, state, step, clock_at, sum(n)
    FROM (SELECT {PLACE}, {CLOCK}, -1 FROM stale
           UNION ALL SELECT {PLACE}, {CLOCK}, 1 FROM fresh)
      AS moved (area_path, lead_unit, state, step, clock_at, n)
   GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0;
  RETURN NULL;
END $$
"""
# What is there already counts as having moved: the first settling puts it together.
EVERYTHING_SO_FAR = (
    "INSERT INTO issue_move (area_path, lead_unit, state, step, clock_at, n)"
    f" SELECT {PLACE}, {CLOCK}, count(*) FROM issue GROUP BY 1, 2, 3, 4, 5"
)
TRIGGERS = (
    "CREATE TRIGGER count_new_issues AFTER INSERT ON issue REFERENCING NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION count_new_issues()",
    "CREATE TRIGGER count_moves AFTER UPDATE ON issue REFERENCING OLD TABLE AS stale NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION count_moves()",
)
COUNTED = (
    *("found", "assigned", "rectifying", "rectified", "verified", "closed", "shelved", "void"),
    *("no_step", "e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "late", "stage_late"),
)


def upgrade() -> None:
    op.create_table(
        "issue_count",
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("lead_unit", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTED),
        sa.PrimaryKeyConstraint("area_path", "lead_unit"),
    )
    op.create_table(
        "issue_move",
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("lead_unit", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("clock_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
    )
    op.create_index("issue_by_deadline", "issue", ["due_at"], postgresql_include=["state", "area_path", "lead_unit"])
    op.create_index(
        "issue_by_stage",
        "issue",
        ["stage_due_at"],
        postgresql_include=["area_path", "lead_unit"],
        postgresql_where=sa.text("state IN ('found', 'rectified', 'verified')"),
    )
    for statement in (EVERYTHING_SO_FAR, ON_FIRST_PLACE, ON_MOVE, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("issue_by_stage", table_name="issue")
    op.drop_index("issue_by_deadline", table_name="issue")
    for name in ("count_new_issues", "count_moves"):
        op.execute(f"DROP TRIGGER {name} ON issue")
        op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("issue_move")
    op.drop_table("issue_count")
