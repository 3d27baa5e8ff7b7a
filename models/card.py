"""What the database itself derives from the issues, so that lists, search and boards stay fast at a million of them.

An issue's row changes with every step, and each change rewrites its entry in every index. What never changes (what was
written, where and when) therefore has a row of its own, the card, with the index of the search. How many stand where is
counted beforehand. Triggers fill all of it: whatever writes an issue, they agree with it.
"""

from datetime import datetime

from sqlalchemy import DDL, BigInteger, Column, DateTime, Index, Integer, Table, Text, event
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel, col

from models.columns import code_key, kind_of, serial_key, text
from models.issue import Issue
from models.lifecycle import State
from models.point import Point


class IssueCard(SQLModel, table=True):
    """By what an issue is found: what never changes of it, and description, address, point's name in small letters.

    No foreign key: the row is written by the issue's own trigger, and an issue is never deleted.
    """

    __tablename__ = "issue_card"
    __table_args__ = (
        Index("issue_card_words", sql("grams(body)"), postgresql_using="gin"),
        Index("issue_card_number", "number", postgresql_using="gin", postgresql_ops={"number": "gin_trgm_ops"}),
        Index("issue_card_found", "found_at", postgresql_include=["area_path", "point_code", "issue_id"]),
        Index("issue_card_category", "category_code", "issue_id"),
        Index("issue_card_standard", "standard_code", "issue_id"),
        Index("issue_card_source", "source", "issue_id"),
        Index("issue_card_finder", "found_by", "issue_id"),
    )
    issue_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    number: str = text()
    found_at: datetime
    area_path: str = text()
    point_code: str | None = text(default=None, nullable=True)
    body: str = text()
    category_code: str | None = text(default=None, nullable=True)
    standard_code: str | None = text(default=None, nullable=True)
    source: str | None = text(default=None, nullable=True)
    found_by: str | None = text(default=None, nullable=True)


class IssueEnded(SQLModel, table=True):
    """How many issues have ended (closed or void), by place, unit, severity. The sum of `n` counts; rows are added.

    A row is added, +1 or −1, when an issue ends or is opened again: two that end at once do not wait for each other.
    """

    __tablename__ = "issue_ended"
    id: int | None = serial_key()
    area_path: str = text()
    lead_unit: str | None = text(default=None, nullable=True)
    state: State = kind_of(State)
    severity: str = text()
    n: int


class IssueCount(SQLModel, table=True):
    """How many issues stand where, one row for each place and unit ('' while it has none), up to the last settling.

    By state, and the open ones by the highest step taken. `late`, `stage_late`: past the unit's deadline, past the
    clock of another stage at the time of the cursor "boards" (services/standings.py). What has moved since lies in
    issue_move.
    """

    __tablename__ = "issue_count"
    area_path: str = code_key()
    lead_unit: str = code_key()
    found: int
    assigned: int
    rectifying: int
    rectified: int
    verified: int
    closed: int
    shelved: int
    void: int
    no_step: int
    e0: int
    e1: int
    e2: int
    e3: int
    e4: int
    e5: int
    e6: int
    e7: int
    e8: int
    late: int
    stage_late: int


