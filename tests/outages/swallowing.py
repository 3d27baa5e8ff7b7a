"""A wire to PostgreSQL that can begin to swallow: connections stay open, and nothing passes any more."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url


class Wire:
    """Listens on loopback and hands on to the server's socket, until it swallows."""

    def __init__(self, server: Path) -> None:
        self._server, self._ways = server, selectors.DefaultSelector()
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ways.register(self._door, selectors.EVENT_READ)
        self.swallows = self.over = False

    def url(self, url: str) -> str:
        """The same database, reached over this wire."""
        over = make_url(url).set(host="127.0.0.1", port=self._door.getsockname()[1], query={})
        return over.render_as_string(hide_password=False)

    def run(self) -> None:
        while not self.over:
            for way, _events in self._ways.select(timeout=0.02):
                if way.fileobj is self._door:
                    self._join()
                elif not self.swallows:
                    self._pass(way.fileobj, way.data)  # type: ignore[arg-type]
                else:
                    self._ways.select(timeout=0.02)
        for way in list(self._ways.get_map().values()):
            way.fileobj.close()  # type: ignore[union-attr]
        self._ways.close()

    def _join(self) -> None:
        one, _address = self._door.accept()
        other = socket.socket(socket.AF_UNIX)
        other.connect(str(self._server))
        self._ways.register(one, selectors.EVENT_READ, other)
        self._ways.register(other, selectors.EVENT_READ, one)

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        if data := one.recv(65_536):
            other.sendall(data)
            return
        for end in (one, other):
            self._ways.unregister(end)
            end.close()


@contextmanager
def wire_to(sockets: Path, *, port: int = 5432) -> Iterator[Wire]:
    wire = Wire(sockets / f".s.PGSQL.{port}")
    thread = threading.Thread(target=wire.run, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        wire.over = True
        thread.join(10)
