"""Any Apprise URL as a channel, with our own pacing and our own reading of the outcome.

Apprise says only yes or no, and several of its plugins take HTTP 200 with an error in the body for a yes. All of them
that speak HTTP go through `requests`; so we look on at `requests.Session.send` while a plugin works, lend it kept
connections, and judge by what really went over the line. Plugins that speak something else are believed when they say
yes, and count as unknown when they say no: nobody can tell whether the text had left.
"""

import logging
import warnings
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

import apprise
import requests
import urllib3
from apprise.common import OverflowMode
from requests.adapters import HTTPAdapter

from models.message import Outcome
from notifications.channels.base import Fault, Letter, Sent
from notifications.channels.borrowed import judge_error, keep_connections
from notifications.channels.http import CONNECT_SECONDS, READ_SECONDS, Answer, Http, judge_body, judge_status
from notifications.channels.kept import CONNECTIONS
from notifications.channels.own import register_own
from notifications.channels.plugin import Plugin

CHATTY = ("apprise", "urllib3.connectionpool")  # their debug lines hold whole URLs


@dataclass(frozen=True)
class Exchange:
    """One request that a plugin made: the answer, or what went wrong instead."""

    response: requests.Response | None = None
    error: requests.RequestException | None = None


_seen: ContextVar[list[Exchange] | None] = ContextVar("exchanges", default=None)


class AppriseUrl:
    """Sends to whatever the URL names. One plugin object per letter: they are cheap, and not made for threads."""

    def __init__(self, *, connect_seconds: float = CONNECT_SECONDS, read_seconds: float = READ_SECONDS) -> None:
        _look_on()
        self._timeouts = (connect_seconds, read_seconds)
        self._http = Http(connect_seconds=connect_seconds, read_seconds=read_seconds)

    def send(self, address: str, *, letter: Letter) -> Sent:
        """Have the plugin send, then judge by what it did on the line. Plugins of ours say themselves how it ended."""
        plugin = self._plugin(address)
        if plugin is None:
            return Sent(Outcome.PERMANENT, "address", "not a URL that Apprise knows", fault=Fault.ADDRESS)
        if isinstance(plugin, Plugin):
            plugin.http = self._http
            return plugin.deliver(letter)
        token = _seen.set([])
        try:
            said_yes = bool(plugin.notify(title=letter.title, body=letter.text))
            exchanges = _seen.get() or []
        except (TypeError, ValueError) as error:
            return Sent(Outcome.PERMANENT, code="text", detail=type(error).__name__)
        finally:
            _seen.reset(token)
        return judge(exchanges, said_yes=said_yes, address=address)

    def close(self) -> None:
        """Let go of kept connections."""
        _lent().let_go()
        self._http.close()

    def _plugin(self, address: str) -> Any:
        token = _seen.set([])  # silence: Apprise logs an address that it cannot read
        try:
            plugin = apprise.Apprise.instantiate(address, suppress_exceptions=True)
        finally:
            _seen.reset(token)
        if plugin is not None:
            plugin.request_rate_per_sec = 0  # it would sleep; pacing is ours
            plugin.socket_connect_timeout, plugin.socket_read_timeout = self._timeouts
            plugin.overflow_mode = OverflowMode.TRUNCATE  # one letter is one message, or a retry would double a part
        return plugin


def judge(exchanges: list[Exchange], *, said_yes: bool, address: str) -> Sent:
    """The first request that went wrong decides; with none, the plugin's own word."""
    for exchange in exchanges:
        sent = _judge_one(exchange, address)
        if sent.outcome != Outcome.SENT:
            return sent
    if said_yes:
        last = exchanges[-1].response if exchanges else None
        return Sent(Outcome.SENT, code=str(last.status_code) if last is not None else "")
    if exchanges:
        return Sent(Outcome.REFUSED, code="plugin", detail="the plugin was not content with the answer")
    return Sent(Outcome.UNKNOWN, code="plugin", detail="the plugin gave no reason")


def _judge_one(exchange: Exchange, address: str) -> Sent:
    if exchange.error is not None:
        return _judge_error(exchange.error)
    response = exchange.response
    assert response is not None
    answer = Answer(response.status_code, response.headers, response.content)
    return judge_status(answer) or judge_body(answer, address=address)


def _judge_error(error: requests.RequestException) -> Sent:
    """By the error beneath, which `requests` wraps."""
    beneath = error.args[0] if error.args else None
    if isinstance(beneath, urllib3.exceptions.HTTPError):
        return judge_error(beneath)
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return Sent(Outcome.PERMANENT, code="address", detail=type(error).__name__)
    return Sent(Outcome.UNKNOWN, code="lost", detail=type(error).__name__)


class _Lent(HTTPAdapter):
    """One for all plugins. The short-lived sessions that they make close their adapters: this one stays."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        keep_connections(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        return keep_connections(super().proxy_manager_for(proxy, **options))

    def close(self) -> None:
        """Nothing: see `let_go`."""

    def let_go(self) -> None:
        """Close what is kept."""
        super().close()


@cache
def _lent() -> _Lent:
    return _Lent(pool_maxsize=CONNECTIONS)


def _lend(session: requests.Session) -> None:
    """Give a session our connections, unless the plugin brought an adapter of its own."""
    for prefix, adapter in session.adapters.items():
        if type(adapter) is HTTPAdapter:
            session.adapters[prefix] = _lent()


@cache
def _look_on() -> None:
    """Once per process: note what passes through `requests` while one of our sends is under way; else pass it on.

    Plugins call module functions such as `requests.post`, so there is no object of theirs to hand a session to; this is
    the one place through which all of them go, redirects and the reading of the body included.
    """
    with warnings.catch_warnings():  # loading all plugins imports modules that Python will drop
        warnings.simplefilter("ignore", DeprecationWarning)
        apprise.Apprise.instantiate("json://localhost")
        register_own()
    passed_on = requests.Session.send

    def send(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        seen = _seen.get()
        if seen is None:
            return passed_on(self, request, **options)
        _lend(self)
        try:
            response = passed_on(self, request, **options)
        except requests.RequestException as error:
            seen.append(Exchange(error=error))
            raise
        seen.append(Exchange(response=response))
        return response

    requests.Session.send = send  # type: ignore[method-assign]
    for name in CHATTY:
        logging.getLogger(name).addFilter(_not_ours)


def _not_ours(_: logging.LogRecord) -> bool:
    return _seen.get() is None
