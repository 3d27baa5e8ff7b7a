"""Waiting for a word from the database (PostgreSQL's LISTEN), instead of asking again and again.

A word may be lost when the connection breaks: who listens also looks by himself now and then.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from runtime.limited import CONNECT_WITHIN, limited

RING_WITHIN = 3
"""Seconds. Who rings is often about to stop, and must not hang on a database that is gone or does not answer."""


@dataclass(frozen=True)
class Word:
    """What was heard: on which channel, with what text."""

    channel: str
    text: str


class Bell:
    """A connection that listens on some channels."""

    def __init__(self, connection: psycopg.AsyncConnection) -> None:
        self._connection = connection

    async def wait(self, seconds: float) -> list[Word]:
        """The words that came, at once when one comes, none after so many seconds.

        Raises psycopg.OperationalError when the connection is lost.
        """
        words = self._connection.notifies(timeout=seconds, stop_after=1)
        return [Word(word.channel, word.payload) async for word in words]


@asynccontextmanager
async def listening(url: str, *channels: str) -> AsyncIterator[Bell]:
    """Listen on these channels of the database (a URL of SQLAlchemy).

    Raises psycopg.OperationalError or TimeoutError when the database cannot be reached, or does not answer.
    """
    connection = await psycopg.AsyncConnection.connect(
        _plain(url), autocommit=True, application_name="duban listening", connect_timeout=CONNECT_WITHIN
    )
    try:
        async with asyncio.timeout(CONNECT_WITHIN):
            for channel in channels:
                await connection.execute(SQL("LISTEN {}").format(Identifier(channel)))
        yield Bell(connection)
    finally:
        # Closing also drops what was not heard; a cancelled task must not leave the connection behind.
        await asyncio.shield(connection.close())


def ring(url: str, *, channel: str, text: str = "") -> None:
    """Say a word to everybody who listens on the channel.

    Raises psycopg.OperationalError when the database does not answer within three seconds.
    """
    quick = limited(RING_WITHIN)
    with quick.connect(_plain(url), autocommit=True, connect_timeout=RING_WITHIN) as connection:
        connection.execute("SELECT pg_notify(%s, %s)", [channel, text])


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
