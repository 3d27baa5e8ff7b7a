"""Connections that do not wait for ever: a server that hangs answers nobody, and does not end its statements either.

A limit of the server's (statement_timeout) is no help against a server that stands still, a network that swallows, or
a frozen disk; so the limit is kept on this side.
"""

from functools import cache
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

R = TypeVar("R")
PATIENCE = 300.0
"""Seconds without a word from the server. Our longest statement, a migration's, is far below."""
CONNECT_WITHIN = 10
"""Seconds to reach the server. libpq waits for ever by default."""


def connect_within(patience: float) -> int:
    """Seconds to reach the server for somebody with so much patience. Less than two would mean no limit to libpq."""
    return max(2, min(CONNECT_WITHIN, round(patience)))


@cache
def limited(patience: float) -> type[psycopg.Connection]:
    """A kind of connection on which no statement waits longer than so many seconds.

    It then raises psycopg.OperationalError and is closed: what became of the statement is not known.
    """

    class Limited(psycopg.Connection[Any]):
        def wait(self, gen: PQGen[R], interval: float = 0.1, timeout: float | None = None) -> R:
            """As psycopg's, with a limit where there is none."""
            try:
                return super().wait(gen, interval, patience if timeout is None else timeout)
            except psycopg.errors._WaitTimeout as error:
                if timeout is not None:
                    raise  # the caller has set a limit, and knows what to do
                self.pgconn.finish()
                raise psycopg.OperationalError(f"the database has not answered for {patience:g} seconds") from error

    return Limited
