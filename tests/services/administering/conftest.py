"""The small city, loaded; and the whole example city, loaded once for tests that roll back what they do."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from runtime.cluster import Cluster
from runtime.database import make_engine
from services.cities import Pack, load, read_pack
from tests import bed
from tests.services.cities.packs import NOW, ZIGONG, write_pack


@pytest.fixture
def pack(tmp_path) -> Pack:
    return read_pack(write_pack(tmp_path / "pack"))


@pytest.fixture
def small(session: Session, pack: Pack) -> Session:
    load(session, pack, now=NOW)
    session.commit()
    return session


@pytest.fixture(scope="session")
def zigong_edited(cluster: Cluster, template: str, worker: str) -> Iterator[Engine]:
    with bed.copy_of(template, cluster=cluster, name=f"zigong_edited_{worker}") as url:
        engine = make_engine(url)
        with Session(engine) as session:
            load(session, read_pack(ZIGONG), now=NOW)
            session.commit()
        yield engine
        engine.dispose()


@pytest.fixture
def zigong(zigong_edited: Engine) -> Iterator[Session]:
    with Session(zigong_edited, expire_on_commit=False) as session:
        yield session