# Where issues came from (−n) and went to (n) since the last settling. Rows are added and swept up together, so that two
# who write do not wait for each other; without a key, as one would cost more than the row.
issue_move = Table(
    "issue_move",
    SQLModel.metadata,
    Column("area_path", Text, nullable=False),
    Column("lead_unit", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("clock_at", DateTime(timezone=True)),
    Column("n", Integer, nullable=False),
)
# They stand here for boards and figures, not for the issue's own life. The second: few are in those states at once.
Index("issue_by_deadline", col(Issue.due_at), postgresql_include=["state", "area_path", "lead_unit"])
Index(
    "issue_by_stage",
    col(Issue.stage_due_at),
    postgresql_include=["area_path", "lead_unit"],
    postgresql_where=sql("state IN ('found', 'rectified', 'verified')"),
)

# Single characters and pairs: a word of one or two characters, as Chinese has them, is found by the index too.
GRAMS = """
CREATE OR REPLACE FUNCTION grams(body text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT string_to_array(body, NULL)
      || ARRAY(SELECT a || b FROM unnest(string_to_array(body, NULL), (string_to_array(body, NULL))[2:]) AS t (a, b)
                WHERE b IS NOT NULL)
$$
"""
BODY = """
CREATE OR REPLACE FUNCTION card_body(description text, address text, point text) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT lower(concat_ws(chr(10), description, address, point)) $$
"""
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
ON_END = """
CREATE OR REPLACE FUNCTION count_ended() RETURNS trigger LANGUAGE plpgsql AS $$
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
PLACE = "area_path, coalesce(lead_unit, ''), state, step"
CLOCK = (
    "CASE WHEN state IN ('assigned', 'rectifying') THEN due_at"
    " WHEN state IN ('found', 'rectified', 'verified') THEN stage_due_at END"
)
ON_FIRST_PLACE = f"""
CREATE OR REPLACE FUNCTION count_new_issues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO issue_move (area_path, lead_unit, state, step, clock_at, n)
  SELECT {PLACE}, {CLOCK}, count(*) FROM fresh GROUP BY 1, 2, 3, 4, 5;
  RETURN NULL;
END $$
"""
ON_MOVE = f"""
CREATE OR REPLACE FUNCTION count_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO issue_move (area_path, lead_unit, state, step, clock_at, n)
  SELECT area_path, lead_unit, state, step, clock_at, sum(n)
    FROM (SELECT {PLACE}, {CLOCK}, -1 FROM stale
           UNION ALL SELECT {PLACE}, {CLOCK}, 1 FROM fresh)
      AS moved (area_path, lead_unit, state, step, clock_at, n)
   GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0;
  RETURN NULL;
END $$
"""
ON_OTHER_NAME = """
CREATE OR REPLACE FUNCTION card_renamed_point() RETURNS trigger LANGUAGE plpgsql AS $$
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
    "(OLD.description, OLD.address, OLD.point_code, OLD.area_path, OLD.number, OLD.found_at, OLD.category_code,"
    " OLD.standard_code, OLD.source, OLD.found_by) IS DISTINCT FROM"
    " (NEW.description, NEW.address, NEW.point_code, NEW.area_path, NEW.number, NEW.found_at, NEW.category_code,"
    " NEW.standard_code, NEW.source, NEW.found_by))"
    " EXECUTE FUNCTION card_anew()",
    "CREATE TRIGGER count_ended AFTER UPDATE ON issue FOR EACH ROW WHEN ("
    "(OLD.state IN ('closed', 'void') OR NEW.state IN ('closed', 'void')) AND"
    " (OLD.state, OLD.area_path, OLD.lead_unit, OLD.severity) IS DISTINCT FROM"
    " (NEW.state, NEW.area_path, NEW.lead_unit, NEW.severity)) EXECUTE FUNCTION count_ended()",
    "CREATE TRIGGER count_new_issues AFTER INSERT ON issue REFERENCING NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION count_new_issues()",
    "CREATE TRIGGER count_moves AFTER UPDATE ON issue REFERENCING OLD TABLE AS stale NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION count_moves()",
)
TRIGGER_OF_POINTS = (
    "CREATE TRIGGER card_renamed_point AFTER UPDATE ON point FOR EACH ROW"
    " WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION card_renamed_point()"
)
# How few issues have climbed to E6 and above: without it the database reads from the newest on until it finds them.
SHARE = "CREATE STATISTICS issue_climbed_share ON (steps_taken & 448) FROM issue"


def _listen(table: Table, when: str, *statements: str) -> None:
    for statement in statements:
        event.listen(table, when, DDL(statement))  # type: ignore[no-untyped-call]


# The migrations hold their own copy, as they never change.
_listen(IssueCard.__table__, "before_create", GRAMS, BODY)  # type: ignore[attr-defined]
MADE_WITH_ISSUES = (ON_INSERT, ON_OTHER_WORDS, ON_END, ON_FIRST_PLACE, ON_MOVE, *TRIGGERS, SHARE)
_listen(Issue.__table__, "after_create", *MADE_WITH_ISSUES)  # type: ignore[attr-defined]
_listen(Point.__table__, "after_create", ON_OTHER_NAME, TRIGGER_OF_POINTS)  # type: ignore[attr-defined]
