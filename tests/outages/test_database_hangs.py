"""PostgreSQL neither answers nor goes away: nothing of ours waits for it without end."""

import asyncio
from contextlib import ExitStack

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from models.city import City
from runtime.database import make_engine
from runtime.listening import listening, ring
from runtime.transient import is_transient
from tests.outages.server import Server
from tests.outages.swallowing import wire_to

SOON = 1.5
"""Seconds of patience in these tests; a server that lives answers within it on a busy machine too."""


def test_a_statement_to_a_server_that_stands_still_fails(city: Session, database_url: str, server: Server) -> None:
    city.commit()
    engine = make_engine(database_url, patience=SOON)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        with server.frozen(), pytest.raises(OperationalError, match="has not answered for") as failed:
            connection.execute(text("SELECT 1"))

    assert is_transient(failed.value)
    with Session(engine) as again:
        assert again.get(City, "5103")
    engine.dispose()


def test_a_commit_into_a_wire_that_swallows_fails(city: Session, database_url: str, server: Server) -> None:
    city.commit()
    with wire_to(server.sockets) as wire:
        engine = make_engine(wire.url(database_url), patience=SOON)
        with Session(engine) as session:
            session.connection().execute(text("UPDATE city SET name = 'x'"))
            wire.swallows = True
            with pytest.raises(OperationalError):
                session.commit()
        engine.dispose()


def test_a_statement_that_takes_long_on_a_server_that_lives_is_not_cut_by_the_usual_limit(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(0.5)"))
    engine.dispose()


def test_who_rings_is_not_held_up_by_a_server_that_stands_still(
    database_url: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.listening.RING_WITHIN", 2)
    with server.frozen(), pytest.raises(psycopg.OperationalError):
        ring(database_url, channel="x")


def test_who_rings_is_not_held_up_by_a_server_that_stops_after_the_hello(
    database_url: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = psycopg.Connection.execute

    def execute(self: psycopg.Connection, *given: object) -> object:
        stack.enter_context(server.frozen())
        return plain(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr("runtime.listening.RING_WITHIN", 2)
    monkeypatch.setattr(psycopg.Connection, "execute", execute)
    with ExitStack() as stack, pytest.raises(psycopg.OperationalError):
        ring(database_url, channel="x")


async def test_who_wants_to_listen_is_not_held_up(
    database_url: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.listening.CONNECT_WITHIN", 2)
    with server.frozen():
        async with asyncio.timeout(20):
            with pytest.raises((psycopg.OperationalError, TimeoutError)):
                async with listening(database_url, "x"):
                    pass
