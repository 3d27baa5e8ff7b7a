"""Browsers of who administers: of the small city, and of one that was loaded from a pack, with its files."""

from pathlib import Path

import httpx
import pytest
from sqlmodel import Session

from services.cities import load, read_pack
from tests.services.cities.packs import NOW, write_pack
from tests.web.admin.desk import ADMINISTRATOR
from tests.web.visitor import log_in

BOSS = "R4"


@pytest.fixture
def browser(city: Session, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The administrator's, in the small city."""
    log_in(city, client, ADMINISTRATOR)
    return client


@pytest.fixture
def loaded(session: Session, tmp_path: Path) -> Session:
    """A city whose pack lies in `tmp_path / "pack"`; R4 administers it."""
    load(session, read_pack(write_pack(tmp_path / "pack")), now=NOW)
    session.commit()
    return session


@pytest.fixture
def desk(loaded: Session, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The administrator's browser in the loaded city."""
    log_in(loaded, client, BOSS)
    return client
