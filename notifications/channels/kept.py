"""HTTP connections that are kept between letters: made by `http.client`, spoken on by wire.py.

Thread-safe: a connection is lent to one request at a time. One that the server closed, or that nobody used for two
seconds, is not used again: what breaks after the first byte leaves the outcome of a letter unknown.
"""

import http.client
import os
import select
import socket
import ssl
import time
import weakref
from base64 import b64encode
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from urllib.parse import SplitResult, quote, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from notifications.channels.wire import Reply, answer, request

KEEP_SECONDS = 2.0
"""Real seconds for which an unused connection is kept. The shortest common limit of servers is two (gunicorn)."""
CONNECTIONS = 64
"""How many are kept to one place."""
PLACES = 100
"""To how many places, before all are closed."""
MOST_BYTES = 64 * 1024
"""No provider's answer is longer; more is not read."""
UNSPOILT = "%/:=&?~#+!$,;'@()*[]"
PORTS = {"http": 80, "https": 443}

Place = tuple[str, str, int, bool]
Kept = defaultdict[Place, deque[tuple[socket.socket, float]]]


class NotThere(Exception):
    """No connection could be made: nothing has left."""


class Lost(Exception):
    """The connection was made, and no whole answer came back."""


@dataclass(frozen=True)
class Target:
    """A URL that can be asked. Raises ValueError for one that cannot."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    @lru_cache(maxsize=1024)
    def of(cls, url: str) -> "Target":
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("not an HTTP address")
        host = parts.hostname if ":" in parts.hostname else parts.hostname.encode("idna").decode()
        path = quote(parts.path or "/", safe=UNSPOILT) + (
            f"?{quote(parts.query, safe=UNSPOILT)}" if parts.query else ""
        )
        return cls(parts.scheme, host, parts.port or PORTS[parts.scheme], path)

    @property
    def authority(self) -> str:
        """Host and port as they stand in a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


Dial = Callable[[Target, float], socket.socket]
"""Connects to a target within so many seconds. Raises OSError."""
Look = Callable[[Target], None]
"""Looks at a target that a proxy will connect to; raises what shall stop it."""


class Connections:
    """Those of one client."""

    def __init__(
        self, *, connect_seconds: float, read_seconds: float, context: ssl.SSLContext, dial: Dial, look: Look
    ) -> None:
        self._connect_seconds, self._read_seconds = connect_seconds, read_seconds
        self._context, self._dial, self._look = context, dial, look
        self._kept: Kept = defaultdict(deque)
        self._lock = Lock()
        weakref.finalize(self, _close_all, self._kept)
        self._proxies = {scheme: urlsplit(proxy) for scheme, proxy in getproxies().items() if scheme in PORTS}

    def proxy_for(self, target: Target) -> SplitResult | None:
        """The proxy that stands between here and there, by the environment."""
        proxy = self._proxies.get(target.scheme)
        return proxy if proxy is not None and not proxy_bypass(target.host) else None

    def exchange(self, method: str, target: Target, body: bytes, headers: Mapping[str, str]) -> Reply:
        """One request and its whole answer. Follows no redirects, repeats nothing.

        Raises NotThere, Lost, or ValueError for a header that is none.
        """
        proxy = self.proxy_for(target)
        if proxy is not None:
            self._look(target)
        path = target.path
        if proxy is not None and target.scheme == "http":
            path, headers = f"http://{target.authority}{path}", {**headers, **_authorisation(proxy)}
        written = request(method, path, host=target.authority, body=body, headers=headers)
        place = (target.scheme, target.host, target.port, proxy is not None)
        line = self._take(place) or self._open(target, proxy)
        reply = self._ask(line, written)
        if reply.stays:
            self._keep(place, line)
        else:
            line.close()
        return reply

    def _ask(self, line: socket.socket, written: bytes) -> Reply:
        try:
            line.sendall(written)
            return answer(line, seconds=self._read_seconds, most=MOST_BYTES)
        except (OSError, http.client.HTTPException, ValueError) as error:
            line.close()
            raise Lost(type(error).__name__) from error
        except BaseException:
            line.close()
            raise

    def close(self) -> None:
        """Let go of those that are kept."""
        with self._lock:
            _close_all(self._kept)

    def _take(self, place: Place) -> socket.socket | None:
        while True:
            with self._lock:
                line, since = self._kept[place].pop() if self._kept.get(place) else (None, 0.0)
            if line is None or (time.monotonic() - since <= KEEP_SECONDS and _is_silent(line)):
                return line
            line.close()

    def _keep(self, place: Place, line: socket.socket) -> None:
        with self._lock:
            too_many = len(self._kept) >= PLACES and place not in self._kept
        if too_many:
            self.close()
        with self._lock:
            several = self._kept[place]
            several.append((line, time.monotonic()))
            last = several.popleft()[0] if len(several) > CONNECTIONS else None
        if last is not None:
            last.close()

    def _open(self, target: Target, proxy: SplitResult | None) -> socket.socket:
        connection = None
        try:
            connection = self._made(target, proxy)
            connection.timeout, connection.auto_open = self._connect_seconds, 0
            if proxy is None:  # the one place to say where to
                connection._create_connection = lambda _, seconds, *__: self._dial(target, seconds)  # type: ignore[attr-defined]
            connection.connect()
            line: socket.socket = connection.sock
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line.settimeout(self._read_seconds)
        except BaseException as error:
            if connection is not None:
                connection.close()
            if isinstance(error, (OSError, http.client.HTTPException, ValueError)):
                raise NotThere(type(error).__name__) from error
            raise
        return line

    def _made(self, target: Target, proxy: SplitResult | None) -> http.client.HTTPConnection:
        """Through a proxy, TLS goes through a tunnel; the proxy itself is spoken to in the clear."""
        host, port = (proxy.hostname or "", proxy.port or 8080) if proxy else (target.host, target.port)
        if proxy and proxy.scheme != "http":
            raise OSError("a proxy must be given as http://host:port")
        if target.scheme == "http":
            return http.client.HTTPConnection(host, port)
        connection = http.client.HTTPSConnection(host, port, context=self._context)
        if proxy:
            connection.set_tunnel(target.host, target.port, _authorisation(proxy))
        return connection


def _close_all(kept: Kept) -> None:
    for several in kept.values():
        for line, _ in several:
            line.close()
    kept.clear()


def _is_silent(line: socket.socket) -> bool:
    """An idle connection has nothing to say: what can be read is its end."""
    if os.name == "nt":
        return not select.select([line], [], [], 0)[0]
    poll = select.poll()
    poll.register(line, select.POLLIN)
    return not poll.poll(0)


def _authorisation(proxy: SplitResult | None) -> dict[str, str]:
    if proxy is None or proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
