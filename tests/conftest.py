"""Fixtures for all tests: `session` (or `engine`) is a fresh, migrated, empty database of the real PostgreSQL."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from runtime.cluster import Cluster, hold
from runtime.database import make_engine
from tests import bed

FOLDER = pytest.StashKey[Path]()
BED = pytest.StashKey[bed.Bed]()
_numbers = itertools.count(1)


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


@pytest.fixture
def database_url(cluster: Cluster, template: str, worker: str) -> Iterator[str]:
    with bed.copy_of(template, cluster=cluster, name=f"test_{worker}_{next(_numbers)}") as url:
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
