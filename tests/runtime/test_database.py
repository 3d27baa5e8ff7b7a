"""Opening, migrating and using the database."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, inspect, make_url, text
from sqlmodel import Session

from runtime import database
from runtime.errors import BadSettings
from runtime.settings import Settings, load_settings


def given(url: str, **more: object) -> Settings:
    return load_settings(database_url=SecretStr(url), **more)


def test_the_embedded_cluster_serves_us_and_prefect_with_trigrams(tmp_path: Path) -> None:
    with database.open_database(load_settings(home=tmp_path)) as opened:
        for url in (opened.url, make_url(opened.prefect_url).set(drivername="postgresql+psycopg")):
            engine = database.make_engine(url)
            with engine.connect() as connection:
                assert connection.scalar(text("SELECT extname FROM pg_extension WHERE extname = 'pg_trgm'"))
                assert connection.scalar(text("SHOW timezone")) == "UTC"
            engine.dispose()


def test_a_given_server_is_used_as_it_is() -> None:
    opened = database.open_database(given("postgresql://me:secret@db.local:5433/ours?sslmode=require"))

    assert opened.url == "postgresql+psycopg://me:secret@db.local:5433/ours?sslmode=require"
    assert opened.prefect_url == "postgresql+asyncpg://me:secret@db.local:5433/prefect?ssl=require"
    assert "secret" not in repr(opened)


def test_prefect_may_have_a_server_of_its_own() -> None:
    url = SecretStr("postgresql://p@other/prefect3")
    opened = database.open_database(given("postgresql://me@db.local/ours", prefect_database_url=url))
    assert opened.prefect_url == "postgresql+asyncpg://p@other/prefect3"


@pytest.mark.parametrize("url", ["sqlite:///x.db", "nonsense", "postgresql://host"])
def test_a_url_that_is_not_a_postgres_database_is_refused(url: str) -> None:
    with pytest.raises(BadSettings, match="DUBAN_DATABASE_URL"):
        database.open_database(given(url))


def test_a_test_starts_with_the_migrated_schema(engine: Engine) -> None:
    assert "alembic_version" in inspect(engine).get_table_names()


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_database_of_its_own(session: Session, turn: int) -> None:
    session.execute(text("CREATE TABLE left_behind (turn int)"))
    session.commit()
    assert session.scalar(text("SELECT count(*) FROM left_behind")) == 0


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    before = sorted(inspect(engine).get_table_names())
    database.migrate(engine)
    assert sorted(inspect(engine).get_table_names()) == before


def test_a_session_keeps_its_objects_after_a_commit(engine: Engine) -> None:
    with database.session_factory(engine)() as session:
        assert isinstance(session, Session)
        assert session.expire_on_commit is False
