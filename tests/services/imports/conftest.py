"""A second city: the same pack, in another empty database."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from runtime.cluster import Cluster
from runtime.database import make_engine
from tests import bed
from tests.small_city import a_city


@pytest.fixture
def other_city(cluster: Cluster, template: str, worker: str) -> Iterator[Session]:
    with bed.copy_of(template, cluster=cluster, name=f"other_{worker}") as url:
        engine = make_engine(url)
        with Session(engine, expire_on_commit=False) as session:
            a_city(session)
            yield session
        engine.dispose()
