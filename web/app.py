"""The web application. Every route says who may come; one that does not keeps the application from starting."""

from asyncio import Semaphore
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from runtime.database import make_engine, open_database, session_factory
from runtime.providers import read_providers
from runtime.settings import Settings
from web import (
    accountability,
    accounts,
    admin,
    audits,
    boards,
    bulletins,
    errors,
    evidence,
    filing,
    health,
    home,
    hooks,
    instructions,
    issue,
    kept,
    leaders,
    links,
    lists,
    metrics,
    more,
    outbox,
    patrols,
    points,
    ranking,
    report,
    scores,
    surveys,
    sweeps,
    systems,
    tasks,
    tokens,
    work,
)
from web.accounts.providers import Providers
from web.api import ROOT, create_api, docs
from web.assets import STATIC, VENDOR, Kept
from web.bodies import Bodies
from web.deps import AT_ONCE
from web.errands import Errands
from web.heads import Heads
from web.languages import Languages
from web.link_guard import Guards
from web.login import anybody, check_doors
from web.look import Looks
from web.pages import Pages
from web.security import Headers
from web.surveys import public
from web.surveys.pace import Pace

PATIENCE = 15.0
"""Seconds that a reader waits at most for a database that says nothing."""
OPEN = (docs, home, health, links, metrics, outbox, public)
"""Open to all; links, outbox, metrics and the public form of a survey ask for a secret of their own."""
WORKBENCH = (
    *(accountability, instructions, leaders, patrols),
    systems,
    scores,
    ranking,
    tasks,
    *(filing, surveys),
    *(accounts, admin, audits, boards, bulletins, evidence, hooks, lists, more, points, report, sweeps, tokens, work),
    issue,
)
"""Each of its pages asks who is there. The issue stands last: its addresses are those that no other page has."""


def create_app(settings: Settings) -> FastAPI:
    """The application for these settings; the database is opened when it starts and let go when it ends."""

    @asynccontextmanager
    async def open_and_close(app: FastAPI) -> AsyncIterator[None]:
        with open_database(app.state.settings) as database:
            engine = make_engine(database.url, patience=PATIENCE)
            app.state.sessions = session_factory(engine)
            try:
                yield
            finally:
                app.state.errands.close()
                engine.dispose()

    app = FastAPI(title="督办 Duban", lifespan=open_and_close, docs_url=None, redoc_url=None, openapi_url=None)
    equip(app, settings)
    for pages in OPEN:
        app.include_router(pages.router, dependencies=[Depends(anybody)])
    for pages in WORKBENCH:
        app.include_router(pages.router)
    app.mount(ROOT, create_api(app))
    app.mount("/static", Kept(directory=STATIC), name="static")
    app.mount("/vendor", Kept(directory=VENDOR, check_dir=False), name="vendor")
    errors.install(app)
    app.add_middleware(Bodies)
    app.add_middleware(Languages, default=settings.lang)
    app.add_middleware(Looks)
    app.add_middleware(Headers)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Heads)
    check_doors(app)
    return app


def equip(app: FastAPI, settings: Settings) -> None:
    """Give the application what its pages work with: nothing of it is kept from one start to the next."""
    app.state.settings = settings
    app.state.turns = Semaphore(AT_ONCE)
    app.state.pages = Pages()
    app.state.guards = Guards()
    app.state.pace = Pace()
    app.state.kept = kept.Kept()
    app.state.errands = Errands(settings)
    app.state.providers = Providers(read_providers(settings.login_providers))
