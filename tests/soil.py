"""What a database of the test bed has besides our tables: `bed.empty()`, and `bed.plant()` for the small city.

They name every table in plain statements, which are planned once for a connection; no key and no trigger is looked at.
"""

from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal

TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    " AND relname <> 'alembic_version' ORDER BY relname"
)
SEQUENCES = "SELECT seqrelid::regclass::text, pg_sequence_last_value(seqrelid) FROM pg_sequence"
USED = " WHERE pg_sequence_last_value(seqrelid) IS NOT NULL"
ALONE = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
EMPTY = """
CREATE FUNCTION bed.empty() RETURNS boolean LANGUAGE plpgsql SET session_replication_role = replica AS $$
BEGIN
  IF EXISTS (SELECT FROM bed.changed) THEN RETURN false; END IF;
  {}
  PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
  RETURN true;
END $$
"""
PLANT = """
CREATE FUNCTION bed.plant() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica AS $$
BEGIN
  {}
END $$
"""
WATCH = """
CREATE FUNCTION bed.note_change() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO bed.changed SELECT command_tag FROM pg_event_trigger_ddl_commands() WHERE schema_name <> 'pg_temp';
END $$;
CREATE FUNCTION bed.note_drop() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO bed.changed SELECT object_type FROM pg_event_trigger_dropped_objects() WHERE NOT is_temporary;
END $$;
CREATE EVENT TRIGGER bed_change ON ddl_command_end EXECUTE FUNCTION bed.note_change();
CREATE EVENT TRIGGER bed_drop ON sql_drop EXECUTE FUNCTION bed.note_drop();
"""
"""So that it is known when a test has changed more than rows."""

Admin = psycopg.Connection[Any]


def prepare(admin: Admin) -> None:
    """Keep what stands in the tables as what `plant` puts there, and empty them."""
    tables = [Identifier(name) for (name,) in admin.execute(TABLES)]
    filled = [name for name in tables if _has_rows(admin, name)]
    admin.execute("CREATE SCHEMA bed; CREATE TABLE bed.changed (what text)")
    for name in filled:
        admin.execute(SQL("CREATE TABLE bed.{0} AS TABLE public.{0}").format(name))
    planting = _for_each(filled, "INSERT INTO public.{0} SELECT * FROM bed.{0};") + _counted(admin)
    admin.execute(SQL(PLANT).format(planting))
    admin.execute(SQL(EMPTY).format(_for_each(tables, "IF EXISTS (SELECT FROM {0}) THEN DELETE FROM {0}; END IF;")))
    admin.execute("SELECT bed.empty()")
    admin.execute(WATCH)


def empty(admin: Admin) -> bool:
    """Everybody else is thrown out, every table emptied; false where the database is not the same any more."""
    try:
        admin.execute(ALONE)
        return bool(admin.execute("SELECT bed.empty()").fetchone() == (True,))
    except psycopg.Error:
        return False


def _has_rows(admin: Admin, table: Identifier) -> bool:
    return bool(admin.execute(SQL("SELECT EXISTS (SELECT FROM {})").format(table)).fetchone() == (True,))


def _for_each(tables: list[Identifier], statement: str) -> Composed:
    return SQL("\n  ").join(SQL(statement).format(name) for name in tables)


def _counted(admin: Admin) -> Composed:
    """The statements that set the sequences to where they stand now."""
    rows = admin.execute(SEQUENCES + USED).fetchall()
    return SQL("").join(SQL("\n  PERFORM setval({}, {});").format(Literal(name), Literal(at)) for name, at in rows)
