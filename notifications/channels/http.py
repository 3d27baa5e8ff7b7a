"""HTTP on kept connections (kept.py), for every channel that speaks it; and what an answer, or none, says about the
letter. Thread-safe.
"""

import json
import re
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from models.message import Outcome
from notifications.channels.base import Sent, scrub
from notifications.channels.kept import Connections, Lost, NotThere, Target

CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
LONGEST_WAIT = timedelta(days=1)
# Fields in which providers put an error code into a body of HTTP 200: WeCom and DingTalk, Feishu, old Feishu.
ERROR_FIELDS = ("errcode", "code", "StatusCode")
FINE = frozenset({0, 200, 1000})  # 1000 is WxPusher's success
AMBIGUOUS = frozenset({502, 504})  # said by a proxy: what stands behind it may have taken the text
TEMPORARY = frozenset({408, 425, 429})
_encode = json.JSONEncoder(ensure_ascii=False).encode


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


class Http:
    """A client for channels. Follows no redirects, repeats nothing, reads a limited body within a limited time."""

    def __init__(
        self,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._connections = Connections(
            connect_seconds=connect_seconds,
            read_seconds=read_seconds,
            context=context or ssl.create_default_context(),
            dial=self.dial,
            look=self.through_proxy,
        )

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
        """One request. Raises NoAnswer when no whole answer came back; what it says holds no part of the URL."""
        given = dict(headers or {})
        if document is not None:
            body = _encode(document).encode()
            given.setdefault("Content-Type", "application/json; charset=utf-8")
        try:
            reply = self._connections.exchange(method, Target.of(url), body, given)
        except NotThere as error:
            raise NoAnswer(Sent(Outcome.REFUSED, code="connect", detail=str(error))) from None
        except Lost as error:
            raise NoAnswer(Sent(Outcome.UNKNOWN, code="lost", detail=str(error))) from None
        except ValueError:
            raise NoAnswer(Sent(Outcome.PERMANENT, code="address", detail="not an HTTP address or header")) from None
        return Answer(reply.status, reply.headers, reply.body)

    def dial(self, target: Target, seconds: float) -> socket.socket:
        """Connect. Raises OSError."""
        return socket.create_connection((target.host, target.port), timeout=seconds)

    def through_proxy(self, target: Target) -> None:
        """Whether a proxy may be asked to connect: raises what shall stop it."""

    def close(self) -> None:
        """Let go of kept connections."""
        self._connections.close()


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


def _number(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else None


def _retry_after(answer: Answer) -> timedelta | None:
    """In seconds, or until a date, which counts from the answer's own: their clock need not be ours. At most a day."""
    said = answer.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", said):
        return min(timedelta(seconds=int(said)), LONGEST_WAIT)
    until, sent = _date(said), _date(answer.headers.get("Date", ""))
    return min(max(until - sent, timedelta()), LONGEST_WAIT) if until and sent else None


def _date(text: str) -> datetime | None:
    """A date of HTTP; nothing for what is none."""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
