"""A page's language: `?lang=` (kept in a cookie), else the cookie, else the browser's, else the installation's."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.i18n import LANGUAGES, using
from runtime.settings import Lang

COOKIE = "lang"
A_YEAR = 365 * 24 * 3600


class Languages:
    """Sets the language for the length of a request."""

    def __init__(self, app: ASGIApp, *, default: Lang) -> None:
        self._app, self._default = app, default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = known(parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[-1])
        headers = Headers(scope=scope)
        chosen = asked or _remembered(headers) or accepted(headers.get("accept-language", "")) or self._default

        async def remembering(message: Message) -> None:
            if asked and message["type"] == "http.response.start":
                cookie = f"{COOKIE}={asked}; Max-Age={A_YEAR}; Path=/; SameSite=Lax; HttpOnly"
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        with using(chosen):
            await self._app(scope, receive, remembering)


def known(wanted: str) -> Lang | None:
    """The language of ours that a tag such as `zh`, `zh-Hans-CN` or `en-GB` means."""
    first = wanted.strip().lower().split("-")[0]
    return next((lang for lang in LANGUAGES if lang.split("-")[0] == first), None)


def accepted(header: str) -> Lang | None:
    """The best of an Accept-Language header that we have."""
    wishes = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, weight = part.partition(";q=")
        wishes.append((-_number(weight), place, tag))
    return next((lang for weight, _, tag in sorted(wishes) if weight and (lang := known(tag))), None)


def _number(weight: str) -> float:
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0


def _remembered(headers: Headers) -> Lang | None:
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return known(cookie.value) if cookie else None
