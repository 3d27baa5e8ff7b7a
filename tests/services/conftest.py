"""The whole example city, loaded once for the tests that only look at it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from runtime.cluster import Cluster
from runtime.database import make_engine
from services.cities import Pack, load, read_pack
from tests import bed
from tests.services.cities.packs import NOW, ZIGONG


@pytest.fixture(scope="session")
def zigong() -> Pack:
    return read_pack(ZIGONG)


@pytest.fixture(scope="session")
def zigong_engine(cluster: Cluster, template: str, worker: str, zigong: Pack) -> Iterator[Engine]:
    with bed.copy_of(template, cluster=cluster, name=f"zigong_{worker}") as url:
        engine = make_engine(url)
        with Session(engine) as session:
            load(session, zigong, now=NOW)
            session.commit()
        yield engine
        engine.dispose()
