"""A web server on loopback that stands for the outside: a chat robot, a monitor that waits for heartbeats."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Sink(ThreadingHTTPServer):
    """Keeps what it got: the body of each POST, the path of each GET. Answers with `status`."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[str] = []
        self.status = 200
        self.heard = threading.Condition()

    @property
    def where(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def take(self, what: str) -> None:
        with self.heard:
            self.got.append(what)
            self.heard.notify_all()

    def wait_for(self, count: int, *, seconds: float = 30.0) -> bool:
        """Whether so many came in time."""
        with self.heard:
            return self.heard.wait_for(lambda: len(self.got) >= count, seconds)


class _Handler(BaseHTTPRequestHandler):
    server: Sink

    def do_GET(self) -> None:
        self._answer(self.path)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, what: str) -> None:
        self.server.take(what)
        self.send_response(self.server.status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def a_sink() -> Iterator[Sink]:
    sink = Sink()
    thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        sink.shutdown()
        sink.server_close()
        thread.join(5)
