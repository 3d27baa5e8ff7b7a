"""A PostgreSQL of its own with the small city in it, tuned as Duban runs it (fsync on), and a clock for medians."""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from runtime.cluster import ONE_MACHINE, hold, stop
from runtime.database import embedded_url, make_databases, make_engine, migrate
from tests.small_city import a_city


@contextmanager
def a_database() -> Iterator[Callable[[str], Engine]]:
    """Gives fresh, migrated databases with the small city, by name; everything is removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="duban-bench-"))
    (folder / "postgres").mkdir()
    cluster = hold(folder / "postgres", options=ONE_MACHINE)
    engines: list[Engine] = []

    def fresh(name: str) -> Engine:
        make_databases(cluster, names=(name,))
        engine = make_engine(embedded_url(cluster, database=name, driver="postgresql+psycopg"))
        engines.append(engine)
        migrate(engine)
        with Session(engine) as session:
            a_city(session)
        return engine

    try:
        yield fresh
    finally:
        for engine in engines:
            engine.dispose()
        cluster.release()
        stop(folder / "postgres")
        shutil.rmtree(folder, ignore_errors=True)


def seconds(work: Callable[[], object]) -> float:
    """How long one piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], object], *, times: int = 5) -> float:
    """The median of several turns."""
    return statistics.median(seconds(work) for _ in range(times))
