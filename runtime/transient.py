"""Which failures pass by themselves: the database restarts, the network drops. Only these are worth another try."""

import httpx
import psycopg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError

CONNECTION_LOST = "8s2b"
"""SQLAlchemy's code for a statement after the one that lost the connection: whoever caught that one hid the cause."""
PASSING = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError, httpx.TransportError)


def is_transient(error: object) -> bool:
    """Whether the same call may succeed in a moment: a lost connection, a deadlock, a server that starts up."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, PendingRollbackError) and error.code == CONNECTION_LOST:
        return True
    return isinstance(error, (*PASSING, ConnectionError, TimeoutError))
