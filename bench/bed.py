"""A PostgreSQL of its own with the small city in it, tuned as Duban runs it (fsync on), and a clock for medians."""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from sqlalchemy import Engine
from sqlmodel import Session

from runtime.cluster import ONE_MACHINE, Cluster, connection_string, hold, stop
from runtime.database import embedded_url, make_databases, make_engine, migrate
from tests.small_city import write_city


@dataclass
class Bed:
    """The databases of one measurement, by name."""

    cluster: Cluster
    engines: dict[str, Engine] = field(default_factory=dict)

    def fresh(self, name: str) -> Engine:
        """A migrated database with the small city."""
        make_databases(self.cluster, names=(name,))
        engine = self._engine(name)
        migrate(engine)
        with Session(engine) as session:
            write_city(session)
        return engine

    def copy(self, of: str, *, name: str) -> Engine:
        """A second database, file by file like the first: both sides start from the same pages."""
        self.engines[of].dispose()
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{of}" STRATEGY file_copy')
        return self._engine(name)

    def drop(self, *names: str) -> None:
        for name in names:
            self.engines.pop(name).dispose()
            self._admin(f'DROP DATABASE "{name}" WITH (FORCE)')

    def checkpoint(self) -> None:
        """So that no side pays for what was written before it."""
        self._admin("CHECKPOINT")

    def _engine(self, name: str) -> Engine:
        url = embedded_url(self.cluster, database=name, driver="postgresql+psycopg")
        self.engines[name] = make_engine(url)
        return self.engines[name]

    def _admin(self, statement: str) -> None:
        where = connection_string(self.cluster.socket_folder, database="postgres")
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def a_bed() -> Iterator[Bed]:
    """A cluster for one measurement; everything is removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="duban-bench-"))
    (folder / "postgres").mkdir()
    cluster = hold(folder / "postgres", options=ONE_MACHINE)
    bed = Bed(cluster)
    try:
        yield bed
    finally:
        for engine in bed.engines.values():
            engine.dispose()
        cluster.release()
        stop(folder / "postgres")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def a_database() -> Iterator[Callable[[str], Engine]]:
    """Gives fresh, migrated databases with the small city, by name."""
    with a_bed() as bed:
        yield bed.fresh


def seconds(work: Callable[[], object]) -> float:
    """How long one piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], object], *, times: int = 5) -> float:
    """The median of several turns."""
    return statistics.median(seconds(work) for _ in range(times))
