"""The counts of the outbox join what was with what is by a hash, however many rows a statement changed.

A trigger's plan is made once, for the few rows of its first call; in nested loops the rows of a long list are then
compared each with each.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

JOINING = ("count_changed_messages", "count_ended_tries")


def upgrade() -> None:
    for function in JOINING:
        op.execute(f"ALTER FUNCTION {function}() SET enable_nestloop = off")


def downgrade() -> None:
    for function in JOINING:
        op.execute(f"ALTER FUNCTION {function}() RESET enable_nestloop")
