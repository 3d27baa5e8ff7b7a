"""Kept connections for the plugins of Apprise, which speak through `requests` and urllib3; and what its errors mean."""

import ssl
import time
from typing import Any

import urllib3
from urllib3 import exceptions
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from models.message import Outcome
from notifications.channels.base import Sent
from notifications.channels.kept import KEEP_SECONDS

NEVER_LEFT = (
    exceptions.NewConnectionError,
    exceptions.ConnectTimeoutError,
    exceptions.NameResolutionError,
    exceptions.ProxyError,
)


class _Kept(HTTPConnectionPool):
    """Closes a connection that was not used for long, instead of using it again."""

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection = super()._get_conn(timeout)
        if getattr(connection, "unused_since", time.monotonic()) < time.monotonic() - KEEP_SECONDS:
            connection.close()  # it opens again by itself
        return connection

    def _put_conn(self, conn: Any) -> None:
        if isinstance(conn, HTTPConnection):
            conn.unused_since = time.monotonic()  # type: ignore[attr-defined]
        super()._put_conn(conn)


class _KeptTls(_Kept, HTTPSConnectionPool):
    """The same over TLS. Marks what went wrong while TLS was set up: the same errors later mean a lost answer."""

    def _validate_conn(self, conn: Any) -> None:
        try:
            super()._validate_conn(conn)
        except ssl.SSLError as error:
            error.before_request = True  # type: ignore[attr-defined]
            raise


def keep_connections(manager: urllib3.PoolManager) -> urllib3.PoolManager:
    """Let a pool manager keep its connections as we do."""
    manager.pool_classes_by_scheme = {"http": _Kept, "https": _KeptTls}
    return manager


def judge_error(error: BaseException) -> Sent:
    """Whether a letter can have left when its request ended so. The error's text may hold a token, and is not used."""
    reason = error.reason if isinstance(error, exceptions.MaxRetryError) else error
    name = type(reason).__name__
    if isinstance(reason, exceptions.LocationValueError):
        return Sent(Outcome.PERMANENT, code="address", detail=name)
    if isinstance(reason, NEVER_LEFT) or _in_handshake(reason):
        return Sent(Outcome.REFUSED, code="connect", detail=name)
    return Sent(Outcome.UNKNOWN, code="lost", detail=name)


def _in_handshake(reason: BaseException | None) -> bool:
    return isinstance(reason, exceptions.SSLError) and any(getattr(e, "before_request", False) for e in reason.args)
