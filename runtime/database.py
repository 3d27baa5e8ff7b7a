"""The database: the embedded cluster, or the PostgreSQL that DUBAN_DATABASE_URL names."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from runtime.cluster import ONE_MACHINE, PORT, Cluster, connection_string, hold
from runtime.errors import BadSettings
from runtime.limited import CONNECT_WITHIN, PATIENCE, connect_within, limited
from runtime.settings import Settings

OURS, PREFECTS = "duban", "prefect"
MIGRATIONS = Path(__file__).resolve().parent.parent / "models" / "migrations"
MIGRATION_LOCK = 0x6475_62616E  # "duban": two processes that start at once must not both migrate


@dataclass(frozen=True)
class Database:
    """Where the data are. `url` is for SQLAlchemy with psycopg 3, `prefect_url` for Prefect's server (asyncpg)."""

    url: str = field(repr=False)  # may hold a password
    prefect_url: str = field(repr=False)
    cluster: Cluster | None = None

    def stop(self) -> None:
        """Let go of the embedded cluster; it stops when no other process uses it. A given server is left alone."""
        if self.cluster is not None:
            self.cluster.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def open_database(settings: Settings) -> Database:
    """The database to use; starts the embedded cluster when none is given and nobody has started it. Stop it after use.

    Raises BadSettings for a URL that is not PostgreSQL's, DatabaseTrouble when the cluster cannot be started.
    """
    if settings.database_url is not None:
        prefect = settings.prefect_database_url
        return _given(settings.database_url.get_secret_value(), prefect.get_secret_value() if prefect else None)
    cluster = hold(settings.home / "postgres", options=ONE_MACHINE)
    try:
        make_databases(cluster, names=(OURS, PREFECTS))
    except BaseException:
        cluster.release()
        raise
    return Database(
        url=embedded_url(cluster, database=OURS, driver="postgresql+psycopg"),
        prefect_url=embedded_url(cluster, database=PREFECTS, driver="postgresql+asyncpg"),
        cluster=cluster,
    )


def embedded_url(cluster: Cluster, *, database: str, driver: str) -> str:
    """The URL of one database of the embedded cluster, for a SQLAlchemy driver."""
    where = {"host": str(cluster.socket_folder), "port": str(PORT)}
    url = URL.create(driver, username="postgres", database=database, query=where)
    return url.render_as_string(hide_password=False)


def make_databases(cluster: Cluster, *, names: tuple[str, ...]) -> None:
    """Make the databases that are missing, each with pg_trgm (Prefect's migrations and our search need it).

    The extension is put into the template first: a database that exists therefore has it, whenever we were cut off.
    """
    if not _missing(cluster, names=names):
        return
    with _connect(cluster, database="postgres") as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        with _connect(cluster, database="template1") as template:
            template.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for name in _missing(cluster, names=names):
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))


def make_engine(url: str, *, patience: float = PATIENCE) -> Engine:
    """A pool of connections for one process. Times come back in UTC whatever the server's setting is.

    A server that is silent for `patience` seconds counts as gone: the statement fails with OperationalError.
    """
    options = {
        "options": "-c timezone=UTC",
        "application_name": "duban",
        "connect_timeout": connect_within(patience),
    }
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        hide_parameters=True,  # an error must not show what stands in a row: addresses hold tokens
        connect_args=options,
    )
    event.listen(engine, "do_connect", _connects(limited(patience)))
    return engine


def _connects(kind: type[psycopg.Connection]) -> Callable[..., psycopg.Connection]:
    def connect(_dialect: Any, _record: Any, arguments: Any, options: Any) -> psycopg.Connection:
        return kind.connect(*arguments, **options)

    return connect


def session_factory(engine: Engine) -> Callable[[], Session]:
    """What makes sessions: `with sessions() as session:`. Objects stay readable after a commit."""
    return sessionmaker(engine, class_=Session, expire_on_commit=False)


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision, in one transaction; of several at once, one does it, others wait.

    `models/migrations/env.py` takes the connection from `config.attributes["connection"]`.
    """
    from alembic import command  # slow to import, and rarely needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _given(url: str, prefect_url: str | None) -> Database:
    ours = _postgres(url, variable="DUBAN_DATABASE_URL", driver="postgresql+psycopg")
    if prefect_url is not None:
        prefects = _postgres(prefect_url, variable="DUBAN_PREFECT_DATABASE_URL", driver="postgresql+asyncpg")
    else:
        prefects = _for_asyncpg(ours.set(drivername="postgresql+asyncpg", database=PREFECTS))
    return Database(
        url=ours.render_as_string(hide_password=False), prefect_url=prefects.render_as_string(hide_password=False)
    )


def _postgres(url: str, *, variable: str, driver: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() not in {"postgresql", "postgres"} or not parsed.database:
        raise BadSettings(problems=f"{variable} (expected postgresql://user:password@host:port/database)")
    return parsed.set(drivername=driver)


def _for_asyncpg(url: URL) -> URL:
    """libpq says `sslmode`, asyncpg says `ssl`; other options of libpq are not asyncpg's."""
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(query={name: value for name, value in query.items() if name in {"ssl", "host", "port"}})


def _missing(cluster: Cluster, *, names: tuple[str, ...]) -> list[str]:
    with _connect(cluster, database="postgres") as connection:
        present = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
    return [name for name in names if name not in present]


def _connect(cluster: Cluster, *, database: str) -> psycopg.Connection:
    where = connection_string(cluster.socket_folder, database=database)
    return psycopg.connect(where, autocommit=True, connect_timeout=CONNECT_WITHIN)
