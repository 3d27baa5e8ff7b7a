"""A mail server (aiosmtpd) and an HTTP server (uvicorn) on loopback, in their own process, that take everything.

They answer after a given delay. `python -m bench.sinks 0.05` prints the two ports and serves until its input ends.
A GET tells when each path was first posted to, by the machine's clock.
"""

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from aiosmtpd.smtp import SMTP

BACKLOG = 512


@dataclass(frozen=True)
class Ports:
    """Where they listen on 127.0.0.1."""

    mail: int
    http: int


@contextmanager
def sinks(*, delay: float = 0.0) -> Iterator[Ports]:
    """Both servers; they answer after so many seconds."""
    command = [sys.executable, "-m", "bench.sinks", str(delay)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        mail, http = process.stdout.readline().split()
        try:
            yield Ports(int(mail), int(http))
        finally:
            process.stdin.close()
            process.wait()


@dataclass(frozen=True)
class Mail:
    """Takes every letter; waits before it says so."""

    delay: float

    async def handle_DATA(self, *_: Any) -> str:
        """A letter is here."""
        if self.delay:
            await asyncio.sleep(self.delay)
        return "250 taken"


Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Web:
    """Takes every document, and keeps when each path was first posted to."""

    delay: float
    seen: dict[str, float] = field(default_factory=dict)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """One request."""
        while (await receive()).get("more_body"):
            pass
        body = b'{"errcode": 0}'
        if scope["method"] == "GET":
            body = json.dumps(self.seen).encode()
        else:
            self.seen.setdefault(scope["path"], time.monotonic())
            await asyncio.sleep(self.delay)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _place() -> socket.socket:
    """A listening socket that says it is TCP: asyncio then sends every part of an answer at once."""
    place = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    place.bind(("127.0.0.1", 0))
    place.listen(BACKLOG)
    return place


async def _serve(delay: float) -> None:
    loop = asyncio.get_running_loop()
    places = [_place() for _ in ("mail", "http")]
    mail = await loop.create_server(lambda: SMTP(Mail(delay), enable_SMTPUTF8=True), sock=places[0])
    web = uvicorn.Server(uvicorn.Config(Web(delay), log_level="error", access_log=False, lifespan="off"))
    serving = asyncio.create_task(web.serve(sockets=[places[1]]))
    print(*(place.getsockname()[1] for place in places), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    web.should_exit = True
    mail.close()
    await serving


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
