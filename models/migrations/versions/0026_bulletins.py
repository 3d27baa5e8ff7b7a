"""Bulletins are publications: the rows behind their figures, their files; those of old move there as they were."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

COUNTS = (
    *("assigned", "due", "suspended", "closed", "closed_on_time", "overdue_open", "checks", "failed_checks"),
    *("returns", "extended", "looked_back", "relapsed"),
)
ROWS_OF_A_DRAFT = """
CREATE FUNCTION refuse_unless_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  key bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.publication_id ELSE OLD.publication_id END;
BEGIN
  IF TG_OP = 'UPDATE' OR (SELECT state FROM publication WHERE id = key) IS DISTINCT FROM 'draft' THEN
    RAISE EXCEPTION 'rows of bulletin % are frozen: % is refused', key, TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON bulletin_row"
    " FOR EACH ROW EXECUTE FUNCTION refuse_unless_draft()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bulletin_row FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON bulletin_file FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON bulletin_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)


def upgrade() -> None:
    op.create_table(
        "bulletin_row",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("publication_id", sa.BigInteger(), sa.ForeignKey("publication.id"), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("number", "unit_code", "area_path", "place", "state")
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
    )
    op.create_index("bulletin_row_of_unit", "bulletin_row", ["publication_id", "unit_code"])
    op.create_table(
        "bulletin_file",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("publication_id", sa.BigInteger(), sa.ForeignKey("publication.id"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("publication_id", "name"),
    )
    for statement in (ROWS_OF_A_DRAFT, *TRIGGERS):
        op.execute(statement)
    _move_the_old_ones()
    op.drop_table("appraisal")
    op.drop_table("bulletin")


def _move_the_old_ones() -> None:
    """As published on their day, with the figures that they had; they had neither texts nor rows."""
    connection = op.get_bind()
    city = connection.execute(sa.text("SELECT code, name, timezone FROM city LIMIT 1")).first()
    for row in connection.execute(sa.text("SELECT * FROM bulletin ORDER BY published_at, id")).mappings().all():
        lines = connection.execute(
            sa.text("SELECT figures FROM appraisal WHERE bulletin_id = :id ORDER BY unit_code"), {"id": row["id"]}
        ).scalars()
        content = _content(row, list(lines), city)
        written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        given = {
            "area": city.code,
            "kind": row["kind"],
            "first": row["period_from"],
            "last": row["period_to"],
            "formula": content["formula"],
            "content": json.dumps(content, ensure_ascii=False),
            "sha": hashlib.sha256(written.encode()).hexdigest(),
            "at": row["published_at"],
        }
        connection.execute(sa.text(PUBLISHED), given)


PUBLISHED = """
WITH moved AS (
INSERT INTO publication (kind, area_code, period_from, period_to, subject, edition, state, formula, content,
                         content_sha256, drafted_at, published_at)
VALUES (:kind, :area, :first, :last, '', 1, 'published', :formula, CAST(:content AS jsonb), :sha, :at, :at)
RETURNING id, content_sha256, published_at)
INSERT INTO publication_event (publication_id, act, who, at, why, content_sha256)
SELECT id, 'published', 'system', published_at, '', content_sha256 FROM moved
"""


def _content(row: Any, lines: list[dict[str, Any]], city: Any) -> dict[str, Any]:
    figures, first, last = row["figures"], row["period_from"], row["period_to"]
    order = sorted(lines, key=lambda one: (one["ranking_group"], one["rank"] is None, one["rank"] or 0))
    nothing: dict[str, Any] = dict.fromkeys(
        ("areas", "days", "categories", "worst", "hotspots", "sponsored", "pairs"), ()
    )
    return {
        **{name: list(value) for name, value in nothing.items()},
        "kind": row["kind"],
        "year": first.year,
        "n": 2 * first.month - 1 if first.day == 1 else 2 * first.month,
        "city": city.name,
        "area": city.name,
        "office": "",
        "as_of": f"{row['published_at'].astimezone(ZoneInfo(city.timezone)):%Y-%m-%d %H:%M}",
        "period": {"from": first.isoformat(), "to": last.isoformat(), "days": _days(first, last)},
        "formula": figures.get("formula", ""),
        "texts": dict.fromkeys(("lead", "requirements", "praised", "criticised"), ""),
        "total": figures["total"],
        "units": order,
        "bottom": figures["bottom"],
        "late": 0,
        "previous": None,
        "scores": None,
        "rows": False,
    }


def _days(first: date, last: date) -> int:
    return (last - first) // timedelta(days=1) + 1


def downgrade() -> None:
    op.create_table(
        "bulletin",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("kind", "period_from", "period_to"),
    )
    op.create_table(
        "appraisal",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("bulletin_id", sa.BigInteger(), sa.ForeignKey("bulletin.id"), nullable=False),
        sa.Column("unit_code", sa.Text(), sa.ForeignKey("unit.code"), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.UniqueConstraint("bulletin_id", "unit_code"),
    )
    op.create_index(op.f("ix_appraisal_bulletin_id"), "appraisal", ["bulletin_id"])
    for statement in MOVED_BACK:
        op.execute(statement)
    op.drop_table("bulletin_file")
    op.drop_table("bulletin_row")
    op.execute("DROP FUNCTION refuse_unless_draft")


# The figures alone: what the older tables have a place for. The last edition of a period is the one that holds.
MOVED_BACK = (
    """
INSERT INTO bulletin (id, kind, period_from, period_to, figures, published_at)
SELECT DISTINCT ON (kind, period_from, period_to) id, kind, period_from, period_to,
       jsonb_build_object('formula', formula, 'units', jsonb_array_length(content->'units'),
                          'total', content->'total', 'bottom', content->'bottom'), published_at
  FROM publication p
 WHERE kind = 'half_month' AND state = 'published' AND area_code = (SELECT code FROM city LIMIT 1)
 ORDER BY kind, period_from, period_to, edition DESC
""",
    """
INSERT INTO appraisal (bulletin_id, unit_code, figures)
SELECT b.id, one->>'unit_code', one || jsonb_build_object('formula', p.formula)
  FROM bulletin b JOIN publication p ON p.id = b.id, jsonb_array_elements(p.content->'units') one
""",
    "SELECT setval(pg_get_serial_sequence('bulletin', 'id'), greatest((SELECT max(id) FROM bulletin), 1))",
)
