"""Our own Apprise plugins: what they share.

A plugin is made of one URL, for one letter: cheap, and used by one thread. `AppriseUrl` calls `deliver`, which says
truly what became of the letter; Apprise calls `send`, which does the same and says yes or no. Neither sleeps, splits or
retries.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import uuid4

from apprise.plugins import N_MGR
from apprise.plugins.base import NotifyBase

from models.message import Outcome
from notifications.channels.base import Letter, Sent
from notifications.channels.codes import Codes
from notifications.channels.http import Answer, Http, NoAnswer, judge_status

_MANAGER: Any = N_MGR
_NotifyBase: Any = NotifyBase  # its types forbid what its documentation asks of plugins
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Address:
    """A contact's URL taken apart; upper and lower case as given, percent signs resolved."""

    scheme: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    host: str = field(repr=False)
    port: int | None
    path: tuple[str, ...] = field(repr=False)
    arguments: Mapping[str, str] = field(repr=False)
    """The last of each name."""

    def list_of(self, name: str) -> tuple[str, ...]:
        """An argument that holds several values, divided by commas."""
        return tuple(one.strip() for one in self.arguments.get(name, "").split(",") if one.strip())


def read_address(url: str) -> Address:
    """Raises ValueError for what is no URL."""
    parts = urlsplit(url)
    user_info, _, host = parts.netloc.rpartition("@")
    user, _, password = user_info.partition(":")
    name, colon, digits = host.rpartition(":")
    has_port = bool(colon) and digits.isdigit()
    return Address(
        scheme=parts.scheme.lower(),
        user=unquote(user),
        password=unquote(password),
        host=unquote(name if has_port else host),
        port=int(digits) if has_port else None,
        path=tuple(unquote(one) for one in parts.path.split("/") if one),
        arguments=dict(parse_qsl(parts.query, keep_blank_values=True)),
    )


class Plugin(_NotifyBase):  # type: ignore[misc]
    """The base of our plugins. Subclasses name their schemes and codes, check `self.to`, and implement `deliver`.

    `__init__` raises TypeError, as Apprise wants it, for a URL that cannot be used. The argument `endpoint=` replaces
    the provider's host, for private installations: https, or http to this machine; no path.
    """

    service_name = "Duban"
    templates: ClassVar[tuple[str, ...]] = ("{schema}://{host}",)
    home: ClassVar[str] = ""
    """Where the provider is, such as https://qyapi.weixin.qq.com."""
    codes: ClassVar[Codes] = Codes()
    request_rate_per_sec = 0  # pacing is ours
    body_maxlen = 1_000_000  # shortened by us, counted as the provider does
    title_maxlen = 1000
    http: Http

    def __init__(self, *, whole: str, **given: Any) -> None:
        super().__init__(**given)
        self.whole, self.to, self.http = whole, read_address(whole), shared_http()
        self.endpoint = _origin(self.to.arguments.get("endpoint") or self.home) if self.home else ""

    @classmethod
    def parse_url(cls, url: str, **_: Any) -> dict[str, Any] | None:
        """What Apprise hands to `__init__`; None for what is no URL."""
        try:
            return {"schema": read_address(url).scheme, "whole": url}
        except ValueError:
            return None

    def url(self, privacy: bool = False, *_: Any, **__: Any) -> str:
        """The URL; with privacy, without anything that could be a token."""
        return f"{self.to.scheme}://***/" if privacy else self.whole

    @property
    def url_identifier(self) -> tuple[str, ...]:
        """What Apprise tells URLs apart by; it stores no more than a digest of it."""
        return (self.to.scheme, self.whole)

    @property
    def hidden(self) -> str:
        """What must not be said, as `scrub` wants it."""
        return " ".join([self.whole, self.to.user, self.to.password, self.to.host])

    def send(self, body: str, title: str = "", **_: Any) -> bool:
        """What Apprise calls."""
        at = datetime.fromtimestamp(time.time(), UTC)  # Apprise names no time; letters of ours carry theirs
        letter = Letter(title=title, body=body, key=uuid4().hex, at=at)
        return self.deliver(letter).outcome == Outcome.SENT

    def deliver(self, letter: Letter) -> Sent:
        """Take the letter to the provider and wait for the answer; never raises for what a provider does."""
        raise NotImplementedError

    def post(
        self, url: str, document: Any = None, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Sent:
        """Send a JSON document, or a body, and judge the answer."""
        try:
            answer = self.http.ask("POST", url, document=document, body=body, headers=headers)
        except NoAnswer as error:
            return error.sent
        return self.judge(answer)

    def judge(self, answer: Answer) -> Sent:
        """A code that the table knows decides; else the status; else it is a refusal for an unknown code.

        HTTP 200 with something that is no answer of the provider's (a proxy's page) is doubt.
        """
        code, said = self.read(answer.document)
        by_status = judge_status(answer)
        if code in self.codes:
            sent = self.codes.judge(code)
            if by_status is None or sent.outcome != Outcome.SENT:
                return _waiting_as_long(sent, by_status)
        if by_status:
            return by_status
        if not code:
            return Sent(Outcome.UNKNOWN, code="answer", detail="the answer is not the provider's")
        return self.codes.judge(code, said=said, address=self.hidden)

    def read(self, document: Any) -> tuple[str, str]:
        """The code and the words in an answer; an empty code when there is none."""
        if not isinstance(document, dict):
            return "", ""
        return word(document.get("errcode")), word(document.get("errmsg"))


def register(*plugins: type[Plugin]) -> None:
    """Make Apprise use these for their schemes, in place of what it had."""
    for plugin in plugins:
        _MANAGER.add(plugin, force=True)


def word(value: object) -> str:
    """A value of an answer as text; nothing for none."""
    return "" if value is None else str(value)


def schemes(plugin: type[Plugin]) -> tuple[str, ...]:
    """The schemes that a plugin serves."""
    named = plugin.secure_protocol
    return (named,) if isinstance(named, str) else tuple(named)


def encoded(document: Any) -> str:
    """A JSON document as it is sent, for counting."""
    return json.dumps(document, ensure_ascii=False)


@cache
def shared_http() -> Http:
    """For plugins that Apprise itself uses."""
    return Http()


def _origin(url: str) -> str:
    """Scheme, host and port. Raises TypeError for what is not safe to send a token to."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise TypeError("endpoint= with https://")
    if not parts.hostname or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
        raise TypeError("endpoint= with a scheme, a host and perhaps a port, no more")
    return f"{parts.scheme}://{parts.netloc}"


def _waiting_as_long(sent: Sent, by_status: Sent | None) -> Sent:
    """With the longer wait of the two, where the letter may be sent again."""
    waits = [one.retry_after for one in (sent, by_status) if one and one.retry_after]
    return replace(sent, retry_after=max(waits)) if waits and sent.outcome == Outcome.REFUSED else sent
