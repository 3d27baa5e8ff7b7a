"""The small city with an edition that states everything; its administrator at the desk."""

import httpx
import pytest
from sqlmodel import Session

from services.cities import load, read_pack
from tests.services.cities.packs import NOW
from tests.services.systems.editions import BOSS, write_whole
from tests.web.visitor import log_in


@pytest.fixture
def small(session: Session, tmp_path) -> Session:
    load(session, read_pack(write_whole(tmp_path / "pack")), now=NOW)
    session.commit()
    return session


@pytest.fixture
def desk(small: Session, client: httpx.AsyncClient) -> httpx.AsyncClient:
    log_in(small, client, BOSS)
    return client
