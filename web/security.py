"""Headers that every answer carries: nothing from other places, no framing, no guessing of types.

The address of a link that acts is a secret: it is not handed on to the next page, kept, or put into a search engine.
"""

from urllib.parse import urlsplit, urlunsplit

from starlette.datastructures import Headers as Received
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
    " media-src 'self' blob:;"
    " connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(self)",
}
LINKS = ("/l/", "/outbox/", "/login/key/", "/s/")
NOT_KEPT = {"Cache-Control": "no-store"}
"""For files of somebody: no browser and nothing on the way keeps them."""
OF_LINKS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


def protect(headers: MutableHeaders, *, path: str) -> None:
    """Add them to those of an answer, which keeps what it says itself."""
    if path.startswith(LINKS):
        headers.update(OF_LINKS)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)


def _stay(headers: MutableHeaders, host: str) -> None:
    """A redirect to the host that was asked names no host: it may be made up, and https may have become http."""
    to = urlsplit(headers.get("location", ""))
    if host and to.netloc == host:
        headers["location"] = urlunsplit(("", "", f"/{to.path.lstrip('/')}", to.query, to.fragment))


class Headers:
    """Adds them to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                protect(headers, path=str(scope.get("path", "")))
                _stay(headers, Received(scope=scope).get("host", ""))
            await send(message)

        await self._app(scope, receive, guarded)
