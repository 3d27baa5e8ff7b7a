"""A mail server and an HTTP server on loopback, in a process of their own, that take everything after a given delay.

They do as little as such servers can, so that the comparison is about the sender. `python -m bench.sinks 0.05` prints
the two ports and serves until its input ends. A GET tells when each path was first posted to, by the machine's clock.
"""

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial


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


class _Lines(asyncio.Protocol):
    """What both have in common."""

    transport: asyncio.Transport

    def __init__(self, delay: float) -> None:
        self.delay, self.buffer = delay, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self.take():
            pass

    def take(self) -> bool:
        """Take one thing from the buffer and answer it. Whether there was a whole one."""
        raise NotImplementedError

    def answer(self, words: bytes) -> None:
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, self.transport.write, words)
        else:
            self.transport.write(words)

    def cut(self, mark: bytes) -> bytes | None:
        head, found, rest = self.buffer.partition(mark)
        if not found:
            return None
        self.buffer = rest
        return head


class Mail(_Lines):
    """Takes every letter; waits before it says so."""

    in_body = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.write(b"220 sink\r\n")

    def take(self) -> bool:
        line = self.cut(b"\r\n.\r\n" if self.in_body else b"\r\n")
        if line is None:
            return False
        if self.in_body:
            self.in_body = False
            self.answer(b"250 taken\r\n")
            return True
        verb = line[:4].upper()
        self.in_body = verb == b"DATA"
        self.transport.write({b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 fine\r\n"))
        return True


class Web(_Lines):
    """Takes every document, and keeps when each path was first posted to."""

    seen: dict[str, float] = {}  # noqa: RUF012 - one for all connections

    def take(self) -> bool:
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        length = _length(head)
        if not found or len(rest) < length:
            return False
        self.buffer = rest[length:]
        method, path, _ = head.split(b" ", 2)
        if method == b"GET":
            self.transport.write(_answered(json.dumps(self.seen).encode()))
        else:
            self.seen.setdefault(path.decode(), time.monotonic())
            self.answer(_answered(b'{"errcode": 0}'))
        return True


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _answered(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


async def _serve(delay: float) -> None:
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(partial(kind, delay), "127.0.0.1", 0) for kind in (Mail, Web)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
