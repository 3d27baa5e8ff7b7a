"""One request and its whole answer on a connection that stands: as much of HTTP/1.1 as providers speak.

`http.client` takes five times as long for it, most of that for reading headers as those of a mail.
"""

import re
import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http.client import BadStatusLine, IncompleteRead, RemoteDisconnected

AT_ONCE = 64 * 1024
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_NAME, _BAD_VALUE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"), re.compile(r"[\0\r\n]")
_STATUS = re.compile(r"HTTP/(1\.\d) +(\d{3})(?: .*)?")
NO_BODY = frozenset({204, 304})


class Headers(Mapping[str, str]):
    """By name, in upper or lower case; of several with one name, the first."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._held: dict[str, str] = {}
        for name, colon, value in (line.partition(":") for line in lines):
            if colon:
                self._held.setdefault(name.strip().lower(), value.strip())

    def __getitem__(self, name: str) -> str:
        return self._held[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


@dataclass(frozen=True)
class Reply:
    """An answer. `stays`: whether the connection may be used again."""

    status: int
    headers: Headers
    body: bytes
    stays: bool


def request(method: str, path: str, *, host: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """All of a request, to be sent in one piece. Raises ValueError for a header that is none."""
    usual = {"Host": host, "Accept-Encoding": "identity", "Content-Length": str(len(body))}
    given = {name.lower() for name in headers}
    whole = {name: value for name, value in usual.items() if name.lower() not in given} | dict(headers)
    if not all(map(_NAME.fullmatch, (method, *whole))) or any(map(_BAD_VALUE.search, whole.values())):
        raise ValueError("not a header")
    head = "".join(f"{name}: {value}\r\n" for name, value in whole.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body


def answer(line: socket.socket, *, seconds: float, most: int) -> Reply:
    """The answer to what was sent on this connection, within so many seconds.

    Raises OSError, http.client.HTTPException or ValueError when no whole answer of at most so many bytes comes.
    """
    coming = _Coming(line, seconds, most)
    while True:
        version, status, headers = _head(coming)
        if status >= 200:
            break
    connection = headers.get("connection", "").lower()
    stays = "close" not in connection if version != "1.0" else "keep-alive" in connection
    if status in NO_BODY:
        body = b""
    elif headers.get("transfer-encoding", "").lower().endswith("chunked"):
        body = _chunks(coming)
    elif "content-length" in headers:
        body = coming.exactly(_number(headers["content-length"], 10))
    else:
        body, stays = coming.rest(), False
    return Reply(status, headers, body, stays and not coming.left)


def _head(coming: "_Coming") -> tuple[str, int, Headers]:
    first, *lines = coming.head().decode("latin-1").split("\n")
    found = _STATUS.fullmatch(first.rstrip())
    if found is None:
        raise BadStatusLine("not HTTP")
    return found[1], int(found[2]), Headers(lines)


def _chunks(coming: "_Coming") -> bytes:
    body = b""
    while size := _number(coming.line().partition(b";")[0].decode("latin-1"), 16):
        body += coming.exactly(size, after=len(body))
        if coming.line():
            raise ValueError("a chunk is longer than it says")
    while coming.line():
        """What follows the last chunk says nothing to us."""
    return body


def _number(text: str, base: int) -> int:
    """Of digits alone. Raises ValueError."""
    if not text.strip().isalnum():
        raise ValueError("not a length")
    return int(text, base)


class _Coming:
    """What comes on a connection, as far as it was read."""

    def __init__(self, line: socket.socket, seconds: float, most: int) -> None:
        self.left = b""
        self._line, self._until, self._most = line, time.monotonic() + seconds, most

    def head(self) -> bytes:
        """Up to the first empty line."""
        while not (end := _END_OF_HEAD.search(self.left)):
            if not self._more():
                raise IncompleteRead(self.left) if self.left else RemoteDisconnected("nothing came")
        head, self.left = self.left[: end.start()], self.left[end.end() :]
        return head

    def line(self) -> bytes:
        """Up to the end of the line."""
        while b"\n" not in self.left:
            self._need_more()
        line, _, self.left = self.left.partition(b"\n")
        return line.rstrip(b"\r")

    def exactly(self, length: int, *, after: int = 0) -> bytes:
        """So many bytes; `after` so many that have been taken before."""
        self._check(length + after)
        while len(self.left) < length:
            self._need_more()
        taken, self.left = self.left[:length], self.left[length:]
        return taken

    def rest(self) -> bytes:
        """All, until the server hangs up."""
        while self._more():
            pass
        taken, self.left = self.left, b""
        return taken

    def _need_more(self) -> None:
        if not self._more():
            raise IncompleteRead(self.left)

    def _more(self) -> bool:
        """Read on. Whether anything came. A server that drips is cut off."""
        part = self._line.recv(AT_ONCE)
        self.left += part
        self._check(len(self.left))
        return bool(part)

    def _check(self, length: int) -> None:
        if length > self._most or time.monotonic() > self._until:
            raise TimeoutError("the answer does not end")
