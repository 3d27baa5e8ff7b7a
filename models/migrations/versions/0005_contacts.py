"""Contacts that are proved by a code, what people choose for themselves, and who stays silent."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _choices()
    _codes()
    _silence()


def _choices() -> None:
    op.add_column("person", sa.Column("chosen_lang", sa.Text(), nullable=True))
    op.add_column("person", sa.Column("quiet_from", sa.Time(), nullable=True))
    op.add_column("person", sa.Column("quiet_to", sa.Time(), nullable=True))
    op.add_column("contact", sa.Column("switched_off_why", sa.Text(), nullable=True))
    proof = sa.Enum("pack", "code", name="proof", native_enum=False, length=32)
    op.add_column("contact", sa.Column("proof", proof, nullable=False, server_default="pack"))
    op.add_column("contact", sa.Column("chosen_position", sa.Integer(), nullable=True))


def _codes() -> None:
    op.create_table(
        "contact_code",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        sa.ForeignKeyConstraint(["replaces"], ["contact.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("contact_code_latest", "contact_code", ["contact_id", "id"])
    op.create_index("contact_code_pace", "contact_code", ["person_code", "asked_at"])


def _silence() -> None:
    op.add_column("message", sa.Column("answer_by", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("message", sa.Column("silent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    unanswered = sa.text("state = 'sent' AND answer_by IS NOT NULL")
    op.create_index("message_unanswered", "message", ["answer_by"], postgresql_where=unanswered)
    bundled = sa.text("bundle_id IS NOT NULL")
    op.create_index("message_bundled", "message", ["bundle_id"], postgresql_where=bundled)
    op.add_column("attempt", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("attempt", sa.Column("fault", sa.Text(), nullable=True))
    ours = sa.text("fault = 'ours'")
    op.create_index("attempt_our_fault", "attempt", ["started_at"], postgresql_where=ours)


def downgrade() -> None:
    op.drop_index("attempt_our_fault", "attempt")
    op.drop_index("message_bundled", "message")
    op.drop_index("message_unanswered", "message")
    for table, column in (
        ("attempt", "fault"),
        ("attempt", "reason"),
        ("message", "silent_at"),
        ("message", "answer_by"),
        ("contact", "chosen_position"),
        ("contact", "proof"),
        ("contact", "switched_off_why"),
        ("person", "quiet_to"),
        ("person", "quiet_from"),
        ("person", "chosen_lang"),
    ):
        op.drop_column(table, column)
    op.drop_table("contact_code")
