"""How a reader wants pages to look: theme and type size. `?theme=` and `?large=` are kept in cookies, like `?lang=`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Self
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.i18n import gettext as _

CHOICES: Mapping[str, tuple[str, ...]] = {"theme": ("auto", "light", "dark"), "large": ("0", "1")}
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Look:
    """`auto` follows the device."""

    theme: str = "auto"
    large: bool = False

    @classmethod
    def of(cls, chosen: Mapping[str, str]) -> Self:
        return cls(chosen.get("theme", "auto"), chosen.get("large") == "1")

    def others(self) -> Sequence[tuple[str, str]]:
        """The themes that are not in use, with their names."""
        names = {"auto": _("As the device"), "light": _("Light"), "dark": _("Dark")}
        return [(theme, name) for theme, name in names.items() if theme != self.theme]


class Looks:
    """Notes in the scope how this reader wants pages; keeps what was chosen now."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = _known({name: given[-1] for name, given in parse_qs(scope["query_string"].decode("latin-1")).items()})
        scope.setdefault("state", {})["look"] = Look.of({**_kept(Headers(scope=scope)), **asked})

        async def remembering(message: Message) -> None:
            if message["type"] == "http.response.start":
                for name, value in asked.items():
                    cookie = f"{name}={value}; Max-Age={A_YEAR}; Path=/; SameSite=Lax; HttpOnly"
                    MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, remembering)


def _known(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given[name] for name, values in CHOICES.items() if given.get(name) in values}


def _kept(headers: Headers) -> dict[str, str]:
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return {}
    return _known({name: cookie.value for name, cookie in cookies.items()})
