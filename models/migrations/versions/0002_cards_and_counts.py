"""Cards and counts: search, lists and boards at a million issues."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Single characters and pairs: a word of one or two characters, as Chinese has them, is found by the index too.
GRAMS = """
CREATE FUNCTION grams(body text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT string_to_array(body, NULL)
      || ARRAY(SELECT a || b FROM unnest(string_to_array(body, NULL), (string_to_array(body, NULL))[2:]) AS t (a, b)
                WHERE b IS NOT NULL)
$$
"""
BODY = """
CREATE FUNCTION card_body(description text, address text, point text) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT lower(concat_ws(chr(10), description, address, point)) $$
"""
ON_INSERT = """
CREATE FUNCTION card_new_issues() RETURNS trigger LANGUAGE plpgsql AS $$
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
ON_OTHER_WORDS = """
CREATE FUNCTION card_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE issue_card
     SET number = NEW.number, found_at = NEW.found_at, area_path = NEW.area_path, point_code = NEW.point_code,
         body = card_body(NEW.description, NEW.address, (SELECT name FROM point WHERE code = NEW.point_code))
   WHERE issue_id = NEW.id;
  RETURN NULL;
END $$
"""
ON_END = """
CREATE FUNCTION count_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('closed', 'void') THEN
    INSERT INTO issue_ended (area_path, lead_unit, state, severity, n)
    VALUES (OLD.area_path, OLD.lead_unit, OLD.state, OLD.severity, -1);
  END IF;
  IF NEW.state IN ('closed', 'void') THEN
    INSERT INTO issue_ended (area_path, lead_unit, state, severity, n)
    VALUES (NEW.area_path, NEW.lead_unit, NEW.state, NEW.severity, 1);
  END IF;
  RETURN NULL;
END $$
"""
ON_OTHER_NAME = """
CREATE FUNCTION card_renamed_point() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE issue_card c SET body = card_body(i.description, i.address, NEW.name)
    FROM issue i WHERE i.point_code = NEW.code AND c.issue_id = i.id;
  RETURN NULL;
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER card_new_issues AFTER INSERT ON issue REFERENCING NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION card_new_issues()",
    "CREATE TRIGGER card_anew AFTER UPDATE ON issue FOR EACH ROW WHEN ("
    "(OLD.description, OLD.address, OLD.point_code, OLD.area_path, OLD.number, OLD.found_at) IS DISTINCT FROM"
    " (NEW.description, NEW.address, NEW.point_code, NEW.area_path, NEW.number, NEW.found_at))"
    " EXECUTE FUNCTION card_anew()",
    "CREATE TRIGGER count_ended AFTER UPDATE ON issue FOR EACH ROW WHEN ("
    "(OLD.state IN ('closed', 'void') OR NEW.state IN ('closed', 'void')) AND"
    " (OLD.state, OLD.area_path, OLD.lead_unit, OLD.severity) IS DISTINCT FROM"
    " (NEW.state, NEW.area_path, NEW.lead_unit, NEW.severity)) EXECUTE FUNCTION count_ended()",
)
TRIGGER_OF_POINTS = (
    "CREATE TRIGGER card_renamed_point AFTER UPDATE ON point FOR EACH ROW"
    " WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION card_renamed_point()"
)
EVERYTHING_SO_FAR = (
    "INSERT INTO issue_card (issue_id, number, found_at, area_path, point_code, body)"
    " SELECT i.id, i.number, i.found_at, i.area_path, i.point_code, card_body(i.description, i.address, p.name)"
    " FROM issue i LEFT JOIN point p ON p.code = i.point_code ORDER BY i.id",
    "INSERT INTO issue_ended (area_path, lead_unit, state, severity, n)"
    " SELECT area_path, lead_unit, state, severity, count(*) FROM issue WHERE state IN ('closed', 'void')"
    " GROUP BY area_path, lead_unit, state, severity",
)


def upgrade() -> None:
    for function in (GRAMS, BODY, ON_INSERT, ON_OTHER_WORDS, ON_END, ON_OTHER_NAME):
        op.execute(function)
    _tables()
    for statement in (*EVERYTHING_SO_FAR, *TRIGGERS, TRIGGER_OF_POINTS):
        op.execute(statement)
    _indexes_of_cards()
    _indexes_of_issues()


def _tables() -> None:
    op.create_table(
        "issue_card",
        sa.Column("issue_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("found_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("point_code", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("issue_id"),
    )
    op.create_table(
        "issue_ended",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("area_path", sa.Text(), nullable=False),
        sa.Column("lead_unit", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _indexes_of_cards() -> None:
    op.create_index("issue_card_words", "issue_card", [sa.text("grams(body)")], postgresql_using="gin")
    op.create_index(
        "issue_card_number",
        "issue_card",
        ["number"],
        postgresql_using="gin",
        postgresql_ops={"number": "gin_trgm_ops"},
    )
    op.create_index("issue_card_found", "issue_card", ["found_at"], postgresql_include=["area_path", "point_code"])


def _indexes_of_issues() -> None:
    for index in ("issue_search", "issue_by_unit", "issue_by_area"):
        op.drop_index(index, table_name="issue")
    op.create_index("issue_by_unit", "issue", ["lead_unit", "id"], postgresql_include=["state"])
    op.create_index(
        "issue_by_area",
        "issue",
        ["area_path"],
        postgresql_ops={"area_path": "text_pattern_ops"},
        postgresql_include=["id"],
    )
    op.create_index(
        "issue_open",
        "issue",
        ["area_path"],
        postgresql_ops={"area_path": "text_pattern_ops"},
        postgresql_include=["lead_unit", "state", "severity", "step", "due_at", "stage_due_at", "next_step_at", "id"],
        postgresql_where=sa.text("state NOT IN ('closed', 'void')"),
    )
    op.create_index("issue_open_newest", "issue", ["id"], postgresql_where=sa.text("state NOT IN ('closed', 'void')"))
    op.create_index(
        "issue_closed",
        "issue",
        ["closed_at"],
        postgresql_include=["area_path", "lead_unit"],
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index(
        "issue_climbed",
        "issue",
        ["id"],
        postgresql_include=["steps_taken"],
        postgresql_where=sa.text("(steps_taken & 448) > 0"),
    )
    op.execute("CREATE STATISTICS issue_climbed_share ON (steps_taken & 448) FROM issue")
    op.create_index("issue_set_aside", "issue", ["id"], postgresql_where=sa.text("set_aside > 0"))


def downgrade() -> None:
    op.execute("DROP STATISTICS issue_climbed_share")
    for index in ("issue_set_aside", "issue_climbed", "issue_closed", "issue_open", "issue_open_newest"):
        op.drop_index(index, table_name="issue")
    for index in ("issue_by_unit", "issue_by_area"):
        op.drop_index(index, table_name="issue")
    op.create_index("issue_by_unit", "issue", ["lead_unit", "state"])
    op.create_index("issue_by_area", "issue", ["area_path"], postgresql_ops={"area_path": "text_pattern_ops"})
    op.create_index(
        "issue_search",
        "issue",
        ["description"],
        postgresql_using="gin",
        postgresql_ops={"description": "gin_trgm_ops"},
    )
    for trigger, table in (
        ("card_new_issues", "issue"),
        ("card_anew", "issue"),
        ("count_ended", "issue"),
        ("card_renamed_point", "point"),
    ):
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    op.drop_table("issue_card")
    op.drop_table("issue_ended")
    for function in ("card_new_issues()", "card_anew()", "count_ended()", "card_renamed_point()"):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP FUNCTION card_body(text, text, text)")
    op.execute("DROP FUNCTION grams(text)")
