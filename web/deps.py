"""What a page asks for: a session of its own, and the time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from runtime import clock
from runtime.keys import link_keys
from runtime.settings import Settings
from web.pages import Pages


def _session(request: Request) -> Iterator[Session]:
    with request.app.state.sessions() as session:
        yield session


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
