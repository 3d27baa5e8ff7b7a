"""A session on the loaded example city, and a small pack to break."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from services.cities import Pack, read_pack
from tests.services.cities.packs import write_pack


@pytest.fixture
def loaded(zigong_engine: Engine) -> Iterator[Session]:
    """A session on the loaded city; what a test writes is rolled back."""
    with Session(zigong_engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def pack(tmp_path) -> Pack:
    return read_pack(write_pack(tmp_path / "pack"))
