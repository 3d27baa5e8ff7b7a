"""Saved views. Lists by category, standard, source and finder; who assists; the map of what is open."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = sa.text("state NOT IN ('closed', 'void')")
ON_BOARDS = ["lead_unit", "state", "severity", "step", "due_at", "stage_due_at", "next_step_at", "id"]
ON_PAGES = ["handler", "point_code", "lat", "lng", "steps_taken"]
BY_PREFIX = {"area_path": "text_pattern_ops"}
ADDED = ("category_code", "standard_code", "source", "found_by")
SO_FAR = (
    "UPDATE issue_card c SET category_code = i.category_code, standard_code = i.standard_code, source = i.source,"
    " found_by = i.found_by FROM issue i WHERE i.id = c.issue_id"
)
ON_INSERT = """
CREATE OR REPLACE FUNCTION card_new_issues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO issue_card (issue_id, number, found_at, area_path, point_code, body,
                          category_code, standard_code, source, found_by)
  SELECT i.id, i.number, i.found_at, i.area_path, i.point_code, card_body(i.description, i.address, p.name),
         i.category_code, i.standard_code, i.source, i.found_by
    FROM fresh i LEFT JOIN point p ON p.code = i.point_code;
  INSERT INTO issue_ended (area_path, lead_unit, state, severity, n)
  SELECT area_path, lead_unit, state, severity, count(*) FROM fresh WHERE state IN ('closed', 'void')
   GROUP BY area_path, lead_unit, state, severity;
  RETURN NULL;
END $$
"""
ON_OTHER_WORDS = """
CREATE OR REPLACE FUNCTION card_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE issue_card
     SET number = NEW.number, found_at = NEW.found_at, area_path = NEW.area_path, point_code = NEW.point_code,
         category_code = NEW.category_code, standard_code = NEW.standard_code, source = NEW.source,
         found_by = NEW.found_by,
         body = card_body(NEW.description, NEW.address, (SELECT name FROM point WHERE code = NEW.point_code))
   WHERE issue_id = NEW.id;
  RETURN NULL;
END $$
"""
CARD_ANEW = (
    "CREATE TRIGGER card_anew AFTER UPDATE ON issue FOR EACH ROW WHEN ("
    "(OLD.description, OLD.address, OLD.point_code, OLD.area_path, OLD.number, OLD.found_at, OLD.category_code,"
    " OLD.standard_code, OLD.source, OLD.found_by) IS DISTINCT FROM"
    " (NEW.description, NEW.address, NEW.point_code, NEW.area_path, NEW.number, NEW.found_at, NEW.category_code,"
    " NEW.standard_code, NEW.source, NEW.found_by))"
    " EXECUTE FUNCTION card_anew()"
)
ON_INSERT_BEFORE = """
CREATE OR REPLACE FUNCTION card_new_issues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO issue_card (issue_id, number, found_at, area_path, point_code, body)
  SELECT i.id, i.number, i.found_at, i.area_path, i.point_code, card_body(i.description, i.address, p.name)
    FROM fresh i LEFT JOIN point p ON p.code = i.point_code;
  INSERT INTO issue_ended (area_path, lead_unit, state, severity, n)
  SELECT area_path, lead_unit, state, severity, count(*) FROM fresh WHERE state IN ('closed', 'void')
   GROUP BY area_path, lead_unit, state, severity;
  RETURN NULL;
END $$
"""
ON_OTHER_WORDS_BEFORE = """
CREATE OR REPLACE FUNCTION card_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE issue_card
     SET number = NEW.number, found_at = NEW.found_at, area_path = NEW.area_path, point_code = NEW.point_code,
         body = card_body(NEW.description, NEW.address, (SELECT name FROM point WHERE code = NEW.point_code))
   WHERE issue_id = NEW.id;
  RETURN NULL;
END $$
"""
CARD_ANEW_BEFORE = (
    "CREATE TRIGGER card_anew AFTER UPDATE ON issue FOR EACH ROW WHEN ("
    "(OLD.description, OLD.address, OLD.point_code, OLD.area_path, OLD.number, OLD.found_at) IS DISTINCT FROM"
    " (NEW.description, NEW.address, NEW.point_code, NEW.area_path, NEW.number, NEW.found_at))"
    " EXECUTE FUNCTION card_anew()"
)


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_code"], ["person.code"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_code", "name"),
    )
    _cards()
    for statement in (ON_INSERT, ON_OTHER_WORDS, "DROP TRIGGER card_anew ON issue", CARD_ANEW):
        op.execute(statement)
    _open(ON_BOARDS + ON_PAGES)
    op.create_index(
        "issue_assisted",
        "issue",
        ["assisting_units"],
        postgresql_using="gin",
        postgresql_where=sa.text("assisting_units <> '{}'::text[]"),
    )


def _cards() -> None:
    """The index of the words is made anew: changing every card below it would take ten times as long."""
    for name in ADDED:
        op.add_column("issue_card", sa.Column(name, sa.Text(), nullable=True))
    op.drop_index("issue_card_words", "issue_card")
    op.drop_index("issue_card_number", "issue_card")
    op.execute(SO_FAR)
    op.create_index("issue_card_words", "issue_card", [sa.text("grams(body)")], postgresql_using="gin")
    op.create_index(
        "issue_card_number",
        "issue_card",
        ["number"],
        postgresql_using="gin",
        postgresql_ops={"number": "gin_trgm_ops"},
    )
    _found(["area_path", "point_code", "issue_id"])
    for name, column in zip(("category", "standard", "source", "finder"), ADDED, strict=True):
        op.create_index(f"issue_card_{name}", "issue_card", [column, "issue_id"])


def _found(included: list[str]) -> None:
    op.drop_index("issue_card_found", "issue_card")
    op.create_index("issue_card_found", "issue_card", ["found_at"], postgresql_include=included)


def _open(included: list[str]) -> None:
    op.drop_index("issue_open", "issue")
    op.create_index(
        "issue_open",
        "issue",
        ["area_path"],
        postgresql_ops=BY_PREFIX,
        postgresql_include=included,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("issue_assisted", "issue")
    _open(ON_BOARDS)
    for statement in (ON_INSERT_BEFORE, ON_OTHER_WORDS_BEFORE, "DROP TRIGGER card_anew ON issue", CARD_ANEW_BEFORE):
        op.execute(statement)
    _found(["area_path", "point_code"])
    for name in ADDED:
        op.drop_column("issue_card", name)
    op.drop_table("saved_view")
