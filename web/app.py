"""The web application. Every route says who may come; one that does not keeps the application from starting."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from runtime.database import make_engine, open_database, session_factory
from runtime.settings import Settings
from web import errors, health, home, links, metrics, more, outbox
from web.assets import STATIC, VENDOR, Kept
from web.languages import Languages
from web.link_guard import Guards
from web.login import anybody, check_doors
from web.look import Looks
from web.pages import Pages
from web.security import Headers

PATIENCE = 15.0
"""Seconds that a reader waits at most for a database that says nothing."""
OPEN = (home, health, links, metrics, outbox)
"""Open to all; links, outbox and metrics ask for a secret of their own."""
WORKBENCH = (more,)
"""Each of its pages asks who is there."""


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
    for pages in OPEN:
        app.include_router(pages.router, dependencies=[Depends(anybody)])
    for pages in WORKBENCH:
        app.include_router(pages.router)
    app.mount("/static", Kept(directory=STATIC), name="static")
    app.mount("/vendor", Kept(directory=VENDOR, check_dir=False), name="vendor")
    errors.install(app)
    app.add_middleware(Languages, default=settings.lang)
    app.add_middleware(Looks)
    app.add_middleware(Headers)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    check_doors(app)
    return app
