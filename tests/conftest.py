"""Fixtures for all tests.

`session` (or `engine`) is a fresh, migrated, empty database of the real PostgreSQL; `city` has the small city in it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from runtime.cluster import Cluster, hold
from runtime.database import make_engine
from services import reach, sweeps
from tests import bed
from tests.small_city import a_city

FOLDER = pytest.StashKey[Path]()
BED = pytest.StashKey[bed.Bed]()


def pytest_configure(config: pytest.Config) -> None:
    bed.allow_only_loopback()
    if hasattr(config, "workerinput"):
        config.stash[FOLDER] = Path(config.workerinput["bed"])
    else:
        config.stash[BED] = bed.make_bed()
        config.stash[FOLDER] = config.stash[BED].folder


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Tell a worker where the run's cluster is."""
    node.workerinput["bed"] = str(node.config.stash[FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    if BED in config.stash:
        config.stash[BED].clear_away()


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
def plot(cluster: Cluster, template: str, worker: str) -> bed.Plot:
    """This process's database, used again and again."""
    return bed.Plot(template, cluster=cluster, name=f"test_{worker}")


@pytest.fixture
def database_url(plot: bed.Plot) -> Iterator[str]:
    with plot.use() as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
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
