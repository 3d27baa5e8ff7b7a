"""What belongs to a bulletin beside its content: the rows behind its figures, and its files as they were published."""

from datetime import datetime

from sqlalchemy import DDL, Index, LargeBinary, UniqueConstraint, event
from sqlmodel import Field, SQLModel

from models.append_only import append_only
from models.columns import row_reference, serial_key, text


class BulletinRow(SQLModel, table=True):
    """One issue as it counted for one unit in one bulletin; the figures of a bulletin are the sums of its rows.

    An issue that went on to another unit has a row for each. `due`, `suspended`, `closed`, `closed_on_time`,
    `overdue_open` and `extended` are 0 or 1, the others how often it happened. `state` and the times are those of the
    day on which it was counted. The database refuses changes from the day on which the bulletin is approved.
    """

    __tablename__ = "bulletin_row"
    __table_args__ = (Index("bulletin_row_of_unit", "publication_id", "unit_code"),)
    id: int | None = serial_key()
    publication_id: int = row_reference("publication.id")
    number: str = text()
    unit_code: str = text()
    area_path: str = text()
    place: str = text(default="")
    state: str = text()
    due_at: datetime | None = None
    closed_at: datetime | None = None
    assigned: int = 0
    due: int = 0
    suspended: int = 0
    closed: int = 0
    closed_on_time: int = 0
    overdue_open: int = 0
    checks: int = 0
    failed_checks: int = 0
    returns: int = 0
    extended: int = 0
    looked_back: int = 0
    relapsed: int = 0


class BulletinFile(SQLModel, table=True):
    """A file of a published bulletin, byte for byte as it was when it was published. Append-only.

    `name` is `word`, or `excel.` and a language.
    """

    __tablename__ = "bulletin_file"
    __table_args__ = (UniqueConstraint("publication_id", "name"),)
    id: int | None = serial_key()
    publication_id: int = row_reference("publication.id")
    name: str = text()
    sha256: str = text()
    body: bytes = Field(sa_type=LargeBinary)


ROWS_OF_A_DRAFT = """
CREATE OR REPLACE FUNCTION refuse_unless_draft() RETURNS trigger LANGUAGE plpgsql AS $$
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
)

append_only(BulletinFile.__table__)  # type: ignore[attr-defined]
# The migrations hold their own copy, as they never change.
for statement in (ROWS_OF_A_DRAFT, *TRIGGERS):
    event.listen(BulletinRow.__table__, "after_create", DDL(statement.replace("%", "%%")))  # type: ignore[attr-defined,no-untyped-call]
