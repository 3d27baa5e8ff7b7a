"""A PostgreSQL of its own for these tests: it is killed, frozen and started again under those who use it."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from runtime.cluster import Cluster, connection_string, hold
from tests import bed
from tests.flows.conftest import prefect, prefect_server
from tests.outages.server import OPTIONS, Server

__all__ = ["prefect", "prefect_server"]
"""The Prefect server of these tests keeps its data in the PostgreSQL that they attack, as in a real installation."""

_numbers = iter(range(1_000_000))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    held = hold(Path(tmp_path_factory.mktemp("outages")) / "postgres", options=OPTIONS)
    yield held
    Server(held).stand_up()
    held.release()


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """Made in this server: the one of the other tests is in theirs."""
    return bed.make_template(cluster, name="template_of_outages")


@pytest.fixture
def server(cluster: Cluster) -> Iterator[Server]:
    """The server to attack; whatever a test did to it, it runs again afterwards."""
    server = Server(cluster)
    yield server
    server.stand_up()


@pytest.fixture
def database_url(server: Server, template: str) -> str:
    """A copy of the template. It is not dropped: the whole cluster goes."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(connection_string(server.sockets, database="postgres"), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY wal_log')
    return bed.url_of(server.cluster, name=name)
