"""Administration: what was changed in the city, by whom and why; the files of its pack that are no table."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

RECORDS = ("city_change", "city_change_set", "pack_body")


def upgrade() -> None:
    _files()
    _changes()
    for table in RECORDS:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _files() -> None:
    op.create_table(
        "pack_body",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "pack_file",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["pack_body.sha256"]),
        sa.PrimaryKeyConstraint("path"),
    )


def _changes() -> None:
    op.create_table(
        "city_change_set",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    for column in ("at", "fingerprint", "who"):
        op.create_index(op.f(f"ix_city_change_set_{column}"), "city_change_set", [column])
    op.create_table(
        "city_change",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("set_number", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["set_number"], ["city_change_set.number"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("city_change_of_row", "city_change", ["place", "key", "id"])
    op.create_index(op.f("ix_city_change_set_number"), "city_change", ["set_number"])


def downgrade() -> None:
    op.drop_table("city_change")
    op.drop_table("city_change_set")
    op.drop_table("pack_file")
    op.drop_table("pack_body")
