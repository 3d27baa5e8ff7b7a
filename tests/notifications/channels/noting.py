"""A sink that notes whole requests, and clients that do not wait long."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

from notifications.channels.http import Http
from tests.notifications.channels.sinks import Sink, _Handler, http_sink

MISBEHAVIOUR = ["hang", "drop", "abort", "half", "drip"]


@dataclass(frozen=True)
class Request:
    """What came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))


class _Noting(_Handler):
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body, line = self.rfile.read(int(self.headers["Content-Length"])), self.rfile
        self.server.requests.append(Request(self.command, self.path, self.headers, body.decode()))
        self.rfile = BytesIO(body)
        super().do_POST()
        self.rfile = line

    def do_GET(self) -> None:
        del self.headers["Content-Length"]
        self.headers["Content-Length"] = "0"
        self.do_POST()


def begin_anew(sink: Sink) -> Sink:
    """As if nothing had come."""
    sink.requests, sink.got = [], []
    return sink


@contextmanager
def noting_sink(context=None) -> Iterator[Sink]:
    with http_sink(context) as sink:
        sink.RequestHandlerClass = _Noting
        begin_anew(sink)
        yield sink


@cache
def hasty() -> Http:
    return Http(connect_seconds=0.5, read_seconds=0.4)
