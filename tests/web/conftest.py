"""The application on a database of its own."""

from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import Session

import web.app
from runtime.database import make_engine
from runtime.settings import Lang, Settings
from tests.small_city import a_city
from web.app import create_app, equip
from web.pages import Pages

_kept: dict[Lang, FastAPI] = {}
_pages = Pages()


@cache
def _lasting(url: str, patience: float) -> Engine:
    return make_engine(url, patience=patience)


def lasting_engine(url: str, *, patience: float) -> Engine:
    """As `tests.conftest.lasting_engine`: what it has worked out for a statement once, the next application knows."""
    return _lasting(url, patience).execution_options()


web.app.make_engine = lasting_engine


def an_app(settings: Settings) -> FastAPI:
    """The application as if it were new. Its routes and compiled templates are kept: to make them takes a second."""
    if settings.lang not in _kept:
        _kept[settings.lang] = create_app(settings)
    equip(_kept[settings.lang], settings)
    _kept[settings.lang].state.pages = _pages
    return _kept[settings.lang]


@pytest.fixture
async def client(database_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Nothing is loaded yet."""
    app = an_app(Settings(database_url=SecretStr(database_url), home=tmp_path, lang="zh-CN"))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://duban") as client,
    ):
        yield client


@pytest.fixture
def city(session: Session) -> Session:
    a_city(session)
    session.commit()
    return session
