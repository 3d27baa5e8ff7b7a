"""Measures that hold to account, leaders' written instructions, patrols; replies to orders are reviewed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "measure_event",
    "instruction",
    "instruction_person",
    "instruction_issue",
    "instruction_event",
    "patrol",
)
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index("order_by_time", "supervision_order", ["issued_at"])
    op.add_column("supervision_order", sa.Column("accepted_at", TIME, nullable=True))
    op.add_column("supervision_order", sa.Column("withdrawn_at", TIME, nullable=True))
    _measures()
    _instructions()
    _patrols()
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _measures() -> None:
    op.create_table(
        "measure",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), sa.ForeignKey("unit.code"), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), sa.ForeignKey("issue.id"), nullable=True),
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("supervision_order.id"), nullable=True, unique=True),
        sa.Column("because", postgresql.JSONB(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("proposed_at", TIME, nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("reply_due_at", TIME, nullable=True),
        sa.Column("replied_at", TIME, nullable=True),
        sa.Column("climbed", sa.Integer(), nullable=False),
    )
    op.create_index(op.f("ix_measure_issue_id"), "measure", ["issue_id"])
    op.create_index(
        "measure_open",
        "measure",
        ["state", "id"],
        postgresql_where=sa.text("state NOT IN ('rejected', 'lapsed', 'done')"),
    )
    op.create_index("measure_of_unit", "measure", ["unit_code", "kind", "decided_at"])
    op.create_table(
        "measure_event",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("measure_id", sa.BigInteger(), sa.ForeignKey("measure.id"), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("on_behalf_of", sa.Text(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
    )
    op.create_index(op.f("ix_measure_event_measure_id"), "measure_event", ["measure_id"])


def _instructions() -> None:
    op.create_table(
        "instruction",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        sa.Column("leader", sa.Text(), sa.ForeignKey("person.code"), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), sa.ForeignKey("person.code"), nullable=False),
        sa.Column("recorded_at", TIME, nullable=False),
    )
    op.create_index(op.f("ix_instruction_leader"), "instruction", ["leader"])
    op.create_table(
        "instruction_person",
        sa.Column("instruction_id", sa.BigInteger(), sa.ForeignKey("instruction.id"), primary_key=True),
        sa.Column("person_code", sa.Text(), sa.ForeignKey("person.code"), primary_key=True),
    )
    op.create_index(op.f("ix_instruction_person_person_code"), "instruction_person", ["person_code"])
    op.create_table(
        "instruction_issue",
        sa.Column("instruction_id", sa.BigInteger(), sa.ForeignKey("instruction.id"), primary_key=True),
        sa.Column("issue_id", sa.BigInteger(), sa.ForeignKey("issue.id"), primary_key=True),
    )
    op.create_table(
        "instruction_event",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("instruction_id", sa.BigInteger(), sa.ForeignKey("instruction.id"), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("who", sa.Text(), sa.ForeignKey("person.code"), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
    )
    op.create_index(op.f("ix_instruction_event_instruction_id"), "instruction_event", ["instruction_id"])


def _patrols() -> None:
    op.create_table(
        "patrol_duty",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("post_code", sa.Text(), sa.ForeignKey("post.code"), nullable=False),
        sa.Column("person_code", sa.Text(), sa.ForeignKey("person.code"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("missed_at", TIME, nullable=True),
    )
    running = sa.text("done_at IS NULL AND missed_at IS NULL")
    op.create_index("one_duty_from_a_day", "patrol_duty", ["post_code", "starts"], unique=True)
    op.create_index("duty_running", "patrol_duty", ["ends"], postgresql_where=running)
    op.create_index("duty_ended", "patrol_duty", ["ends"])
    op.create_index(op.f("ix_patrol_duty_person_code"), "patrol_duty", ["person_code"])
    op.create_table(
        "patrol",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        sa.Column("duty_id", sa.BigInteger(), sa.ForeignKey("patrol_duty.id"), nullable=True),
        sa.Column("post_code", sa.Text(), sa.ForeignKey("post.code"), nullable=False),
        sa.Column("person_code", sa.Text(), sa.ForeignKey("person.code"), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
    )
    op.create_index("patrol_of_person", "patrol", ["person_code", "at"])


def downgrade() -> None:
    for table in (
        *("patrol", "patrol_duty", "instruction_event", "instruction_issue", "instruction_person", "instruction"),
        *("measure_event", "measure"),
    ):
        op.drop_table(table)
    op.drop_column("supervision_order", "withdrawn_at")
    op.drop_column("supervision_order", "accepted_at")
    op.drop_index("order_by_time", "supervision_order")
