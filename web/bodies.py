"""How much one request may bring: little, but where photos and files are handed in, which count for themselves."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.link_guard import limited_receive

MOST = 1024 * 1024
"""Bytes of a form without files: as much as 200 numbers and every text field of a page, several times over."""
WITH_FILES = ("/l/", "/issues/", "/report", "/audits/", "/admin/", "/uploads/", "/filing/", "/api/")
"""Below these addresses photos, tables or bytes of uploads arrive; their own readers stop them (web/forms.py,
web/links.py, web/evidence/uploads.py, web/api)."""


class Bodies:
    """Stops reading where more comes than is taken, announced or not: the reader sees a page that says so (413)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(WITH_FILES):
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        too_much = announced.isdecimal() and int(announced) > MOST
        await self._app(scope, _refuse if too_much else limited_receive(receive, most=MOST), send)


async def _refuse() -> Message:
    """Raised where the body is read, so that it is told like every other refusal."""
    raise HTTPException(413)
