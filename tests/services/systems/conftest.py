"""The small city with an edition that states everything."""

import pytest
from sqlmodel import Session

from services.cities import load, read_pack
from tests.services.cities.packs import NOW
from tests.services.systems.editions import write_whole


@pytest.fixture
def small(session: Session, tmp_path) -> Session:
    load(session, read_pack(write_whole(tmp_path / "pack")), now=NOW)
    session.commit()
    return session
