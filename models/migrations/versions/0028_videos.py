"""Videos as evidence: what each is, and who withheld it."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def words(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "video",
        *(words("sha256"), words("media_type")),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("width", "height")),
        words("coding"),
        sa.Column("patches", postgresql.JSONB(), nullable=False),
        moment("taken_at", nullable=True),
        *(sa.Column(name, sa.Float(), nullable=True) for name in ("lat", "lng")),
        words("fault"),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        moment("looked_at"),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "withholding",
        *(sa.Column("id", sa.BigInteger(), nullable=False), words("sha256")),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        *(words("reason"), words("decided_by"), moment("decided_at")),
        sa.ForeignKeyConstraint(["sha256"], ["video.sha256"]),
        sa.ForeignKeyConstraint(["decided_by"], ["person.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("withholding_of_video", "withholding", ["sha256"])
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON withholding"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON withholding FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("withholding")
    op.drop_table("video")
