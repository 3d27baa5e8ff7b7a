"""HTTP on kept connections, for every channel that speaks it; and what an answer, or none, says about the letter.

Thread-safe. A connection that a server closed while nobody used it is noticed before anything is sent. One that breaks
after the first byte leaves the outcome unknown, so connections are not kept for longer than most servers keep them.
"""

import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3 import exceptions
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from models.message import Outcome
from notifications.channels.base import Sent, scrub

CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
KEEP_SECONDS = 2.0
"""Real seconds for which an unused connection is kept. The shortest common limit of servers is two (gunicorn)."""
CONNECTIONS = 64
"""How many are kept to one host."""
HOSTS = 100
"""To how many hosts."""
MOST_BYTES = 64 * 1024
"""No provider's answer is longer; more is not read."""
# Fields in which providers put an error code into a body of HTTP 200: WeCom and DingTalk, Feishu, old Feishu.
ERROR_FIELDS = ("errcode", "code", "StatusCode")
FINE = frozenset({0, 200, 1000})  # 1000 is WxPusher's success
AMBIGUOUS = frozenset({502, 504})  # said by a proxy: what stands behind it may have taken the text
TEMPORARY = frozenset({408, 425, 429})
NEVER_LEFT = (
    exceptions.NewConnectionError,
    exceptions.ConnectTimeoutError,
    exceptions.NameResolutionError,
    exceptions.ProxyError,
)


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def document(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class NoAnswer(Exception):
    """No whole answer came. `sent` says what that means for a letter that was in the request."""

    def __init__(self, sent: Sent) -> None:
        super().__init__(sent.detail)
        self.sent = sent


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


class Http:
    """A client for channels. Follows no redirects, repeats nothing, reads a limited body within a limited time."""

    def __init__(
        self,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._timeout = urllib3.Timeout(connect=connect_seconds, read=read_seconds)
        self._read_seconds = read_seconds
        self._options = {
            "num_pools": HOSTS,
            "maxsize": CONNECTIONS,
            "ssl_context": context or ssl.create_default_context(),
        }
        self._direct = keep_connections(urllib3.PoolManager(**self._options))  # type: ignore[arg-type]
        self._proxies = {
            scheme: keep_connections(urllib3.ProxyManager(proxy, **self._options))  # type: ignore[arg-type]
            for scheme, proxy in getproxies().items()
            if scheme in ("http", "https")
        }

    def post(
        self,
        url: str,
        *,
        address: str,
        document: Any = None,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        judge: Callable[[Answer], Sent] | None = None,
    ) -> Sent:
        """Send a letter, as a JSON document or as a body, and judge the answer.

        `judge` reads an answer whose status is fine, as the provider documents it; without it, the usual error fields
        are looked at. `address` is only for hiding its parts in what is said.
        """
        try:
            answer = self.ask("POST", url, document=document, body=body, headers=headers)
        except NoAnswer as error:
            return error.sent
        return judge_status(answer) or (judge(answer) if judge else judge_body(answer, address=address))

    def ask(
        self,
        method: str,
        url: str,
        *,
        document: Any = None,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request. Raises NoAnswer when no whole answer came back."""
        given = dict(headers or {})
        if document is not None:
            body = json.dumps(document, ensure_ascii=False).encode()
            given.setdefault("Content-Type", "application/json; charset=utf-8")
        if not url.startswith(("http://", "https://")):
            raise NoAnswer(Sent(Outcome.PERMANENT, code="address", detail="not an HTTP address"))
        try:
            return self._exchange(method, url, body, given)
        except exceptions.HTTPError as error:
            raise NoAnswer(judge_error(error)) from None

    def close(self) -> None:
        """Let go of kept connections."""
        for manager in (self._direct, *self._proxies.values()):
            manager.clear()

    def _exchange(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        response = self._manager(url).urlopen(
            method,
            url,
            body=body,
            headers=headers,
            timeout=self._timeout,
            retries=False,
            redirect=False,
            preload_content=False,
        )
        try:
            answer = Answer(response.status, response.headers, self._read(response))
        except BaseException:
            response.close()
            raise
        response.release_conn()
        return answer

    def _read(self, response: urllib3.BaseHTTPResponse) -> bytes:
        """The body; a server that drips it is cut off. Its time begins with its headers."""
        until, read = time.monotonic() + self._read_seconds, b""
        while part := response.read1(MOST_BYTES):
            read += part
            if len(read) > MOST_BYTES or time.monotonic() > until:
                raise exceptions.ReadTimeoutError(None, None, "the answer does not end")  # type: ignore[arg-type]
        return read

    def _manager(self, url: str) -> urllib3.PoolManager:
        parts = urlsplit(url)
        proxy = self._proxies.get(parts.scheme)
        return self._direct if proxy is None or proxy_bypass(parts.hostname or "") else proxy


def judge_status(answer: Answer) -> Sent | None:
    """What a status that is not fine means; nothing for 2xx."""
    status = answer.status
    if status in AMBIGUOUS:
        return Sent(Outcome.UNKNOWN, str(status), f"HTTP {status}")
    if status in TEMPORARY or status >= 500:
        return Sent(Outcome.REFUSED, str(status), f"HTTP {status}", retry_after=_retry_after(answer))
    if status >= 300:
        return Sent(Outcome.PERMANENT, str(status), f"HTTP {status}")
    return None


def judge_body(answer: Answer, *, address: str) -> Sent:
    """An error code in a body of HTTP 200 is a refusal (promise 3)."""
    document = answer.document
    for name in ERROR_FIELDS if isinstance(document, dict) else ():
        number = _number(document.get(name))
        if number is not None and number not in FINE:
            said = str(document.get("errmsg") or document.get("msg") or document.get("StatusMessage") or "")
            return Sent(Outcome.REFUSED, str(number), scrub(f"{name} {number} {said}", address=address))
    return Sent(Outcome.SENT, str(answer.status))


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


def _number(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if text.lstrip("-").isdigit() else None


def _retry_after(answer: Answer) -> timedelta | None:
    seconds = answer.headers.get("Retry-After", "").strip()
    return timedelta(seconds=min(int(seconds), 86_400)) if seconds.isdigit() else None
