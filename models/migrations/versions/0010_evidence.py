"""Evidence: what a photo is, what looks wrong about it, what was redacted; files on their way in."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def number(name: str, kind: type = sa.Float) -> sa.Column:
    return sa.Column(name, kind(), nullable=True)


def words(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=nullable)


def upgrade() -> None:
    op.drop_column("evidence", "perceptual_hash")  # nothing ever wrote it; photo.likeness is it
    op.add_column("evidence", moment("looked_at", nullable=True))
    op.create_index("evidence_to_look_at", "evidence", ["id"], postgresql_where=sa.text("looked_at IS NULL"))
    _photos()
    _flags()
    _uploads()
    for table in ("evidence_flag", "evidence_flag_decision", "redaction"):
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _photos() -> None:
    op.create_table(
        "photo",
        *(words("sha256"), words("media_type")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("width", "height")),
        *(words(name, nullable=True) for name in ("plain", "shown", "small", "pixels")),
        number("likeness", sa.BigInteger),
        sa.Column("bands", postgresql.ARRAY(sa.Integer()), nullable=False),
        *(moment("taken_at", nullable=True), number("lat"), number("lng")),
        *(words("fault"), moment("looked_at")),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_index("photo_by_pixels", "photo", ["pixels"])
    op.create_index("photo_by_bands", "photo", ["bands"], postgresql_using="gin")
    op.create_index("photo_by_plain", "photo", ["plain"], postgresql_using="hash")
    op.create_index("photo_by_small", "photo", ["small"], postgresql_using="hash")
    op.create_table(
        "redaction",
        *(sa.Column("id", sa.BigInteger(), nullable=False), words("sha256")),
        sa.Column("areas", postgresql.JSONB(), nullable=False),
        *(words("shown"), words("small"), words("reason"), words("redacted_by"), moment("redacted_at")),
        sa.ForeignKeyConstraint(["sha256"], ["photo.sha256"]),
        sa.ForeignKeyConstraint(["redacted_by"], ["person.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("redaction_of_photo", "redaction", ["sha256"])


def _flags() -> None:
    op.create_table(
        "evidence_flag",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("evidence_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=True),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        moment("at"),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["evidence.id"]),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("evidence_id", "kind"),
    )
    op.create_index("evidence_flag_of_issue", "evidence_flag", ["issue_id"])
    op.create_table(
        "evidence_flag_decision",
        sa.Column("flag_id", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=False),
        *(words("reason"), words("decided_by"), moment("decided_at")),
        sa.ForeignKeyConstraint(["flag_id"], ["evidence_flag.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["person.code"]),
        sa.PrimaryKeyConstraint("flag_id"),
    )


def _uploads() -> None:
    op.create_table(
        "upload",
        *(words("key"), words("person_code"), words("name")),
        sa.Column("size", sa.BigInteger(), nullable=False),
        *(words("sha256", nullable=True), words("media_type")),
        *(moment("taken_at", nullable=True), number("lat"), number("lng")),
        *(moment("began_at"), moment("finished_at", nullable=True), moment("used_at", nullable=True)),
        sa.ForeignKeyConstraint(["person_code"], ["person.code"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("upload_of_person", "upload", ["person_code"], postgresql_where=sa.text("used_at IS NULL"))
    op.create_index("upload_began_at", "upload", ["began_at"])
    op.create_index("upload_by_content", "upload", ["sha256"])


def downgrade() -> None:
    for table in ("upload", "evidence_flag_decision", "evidence_flag", "redaction", "photo"):
        op.drop_table(table)
    op.drop_index("evidence_to_look_at", table_name="evidence")
    op.drop_column("evidence", "looked_at")
    op.add_column("evidence", words("perceptual_hash", nullable=True))
