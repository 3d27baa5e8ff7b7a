"""The database itself refuses to change or remove what is on record (promise 8)."""

from sqlalchemy import DDL, Table, event

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)


def append_only(table: Table) -> None:
    """Have every new schema carry the triggers; the migrations hold their own copy, as they never change."""
    for statement in (FUNCTION, *TRIGGERS):
        event.listen(table, "after_create", DDL(statement.replace("%", "%%").format(table=table.name)))  # type: ignore[no-untyped-call]
