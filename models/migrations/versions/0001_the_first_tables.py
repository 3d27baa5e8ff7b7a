"""the first tables."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("managed_by", sa.Text(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("local", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["managed_by"],
            ["area.code"],
        ),
        sa.ForeignKeyConstraint(
            ["parent_code"],
            ["area.code"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_area_parent_code"), "area", ["parent_code"], unique=False)
    op.create_index(op.f("ix_area_path"), "area", ["path"], unique=False)
    op.create_table(
        "bulletin",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "period_from", "period_to"),
    )
    op.create_table(
        "calendar_version",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("spans", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "cursor",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "day_seal",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("last_event_id", sa.Integer(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("sealed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "evaluation_system",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "number_series",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "person",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "post",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "handler",
                "direct_leader",
                "deputy_leader",
                "principal_leader",
                "building_chief",
                "grid_chief",
                "area_chief",
                "street_chief",
                "office",
                "inspector",
                "verifier",
                "headquarters",
                "performance_office",
                "duty_officer",
                "administrator",
                "sponsor_leader",
                name="postkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "owner_kind",
            sa.Enum("unit", "area", "point", name="ownerkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("owner_code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_post_owner_code"), "post", ["owner_code"], unique=False)
    op.create_table(
        "rule_set",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "calendar_day",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("workday", "weekend", "holiday", "make_up", name="daykind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"],
            ["calendar_version.version"],
        ),
        sa.PrimaryKeyConstraint("version", "date"),
    )
    op.create_table(
        "category",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("system_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["system_code"],
            ["evaluation_system.code"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "city",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("number_prefix", sa.Text(), nullable=False),
        sa.Column("default_lang", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("clock_offset_seconds", sa.BigInteger(), nullable=False),
        sa.Column("rule_set_code", sa.Text(), nullable=True),
        sa.Column("calendar_version", sa.Integer(), nullable=True),
        sa.Column("pack", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_version"],
            ["calendar_version.version"],
        ),
        sa.ForeignKeyConstraint(
            ["rule_set_code"],
            ["rule_set.code"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "app", "chat", "sms", "mail", "phone", "bulletin", name="channelclass", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("verified_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_to", sa.Time(), nullable=True),
        sa.Column("switched_off_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_code"],
            ["person.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_code", "channel", "address"),
    )
    op.create_index(op.f("ix_contact_person_code"), "contact", ["person_code"], unique=False)
    op.create_table(
        "deputy",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=False),
        sa.Column("deputy_code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deputy_code"],
            ["person.code"],
        ),
        sa.ForeignKeyConstraint(
            ["person_code"],
            ["person.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_code", "deputy_code", "valid_from"),
    )
    op.create_index(op.f("ix_deputy_person_code"), "deputy", ["person_code"], unique=False)
    op.create_table(
        "evaluation_version",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("system_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["system_code"],
            ["evaluation_system.code"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "tenure",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("post_code", sa.Text(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_code"],
            ["person.code"],
        ),
        sa.ForeignKeyConstraint(
            ["post_code"],
            ["post.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("post_code", "person_code", "valid_from"),
    )
    op.create_index(op.f("ix_tenure_person_code"), "tenure", ["person_code"], unique=False)
    op.create_index(op.f("ix_tenure_post_code"), "tenure", ["post_code"], unique=False)
    op.create_table(
        "unit",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("departmental", "territorial", name="unitkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("ranking_group", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["area_code"],
            ["area.code"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_unit_area_code"), "unit", ["area_code"], unique=False)
    op.create_table(
        "appraisal",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("bulletin_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"],
            ["bulletin.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_code"],
            ["unit.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("bulletin_id", "unit_code"),
    )
    op.create_index(op.f("ix_appraisal_bulletin_id"), "appraisal", ["bulletin_id"], unique=False)
    op.create_table(
        "point",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("lead_unit", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_code"],
            ["area.code"],
        ),
        sa.ForeignKeyConstraint(
            ["category_code"],
            ["category.code"],
        ),
        sa.ForeignKeyConstraint(
            ["lead_unit"],
            ["unit.code"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_point_area_code"), "point", ["area_code"], unique=False)
    op.create_index(op.f("ix_point_category_code"), "point", ["category_code"], unique=False)
    op.create_index(op.f("ix_point_lead_unit"), "point", ["lead_unit"], unique=False)
    op.create_table(
        "round",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "announced",
                "covert",
                "mock_evaluation",
                "special",
                "look_back",
                "superior_feedback",
                name="roundkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version_code", sa.Text(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["area_code"],
            ["area.code"],
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["person.code"],
        ),
        sa.ForeignKeyConstraint(
            ["version_code"],
            ["evaluation_version.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "standard",
        sa.Column("version_code", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("deduction", sa.Numeric(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("check_method", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("negative_list", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_code"],
            ["category.code"],
        ),
        sa.ForeignKeyConstraint(
            ["version_code"],
            ["evaluation_version.code"],
        ),
        sa.PrimaryKeyConstraint("version_code", "code"),
    )
    op.create_index(op.f("ix_standard_category_code"), "standard", ["category_code"], unique=False)
    op.create_table(
        "issue",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "found",
                "assigned",
                "rectifying",
                "rectified",
                "verified",
                "closed",
                "shelved",
                "void",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "announced",
                "covert",
                "mock_evaluation",
                "superior_feedback",
                "third_party",
                "hotline_12345",
                "snapshot",
                "media",
                "self_check",
                "look_back",
                name="source",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "found_level",
            sa.Enum(
                "central",
                "province",
                "city",
                "district",
                "street",
                "community",
                name="foundlevel",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("found_by", sa.Text(), nullable=True),
        sa.Column("found_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("external_ref", sa.Text(), nullable=True),
        sa.Column("round_id", sa.BigInteger(), nullable=True),
        sa.Column("version_code", sa.Text(), nullable=True),
        sa.Column("standard_code", sa.Text(), nullable=True),
        sa.Column("category_code", sa.Text(), nullable=True),
        sa.Column("point_code", sa.Text(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("deduction", sa.Numeric(), nullable=False),
        sa.Column("lead_unit", sa.Text(), nullable=True),
        sa.Column("assisting_units", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("suggested_unit", sa.Text(), nullable=True),
        sa.Column("handler", sa.Text(), nullable=True),
        sa.Column("designated", sa.Boolean(), nullable=False),
        sa.Column("rule_set_code", sa.Text(), nullable=True),
        sa.Column("calendar_version", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("sign_in_due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("signed_in_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("clock_started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("limit", sa.Text(), nullable=True),
        sa.Column("granted_minutes", sa.Float(), nullable=False),
        sa.Column("due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("original_due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("stage_due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("rework", sa.Integer(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("submitted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("verified_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("verified_by", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("shelved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("milestone_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("remaining_minutes", sa.Float(), nullable=True),
        sa.Column("satisfaction", sa.Text(), nullable=True),
        sa.Column("called_back_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("sweep_required", sa.Boolean(), nullable=False),
        sa.Column("sweep_checked", sa.Integer(), nullable=True),
        sa.Column("sweep_found", sa.Integer(), nullable=True),
        sa.Column("orders_unanswered", sa.Integer(), nullable=False),
        sa.Column("look_back_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("look_back_result", sa.Text(), nullable=True),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("steps_taken", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("step_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("next_step_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.Column("set_aside_why", sa.Text(), nullable=True),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_code"],
            ["area.code"],
        ),
        sa.ForeignKeyConstraint(
            ["calendar_version"],
            ["calendar_version.version"],
        ),
        sa.ForeignKeyConstraint(
            ["category_code"],
            ["category.code"],
        ),
        sa.ForeignKeyConstraint(
            ["found_by"],
            ["person.code"],
        ),
        sa.ForeignKeyConstraint(
            ["handler"],
            ["person.code"],
        ),
        sa.ForeignKeyConstraint(
            ["lead_unit"],
            ["unit.code"],
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["issue.id"],
        ),
        sa.ForeignKeyConstraint(
            ["point_code"],
            ["point.code"],
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
        ),
        sa.ForeignKeyConstraint(
            ["rule_set_code"],
            ["rule_set.code"],
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"],
            ["person.code"],
        ),
        sa.ForeignKeyConstraint(
            ["suggested_unit"],
            ["unit.code"],
        ),
        sa.ForeignKeyConstraint(
            ["verified_by"],
            ["person.code"],
        ),
        sa.ForeignKeyConstraint(
            ["version_code", "standard_code"],
            ["standard.version_code", "standard.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("external_ref"),
        sa.UniqueConstraint("number"),
    )
    op.create_index(
        "issue_by_area", "issue", ["area_path"], unique=False, postgresql_ops={"area_path": "text_pattern_ops"}
    )
    op.create_index("issue_by_point", "issue", ["point_code", "standard_code"], unique=False)
    op.create_index("issue_by_unit", "issue", ["lead_unit", "state"], unique=False)
    op.create_index(
        "issue_due",
        "issue",
        ["state", "next_step_at"],
        unique=False,
        postgresql_where=sa.text("next_step_at IS NOT NULL"),
    )
    op.create_index(
        "issue_search",
        "issue",
        ["description"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"description": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_issue_round_id"), "issue", ["round_id"], unique=False)
    op.create_table(
        "sheet",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("point_code", sa.Text(), nullable=False),
        sa.Column("inspector", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("filled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspector"],
            ["person.code"],
        ),
        sa.ForeignKeyConstraint(
            ["point_code"],
            ["point.code"],
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id", "point_code", "inspector"),
    )
    op.create_index(op.f("ix_sheet_inspector"), "sheet", ["inspector"], unique=False)
    op.create_index(op.f("ix_sheet_round_id"), "sheet", ["round_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=False),
        sa.Column("point_code", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=True),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_code"],
            ["category.code"],
        ),
        sa.ForeignKeyConstraint(
            ["person_code"],
            ["person.code"],
        ),
        sa.ForeignKeyConstraint(
            ["point_code"],
            ["point.code"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_code"],
            ["unit.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("year", "category_code", "point_code", postgresql_nulls_not_distinct=True),
    )
    op.create_index(op.f("ix_task_point_code"), "task", ["point_code"], unique=False)
    op.create_index(op.f("ix_task_unit_code"), "task", ["unit_code"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("before", "after", "other", name="evidencekind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("perceptual_hash", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("taken_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["issue.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issue_id", "cycle", "kind", "sha256"),
    )
    op.create_index(op.f("ix_evidence_issue_id"), "evidence", ["issue_id"], unique=False)
    op.create_index(op.f("ix_evidence_sha256"), "evidence", ["sha256"], unique=False)
    op.create_table(
        "issue_event",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "find",
                "take_over",
                "triage",
                "assign",
                "sign_in",
                "return",
                "submit",
                "pass",
                "fail",
                "close_out",
                "dispute",
                "reopen",
                "relapse",
                "look_back",
                "merge",
                "void",
                "comment",
                "attach",
                "ask_extension",
                "grant_extension",
                "refuse_extension",
                "ask_return",
                "grant_return",
                "refuse_return",
                "ask_shelving",
                "grant_shelving",
                "refuse_shelving",
                "resume",
                "call_back",
                "report_sweep",
                "reply_order",
                "escalate",
                "unreachable",
                "reapply_rules",
                "recompute",
                name="action",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column(
            "from_state",
            sa.Enum(
                "found",
                "assigned",
                "rectifying",
                "rectified",
                "verified",
                "closed",
                "shelved",
                "void",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "found",
                "assigned",
                "rectifying",
                "rectified",
                "verified",
                "closed",
                "shelved",
                "void",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("on_behalf_of", sa.Text(), nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["issue.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issue_id", "seq"),
    )
    op.create_index("issue_event_at", "issue_event", ["at"], unique=False)
    op.create_index(
        "one_decision_per_step",
        "issue_event",
        ["issue_id", "cycle", "step"],
        unique=True,
        postgresql_where=sa.text("step IS NOT NULL"),
    )
    op.create_index(
        "one_event_per_key",
        "issue_event",
        ["issue_id", "key"],
        unique=True,
        postgresql_where=sa.text("key IS NOT NULL"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=True),
        sa.Column("post_code", sa.Text(), nullable=True),
        sa.Column("person_code", sa.Text(), nullable=True),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "bundled",
                "sending",
                "sent",
                "delivered",
                "refused",
                "unknown",
                "failed",
                "suppressed",
                name="messagestate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("not_before", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("claimed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("passed_up_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("passed_up_from", sa.BigInteger(), nullable=True),
        sa.Column("bundle_id", sa.BigInteger(), nullable=True),
        sa.Column("read_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bundle_id"],
            ["message.id"],
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["issue.id"],
        ),
        sa.ForeignKeyConstraint(
            ["passed_up_from"],
            ["message.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_code"],
            ["person.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(op.f("ix_message_issue_id"), "message", ["issue_id"], unique=False)
    op.create_index("message_by_post", "message", ["post_code", "state"], unique=False)
    op.create_index("message_inbox", "message", ["person_code", "id"], unique=False)
    op.create_index(
        "message_sending", "message", ["claimed_at"], unique=False, postgresql_where=sa.text("state = 'sending'")
    )
    op.create_index(
        "message_unhandled",
        "message",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state IN ('failed', 'unknown') AND passed_up_at IS NULL"),
    )
    op.create_index(
        "message_waiting",
        "message",
        ["urgency", "not_before", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'refused')"),
    )
    op.create_table(
        "observation",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sheet_id", sa.BigInteger(), nullable=False),
        sa.Column("standard_code", sa.Text(), nullable=False),
        sa.Column(
            "result",
            sa.Enum("met", "not_met", "not_applicable", name="result", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("photo", sa.Text(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("observed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["issue.id"],
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["sheet.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sheet_id", "standard_code"),
    )
    op.create_index(op.f("ix_observation_sheet_id"), "observation", ["sheet_id"], unique=False)
    op.create_table(
        "request",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("extension", "return", "shelving", name="requestkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("asked", "granted", "refused", "lapsed", name="requeststate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["issue.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_request_issue_id"), "request", ["issue_id"], unique=False)
    op.create_index(
        "one_open_request", "request", ["issue_id", "kind"], unique=True, postgresql_where=sa.text("state = 'asked'")
    )
    op.create_table(
        "supervision_order",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("degree", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("issued_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("reply_due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_by", sa.Text(), nullable=True),
        sa.Column("replied_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["issue.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_code"],
            ["unit.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issue_id", "cycle", "degree"),
        sa.UniqueConstraint("number"),
    )
    op.create_index(op.f("ix_supervision_order_issue_id"), "supervision_order", ["issue_id"], unique=False)
    op.create_table(
        "survey",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["issue.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_survey_issue_id"), "survey", ["issue_id"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("sending", "sent", "refused", "permanent", "unknown", name="outcome", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("retry_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("attempt_pace", "attempt", ["channel", "started_at"], unique=False)
    op.create_index("attempt_share", "attempt", ["person_code", "started_at"], unique=False)
    op.create_index(op.f("ix_attempt_message_id"), "attempt", ["message_id"], unique=False)
    op.create_index(
        "never_doubled_on_a_channel",
        "attempt",
        ["message_id", "person_code", "channel", "address"],
        unique=True,
        postgresql_where=sa.text("outcome IN ('sending', 'sent', 'unknown')"),
    )
    op.execute("""
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
""")
    for table in ("issue_event", "day_seal"):
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_index(
        "never_doubled_on_a_channel",
        table_name="attempt",
        postgresql_where=sa.text("outcome IN ('sending', 'sent', 'unknown')"),
    )
    op.drop_index(op.f("ix_attempt_message_id"), table_name="attempt")
    op.drop_index("attempt_share", table_name="attempt")
    op.drop_index("attempt_pace", table_name="attempt")
    op.drop_table("attempt")
    op.drop_index(op.f("ix_survey_issue_id"), table_name="survey")
    op.drop_table("survey")
    op.drop_index(op.f("ix_supervision_order_issue_id"), table_name="supervision_order")
    op.drop_table("supervision_order")
    op.drop_index("one_open_request", table_name="request", postgresql_where=sa.text("state = 'asked'"))
    op.drop_index(op.f("ix_request_issue_id"), table_name="request")
    op.drop_table("request")
    op.drop_index(op.f("ix_observation_sheet_id"), table_name="observation")
    op.drop_table("observation")
    op.drop_index("message_waiting", table_name="message", postgresql_where=sa.text("state IN ('pending', 'refused')"))
    op.drop_index(
        "message_unhandled",
        table_name="message",
        postgresql_where=sa.text("state IN ('failed', 'unknown') AND passed_up_at IS NULL"),
    )
    op.drop_index("message_sending", table_name="message", postgresql_where=sa.text("state = 'sending'"))
    op.drop_index("message_inbox", table_name="message")
    op.drop_index("message_by_post", table_name="message")
    op.drop_index(op.f("ix_message_issue_id"), table_name="message")
    op.drop_table("message")
    op.drop_index("one_event_per_key", table_name="issue_event", postgresql_where=sa.text("key IS NOT NULL"))
    op.drop_index("one_decision_per_step", table_name="issue_event", postgresql_where=sa.text("step IS NOT NULL"))
    op.drop_index("issue_event_at", table_name="issue_event")
    op.drop_table("issue_event")
    op.drop_index(op.f("ix_evidence_sha256"), table_name="evidence")
    op.drop_index(op.f("ix_evidence_issue_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_task_unit_code"), table_name="task")
    op.drop_index(op.f("ix_task_point_code"), table_name="task")
    op.drop_table("task")
    op.drop_index(op.f("ix_sheet_round_id"), table_name="sheet")
    op.drop_index(op.f("ix_sheet_inspector"), table_name="sheet")
    op.drop_table("sheet")
    op.drop_index(op.f("ix_issue_round_id"), table_name="issue")
    op.drop_index(
        "issue_search", table_name="issue", postgresql_using="gin", postgresql_ops={"description": "gin_trgm_ops"}
    )
    op.drop_index("issue_due", table_name="issue", postgresql_where=sa.text("next_step_at IS NOT NULL"))
    op.drop_index("issue_by_unit", table_name="issue")
    op.drop_index("issue_by_point", table_name="issue")
    op.drop_index("issue_by_area", table_name="issue", postgresql_ops={"area_path": "text_pattern_ops"})
    op.drop_table("issue")
    op.drop_index(op.f("ix_standard_category_code"), table_name="standard")
    op.drop_table("standard")
    op.drop_table("round")
    op.drop_index(op.f("ix_point_lead_unit"), table_name="point")
    op.drop_index(op.f("ix_point_category_code"), table_name="point")
    op.drop_index(op.f("ix_point_area_code"), table_name="point")
    op.drop_table("point")
    op.drop_index(op.f("ix_appraisal_bulletin_id"), table_name="appraisal")
    op.drop_table("appraisal")
    op.drop_index(op.f("ix_unit_area_code"), table_name="unit")
    op.drop_table("unit")
    op.drop_index(op.f("ix_tenure_post_code"), table_name="tenure")
    op.drop_index(op.f("ix_tenure_person_code"), table_name="tenure")
    op.drop_table("tenure")
    op.drop_table("evaluation_version")
    op.drop_index(op.f("ix_deputy_person_code"), table_name="deputy")
    op.drop_table("deputy")
    op.drop_index(op.f("ix_contact_person_code"), table_name="contact")
    op.drop_table("contact")
    op.drop_table("city")
    op.drop_table("category")
    op.drop_table("calendar_day")
    op.drop_table("rule_set")
    op.drop_index(op.f("ix_post_owner_code"), table_name="post")
    op.drop_table("post")
    op.drop_table("person")
    op.drop_table("number_series")
    op.drop_table("evaluation_system")
    op.drop_table("day_seal")
    op.drop_table("cursor")
    op.drop_table("calendar_version")
    op.drop_table("bulletin")
    op.drop_index(op.f("ix_area_path"), table_name="area")
    op.drop_index(op.f("ix_area_parent_code"), table_name="area")
    op.drop_table("area")
    op.execute("DROP FUNCTION refuse_change()")
