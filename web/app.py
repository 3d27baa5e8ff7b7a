"""The web application. Nobody signs in yet, so every page shows numbers of the whole city and nothing about anyone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from runtime.database import make_engine, open_database, session_factory
from runtime.settings import Settings
from web import errors, health, home, links, metrics, outbox
from web.languages import Languages
from web.link_guard import Guards
from web.pages import Pages
from web.security import Headers

PATIENCE = 15.0
"""Seconds that a reader waits at most for a database that says nothing."""
STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings) -> FastAPI:
    """The application for these settings; the database is opened when it starts and let go when it ends."""

    @asynccontextmanager
    async def open_and_close(app: FastAPI) -> AsyncIterator[None]:
        with open_database(settings) as database:
            engine = make_engine(database.url, patience=PATIENCE)
            app.state.sessions = session_factory(engine)
            try:
                yield
            finally:
                engine.dispose()

    app = FastAPI(title="督办 Duban", lifespan=open_and_close, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.pages = Pages()
    app.state.guards = Guards()
    app.include_router(home.router)
    app.include_router(health.router)
    app.include_router(links.router)
    app.include_router(metrics.router)
    app.include_router(outbox.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    errors.install(app)
    app.add_middleware(Languages, default=settings.lang)
    app.add_middleware(Headers)
    return app
