"""What a page asks for: a session of its own, and the time."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from anyio import CancelScope
from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session

from runtime import clock
from runtime.keys import link_keys
from runtime.settings import Settings
from web.pages import Pages

AT_ONCE = 16
"""Requests of one process that work with the database at once; the pool (runtime/database.py) has a few more.

The rest wait before they take a connection. Without that, under load, all threads wait for a connection while those
who hold one wait for a thread, and nobody moves.
"""


async def _session(request: Request) -> AsyncIterator[Session]:
    async with request.app.state.turns:
        session: Session = request.app.state.sessions()
        try:
            yield session
        finally:
            with CancelScope(shield=True):  # a reader who has gone takes no connection along
                await run_in_threadpool(session.close)


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def _pages(request: Request) -> Pages:
    found: Pages = request.app.state.pages
    return found


Db = Annotated[Session, Depends(_session)]
Given = Annotated[Settings, Depends(_settings)]
Page = Annotated[Pages, Depends(_pages)]


def _now(session: Db) -> datetime:
    return clock.now(session)


Now = Annotated[datetime, Depends(_now)]
"""The city's time, UTC."""


@dataclass(frozen=True)
class Desk:
    """What answering one request takes."""

    request: Request
    session: Db
    now: Now
    settings: Given
    pages: Page

    @property
    def keys(self) -> tuple[str, ...]:
        """Those that links are signed with, newest first."""
        return link_keys(self.settings)


Here = Annotated[Desk, Depends()]
