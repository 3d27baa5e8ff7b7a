"""Fixtures for all tests.

`session` (or `engine`) is a fresh, migrated, empty database of the real PostgreSQL; `city` has the small city in it.
"""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlmodel import Session

from runtime.cluster import Cluster, hold
from runtime.database import make_engine
from services import reach, sweeps
from services.accounts import passwords
from tests import bed
from tests.small_city import a_city

FOLDER = pytest.StashKey[Path]()
BED = pytest.StashKey[bed.Bed]()


def pytest_configure(config: pytest.Config) -> None:
    bed.allow_only_loopback()
    if hasattr(config, "workerinput"):
        config.stash[FOLDER] = Path(config.workerinput["bed"])
        return
    config.stash[BED] = bed.make_bed()
    config.stash[FOLDER] = config.stash[BED].folder
    # Elsewhere the next run of this account would shut the folders above tmp_path, through which servers must come.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(config.stash[FOLDER]))


def pytest_collection() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    """Thousands of tests lie about now: to look through all of it as often as usual would take a tenth of the run."""
    gc.enable()
    gc.set_threshold(10_000, 10, 10)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Tell a worker where the run's cluster is."""
    node.workerinput["bed"] = str(node.config.stash[FOLDER])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    """Without pytest-xdist nobody asks, and nothing of it is imported."""
    from tests.shares import scheduler

    return scheduler(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    if BED in config.stash:
        config.stash[BED].clear_away()


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """To hash one takes 1 ms and not 100; `test_passwords.py` looks at what it costs outside of tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """The PostgreSQL of this run, started by the first test that needs it."""
    held = hold(request.config.stash[FOLDER] / "postgres", options=bed.FAST | bed.SMALL)
    yield held
    held.release()


@pytest.fixture(scope="session")
def template(cluster: Cluster, worker: str) -> str:
    return bed.make_template(cluster, name=f"template_{worker}")


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """This process's name in the run: gw0, gw1, … or `alone`."""
    return getattr(request.config, "workerinput", {}).get("workerid", "alone")


@pytest.fixture(scope="session")
def plot(cluster: Cluster, template: str, worker: str) -> Iterator[bed.Plot]:
    """This process's database, used again and again."""
    plot = bed.Plot(template, cluster=cluster, name=f"test_{worker}")
    yield plot
    plot.give_up()


@pytest.fixture
def database_url(plot: bed.Plot) -> Iterator[str]:
    with plot.use() as url:
        yield url


@cache
def lasting_engine(url: str) -> Engine:
    """What SQLAlchemy has worked out for a database once, it knows in the next test too."""
    return make_engine(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine of this test: no connection, listener or what is kept under it outlasts the test."""
    engine = lasting_engine(database_url).execution_options()
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    return session


@pytest.fixture
def sessions(engine: Engine) -> Callable[[], Session]:
    return lambda: Session(engine, expire_on_commit=False)


@pytest.fixture
def tick(city: Session, sessions) -> Callable[[datetime], sweeps.RoundCounts]:
    """One round at that time. What the test wrote before is committed first."""

    def round_at(now: datetime) -> sweeps.RoundCounts:
        city.commit()
        return sweeps.tick(sessions, now=now)

    return round_at


@pytest.fixture
def pass_up(city: Session) -> Callable[[datetime], int]:
    def at_time(now: datetime) -> int:
        done = reach.pass_up(city, now=now)
        city.commit()
        return done

    return at_time
