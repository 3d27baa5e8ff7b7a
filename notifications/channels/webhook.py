"""Signed webhooks: a message as a JSON document, for programs.

dubanhooks://host/path?secret=… is sent to https://host/path; dubanhook:// to http, and only inside what the
installation allows (DUBAN_WEBHOOK_NETWORKS). The receiver checks `X-Duban-Signature: t=SECONDS,v1=HEX`, HEX being the
HMAC-SHA256 of "SECONDS.BODY" under the secret, or the headers of signing.py, which subscribers of events get too, and
drops an `Idempotency-Key` that it has seen. Any 2xx is a yes.
docs/howto/webhooks.md says it for receivers.
"""

import hmac
import json
from collections.abc import Sequence
from functools import cache, cached_property
from hashlib import sha256
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from models.message import Outcome
from notifications.channels.base import Fault, Letter, Sent
from notifications.channels.guard import GuardedHttp
from notifications.channels.http import Answer, judge_status
from notifications.channels.plugin import Plugin
from notifications.channels.signing import signed_headers

SECRET = "secret"
GONE = 410


class Webhook(Plugin):
    """One letter is one POST."""

    service_name = "Duban webhook"
    secure_protocol = ("dubanhooks", "dubanhook")
    templates = ("{schema}://{host}",)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if not (self.to.host and self.to.arguments.get(SECRET)):
            raise TypeError("expected dubanhooks://host/path?secret=…")
        self.http = strict_http()

    def deliver(self, letter: Letter) -> Sent:
        """One POST."""
        body = json.dumps(document_of(letter), ensure_ascii=False).encode()
        secret, at = self.to.arguments[SECRET], int(letter.at.timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Duban",
            "Idempotency-Key": letter.key.encode("ascii", "backslashreplace").decode(),
            "X-Duban-Signature": signature(body, secret=secret, at=at),
            **signed_headers(body, key=letter.key, secrets_=[secret], at=at),
        }
        return self.post(self._place(), body=body, headers=headers)

    def judge(self, answer: Answer) -> Sent:
        """By the status alone: what a receiver says is its own matter."""
        if answer.status == GONE:
            return Sent(Outcome.PERMANENT, str(GONE), "接收方已停用 / the receiver is gone", fault=Fault.ADDRESS)
        return judge_status(answer) or Sent(Outcome.SENT, str(answer.status))

    def _place(self) -> str:
        """The address without the secret."""
        parts = urlsplit(self.whole)
        query = "&".join(one for one in parts.query.split("&") if unquote_plus(one.partition("=")[0]) != SECRET)
        scheme = "https" if self.to.scheme == "dubanhooks" else "http"
        return parts._replace(scheme=scheme, query=query, fragment="", netloc=parts.netloc.rpartition("@")[2]).geturl()


class Webhooks:
    """The channel for addresses of this kind. `networks`: addresses of the inside that are allowed, as 10.0.0.0/8."""

    def __init__(self, *, networks: Sequence[str] = ()) -> None:
        self._networks = tuple(networks)

    def send(self, address: str, *, letter: Letter) -> Sent:
        """To a URL."""
        try:
            webhook = Webhook(**(Webhook.parse_url(address) or {}))
        except TypeError:
            return Sent(Outcome.PERMANENT, "address", "地址不完整 / the address is not complete", fault=Fault.ADDRESS)
        webhook.http = self._http
        return webhook.deliver(letter)

    def close(self) -> None:
        """Let go of kept connections."""
        if "_http" in self.__dict__:
            self._http.close()

    @cached_property
    def _http(self) -> GuardedHttp:
        """Made when it is wanted: to read the certificates of this machine takes 20 ms."""
        return GuardedHttp(allowed=self._networks)


def document_of(letter: Letter) -> dict[str, Any]:
    """What a receiver gets."""
    return {
        "version": 1,
        "key": letter.key,
        "kind": letter.kind,
        "title": letter.title,
        "body": letter.body,
        "links": [{"label": link.label, "url": link.url} for link in letter.links],
        "at": letter.at.isoformat(),
    }


def signature(body: bytes, *, secret: str, at: int) -> str:
    """The header X-Duban-Signature. `at` is in seconds since 1970."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
    return f"t={at},v1={signed}"


@cache
def strict_http() -> GuardedHttp:
    """For webhooks that Apprise itself sends: nothing of the inside is allowed."""
    return GuardedHttp()
