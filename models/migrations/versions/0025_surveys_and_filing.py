"""Surveys: forms, rounds, places drawn, signs, answers. Filing: the list of material, what was done to it, its files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TIME, LONG = sa.DateTime(timezone=True), sa.BigInteger()
APPEND_ONLY = ("survey_reply", "survey_answer", "filing_event", "filing_file")
TABLES = (
    *("filing_file", "filing_event", "filing_item"),
    *("survey_answer", "survey_reply", "survey_sign", "survey_place", "survey_round", "survey_form"),
)
WANTED = sa.text("state IN ('missing', 'returned') AND NOT dropped")


def upgrade() -> None:
    _surveys()
    _answers()
    _filing()
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _id() -> sa.Column[int]:
    return sa.Column("id", LONG, primary_key=True)


def _to(name: str, target: str, kind: sa.types.TypeEngine[object] | None = None, *, null: bool = False) -> sa.Column:
    return sa.Column(name, kind or sa.Text(), sa.ForeignKey(target), nullable=null)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _surveys() -> None:
    op.create_table(
        "survey_form",
        sa.Column("code", sa.Text(), primary_key=True),
        _text("name"),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
    )
    op.create_table(
        "survey_round",
        _id(),
        _text("code"),
        _to("form_code", "survey_form.code"),
        _text("title"),
        _to("area_code", "area.code"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("seed", "wanted", "per_place", "raters")),
        _to("requested_by", "person.code"),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        _to("ended_by", "person.code", null=True),
        _text("ended_why"),
        _text("key", null=True),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("key"),
        sa.CheckConstraint("closes_on >= opens_on", "survey_closes_after_it_opens"),
    )
    op.create_index(op.f("ix_survey_round_area_code"), "survey_round", ["area_code"])
    op.create_table(
        "survey_place",
        _id(),
        _to("round_id", "survey_round.id", LONG),
        _to("area_code", "area.code"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("door", sa.Integer(), nullable=False),
        _to("interviewer", "person.code"),
        sa.UniqueConstraint("round_id", "area_code"),
    )
    op.create_index(op.f("ix_survey_place_interviewer"), "survey_place", ["interviewer"])
    op.create_table(
        "survey_sign",
        _id(),
        _to("round_id", "survey_round.id", LONG),
        _to("area_code", "area.code"),
        _text("key"),
        _to("made_by", "person.code"),
        sa.Column("made_at", TIME, nullable=False),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("round_id", "area_code"),
    )


def _answers() -> None:
    op.create_table(
        "survey_reply",
        _id(),
        _to("round_id", "survey_round.id", LONG),
        _to("place_id", "survey_place.id", LONG, null=True),
        _to("area_code", "area.code"),
        _text("area_path"),
        sa.Column("audience", sa.String(32), nullable=False),
        _to("interviewer", "person.code", null=True),
        sa.Column("at", TIME, nullable=False),
        _text("key", null=True),
        _text("device", null=True),
        _to("corrects", "survey_reply.id", LONG, null=True),
        _text("why"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("corrects"),
    )
    op.create_index(op.f("ix_survey_reply_place_id"), "survey_reply", ["place_id"])
    op.create_index("survey_reply_of_round", "survey_reply", ["round_id", "area_path"])
    device = sa.text("device IS NOT NULL")
    op.create_index(
        "one_reply_of_a_device", "survey_reply", ["round_id", "device"], unique=True, postgresql_where=device
    )
    op.create_table(
        "survey_answer",
        _id(),
        _to("reply_id", "survey_reply.id", LONG),
        _text("question"),
        _text("answer"),
        sa.UniqueConstraint("reply_id", "question"),
    )


def _filing() -> None:
    op.create_table(
        "filing_item",
        _id(),
        _to("version_code", "evaluation_version.code"),
        sa.Column("year", sa.Integer(), nullable=False),
        *(_text(name) for name in ("code", "standard_code", "title")),
        sa.Column("marks", sa.Numeric(), nullable=False),
        _to("unit_code", "unit.code"),
        _to("reviewer", "person.code", null=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("warn_days", sa.Integer(), nullable=False),
        _text("severity"),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", TIME, nullable=True),
        _to("submitted_by", "person.code", null=True),
        sa.Column("reviewed_at", TIME, nullable=True),
        _to("reviewed_by", "person.code", null=True),
        _to("issue_id", "issue.id", LONG, null=True),
        sa.Column("raised", sa.Integer(), nullable=False),
        sa.Column("try_at", TIME, nullable=True),
        _text("set_aside_why", null=True),
        sa.UniqueConstraint("version_code", "year", "code"),
        sa.CheckConstraint("marks >= 0 AND warn_days >= 0", "filing_numbers_are_sound"),
    )
    op.create_index(op.f("ix_filing_item_unit_code"), "filing_item", ["unit_code"])
    op.create_index(op.f("ix_filing_item_issue_id"), "filing_item", ["issue_id"])
    op.create_index("filing_wanted", "filing_item", ["due_at"], postgresql_where=WANTED)
    op.create_table(
        "filing_event",
        _id(),
        _to("item_id", "filing_item.id", LONG),
        sa.Column("act", sa.String(32), nullable=False),
        _text("who"),
        sa.Column("at", TIME, nullable=False),
        _text("why"),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        _text("key", null=True),
    )
    key = sa.text("key IS NOT NULL")
    op.create_index("one_filing_event_per_key", "filing_event", ["item_id", "key"], unique=True, postgresql_where=key)
    op.create_table(
        "filing_file",
        _id(),
        _to("event_id", "filing_event.id", LONG),
        *(_text(name) for name in ("sha256", "name", "media_type")),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.UniqueConstraint("event_id", "sha256"),
    )
    op.create_index(op.f("ix_filing_file_sha256"), "filing_file", ["sha256"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
