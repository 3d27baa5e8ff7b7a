"""HEAD wherever GET is: the page is made once, as for GET, and its body stays behind.

Routes that answer HEAD themselves do so, such as how much of an upload has arrived. What only looks never acts (links
in messages are followed by scanners), so this is safe for every page.
"""

import re
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Mount, compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Asks the pages with GET."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._routes: dict[re.Pattern[str], bool] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or self._answers(scope):
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, without_body)

    def _answers(self, scope: Scope) -> bool:
        """Whether the route there, the first that fits, has an answer of its own."""
        if not self._routes:
            for pattern, own in _reading(scope["app"], ""):
                self._routes[pattern] = own or self._routes.get(pattern, False)
        return next((own for pattern, own in self._routes.items() if pattern.match(scope["path"])), False)


def _reading(app: FastAPI, root: str) -> Iterator[tuple[re.Pattern[str], bool]]:
    """What answers GET or HEAD, in the order in which it is asked."""
    for found in iter_route_contexts(app.routes):
        route = found.original_route
        if isinstance(route, Mount) and isinstance(route.app, FastAPI):
            yield from _reading(route.app, f"{root}{route.path}")
        elif isinstance(route, APIRoute) and {"GET", "HEAD"} & set(found.methods or ()):
            yield compile_path(f"{root}{found.path}")[0], "HEAD" in (found.methods or ())
