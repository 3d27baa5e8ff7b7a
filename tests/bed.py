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

from runtime.cluster import Cluster, connection_string, is_held, stop
from runtime.database import embedded_url, make_databases, make_engine, migrate

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
        ours = left.stat().st_uid == os.geteuid() and (left / "postgres" / "users").exists()
        if ours and not is_held(left / "postgres"):
            stop(left / "postgres")
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    (folder / "postgres").mkdir()
    keeper = (folder / "postgres" / "users").open("ab")
    fcntl.flock(keeper, fcntl.LOCK_SH)
    return Bed(folder=folder, keeper=keeper)


def make_template(cluster: Cluster, *, name: str) -> str:
    """A migrated, empty database to copy from. Nobody may stay connected to it."""
    make_databases(cluster, names=(name,))
    engine = make_engine(url_of(cluster, name=name))
    try:
        migrate(engine)
    finally:
        engine.dispose()
    return name


@contextmanager
def copy_of(template: str, *, cluster: Cluster, name: str) -> Iterator[str]:
    """The URL of a copy of the template (about 15 ms), dropped at the end whoever is still connected."""
    with psycopg.connect(connection_string(cluster.socket_folder, database="postgres"), autocommit=True) as admin:
        admin.execute(
            f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY wal_log'
        )  # file_copy: three times as long
        yield url_of(cluster, name=name)
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


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
