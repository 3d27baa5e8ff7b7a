"""The test bed: one PostgreSQL for a whole run, a migrated template per worker, a fresh database per test."""

import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from sqlmodel import Session

from runtime.cluster import Cluster, connection_string, is_held, stop
from runtime.database import embedded_url, make_databases, make_engine, migrate
from tests import soil
from tests.small_city import write_city

PREFIX = "duban-tests-"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "io_method": "sync", "jit": "off"}
SMALL = {"shared_buffers": "64MB", "max_connections": "200", "max_wal_size": "512MB", "autovacuum": "off"}


@dataclass(frozen=True)
class Bed:
    """The folder of this run's cluster, kept by the process that started the run."""

    folder: Path
    keeper: IO[bytes]

    def clear_away(self) -> None:
        """Stop the server, also when a worker died in the middle, and delete its data."""
        stop(self.folder / "postgres")
        self.keeper.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def make_bed() -> Bed:
    """A folder for this run. What runs that were killed left behind is cleared away first."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _is_ours(left) and not is_held(left / "postgres"):
            stop(left / "postgres")
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    (folder / "postgres").mkdir()
    keeper = (folder / "postgres" / "users").open("ab")
    fcntl.flock(keeper, fcntl.LOCK_SH)
    return Bed(folder=folder, keeper=keeper)


def _is_ours(folder: Path) -> bool:
    """Another run may be clearing it away at this moment."""
    try:
        return folder.stat().st_uid == os.geteuid() and (folder / "postgres" / "users").exists()
    except FileNotFoundError:
        return False


def make_template(cluster: Cluster, *, name: str) -> str:
    """A migrated, empty database to copy from, which knows the small city. Nobody may stay connected to it."""
    make_databases(cluster, names=(name,))
    engine = make_engine(url_of(cluster, name=name))
    try:
        migrate(engine)
        with Session(engine) as session:
            write_city(session)
    finally:
        engine.dispose()
    with _admin(cluster, name) as admin:
        soil.prepare(admin)
    return name


@contextmanager
def copy_of(template: str, *, cluster: Cluster, name: str) -> Iterator[str]:
    """The URL of a copy of the template (about 60 ms), dropped at the end whoever is still connected."""
    _copy(template, cluster=cluster, name=name)
    yield url_of(cluster, name=name)
    _drop(cluster, name=name)


class Plot:
    """One database that a worker uses again and again: emptied after each test (about 5 ms) instead of copied.

    A test that changed the tables themselves, and a number of tests, give it a new copy.
    """

    MOST = 60
    """Rows that were deleted stay in the way until then."""

    def __init__(self, template: str, *, cluster: Cluster, name: str) -> None:
        self._template, self._cluster, self._name, self._used = template, cluster, name, 0
        self.url = url_of(cluster, name=name)
        self._keeper: psycopg.Connection[Any] | None = None

    @contextmanager
    def use(self) -> Iterator[str]:
        """The URL of an empty database."""
        if self._keeper is None:
            _copy(self._template, cluster=self._cluster, name=self._name)
            self._keeper, self._used = _admin(self._cluster, self._name), 0
        self._used += 1
        try:
            yield self.url
        finally:
            if self._used >= self.MOST or not soil.empty(self._keeper):
                self.give_up()

    def give_up(self) -> None:
        """The next test gets a new copy."""
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None
            _drop(self._cluster, name=self._name)


def _copy(template: str, *, cluster: Cluster, name: str) -> None:
    with _admin(cluster, "postgres") as admin:  # strategy file_copy: three times as long
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY wal_log')


def _drop(cluster: Cluster, *, name: str) -> None:
    with _admin(cluster, "postgres") as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _admin(cluster: Cluster, database: str) -> "psycopg.Connection[Any]":
    return psycopg.connect(connection_string(cluster.socket_folder, database=database), autocommit=True)


def url_of(cluster: Cluster, *, name: str) -> str:
    return embedded_url(cluster, database=name, driver="postgresql+psycopg")


def allow_only_loopback() -> None:
    """From now on, any connection that this process opens to another machine raises."""
    sys.addaudithook(_only_loopback)


def _only_loopback(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = arguments[1][0]
    if not (host in {"::1", "localhost"} or str(host).startswith("127.")):
        raise PermissionError(f"a test tried to reach {host}; tests use loopback only")
