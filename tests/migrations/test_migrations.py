"""A migrated database and a fresh one are the same, and both refuse to change what is on record."""

import re
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from models.tables import metadata
from runtime.cluster import Cluster
from runtime.database import make_databases, make_engine
from tests import bed

CATALOGUE = """
SELECT 'column', table_name, column_name, data_type, is_nullable, coalesce(character_maximum_length::text, '')
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index', tablename, '', regexp_replace(indexdef, '.* USING', ''), '', ''
  FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, '', pg_get_constraintdef(oid), '', ''
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', ''
  FROM pg_trigger WHERE NOT tgisinternal
"""


@pytest.fixture
def fresh(cluster: Cluster, worker: str) -> Iterator[Engine]:
    """A database made from the tables themselves, without any migration."""
    name = f"fresh_{worker}"
    make_databases(cluster, names=(name,))
    engine = make_engine(bed.url_of(cluster, name=name))
    with engine.begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    yield engine
    engine.dispose()


def test_upgrading_gives_the_tables_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})

        assert compare_metadata(context, metadata) == []


def test_upgrading_equals_a_fresh_schema(engine: Engine, fresh: Engine) -> None:
    assert _catalogue(engine) == _catalogue(fresh)


def _catalogue(engine: Engine) -> list[tuple[str, ...]]:
    with engine.connect() as connection:
        rows = connection.execute(text(CATALOGUE)).all()
    return sorted(tuple(re.sub(r"\s+", " ", str(cell)) for cell in row) for row in rows if row[1] != "alembic_version")
