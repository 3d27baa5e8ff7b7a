"""What the log-in asks of a provider: an address to send people to, and afterwards who they are."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol

import httpx

from models.errors import Refused
from services.accounts.identities import Shown

SECONDS = 10.0
LARGEST = 256 * 1024
"""Bytes of an answer."""


class NotShown(Refused):
    """The provider has not said who somebody is. `why` is its own code."""

    code = "not_shown"
    template = "{provider} has not said who you are ({why}). Please try again, or log in another way."


@dataclass(frozen=True)
class Journey:
    """One way to a provider and back. All but `back` are secrets of this one browser and this one time."""

    back: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @property
    def challenge(self) -> str:
        """The verifier as it may be shown. Source: RFC 7636, S256."""
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


class Adapter(Protocol):
    """How one kind of provider speaks."""

    def address(self, journey: Journey, *, inside: bool) -> str:
        """Where the browser goes. `inside`: it is the provider's own app. Raises NotShown."""
        ...

    def shown(self, journey: Journey, query: Mapping[str, str]) -> Shown:
        """Who somebody is who came back with this query. Raises NotShown."""
        ...


def ask(provider: str, method: str, url: str, **given: Any) -> Any:
    """One request; the JSON of the answer, whatever its status. Raises NotShown where there is none.

    No redirect is followed: what is sent there holds secrets.
    """
    try:
        with (
            httpx.Client(timeout=SECONDS, follow_redirects=False) as client,
            client.stream(method, url, **given) as answer,
        ):
            body = b""
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > LARGEST:
                    raise NotShown(provider=provider, why="answer too large")
            return httpx.Response(answer.status_code, content=body).json()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotShown(provider=provider, why=type(error).__name__) from None
    except ValueError:
        raise NotShown(provider=provider, why="no JSON") from None


def text_of(document: Any, name: str) -> str:
    """A field of an answer as text; empty where it is not there."""
    value = document.get(name) if isinstance(document, dict) else None
    return value if isinstance(value, str) else ""


def why(document: Any, *names: str) -> str:
    """The provider's own code of a failure, short and printable."""
    values = [str(document[name]) for name in names if isinstance(document, dict) and document.get(name)]
    return "".join(sign for sign in (values[0] if values else "?")[:60] if sign.isprintable())
