"""Whoever is logged out in the middle of a form sees what they typed again, and sends it once they are back in.

The form came from a page of ours (web/login.py has asked), and nothing of it is kept here: it goes back into the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from web.link_guard import limited_receive
from web.login import SAFE, LoginNeeded
from web.pages import Pages

MOST = 256 * 1024
"""Bytes of a stranger's form that are read: every text of a page, several times over, but no photos."""
MOST_FIELDS = 500
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
PRIVATE = ("/me", "/login", "/logout", "/uploads", "/instructions")
"""Below these, passwords, codes and secrets are typed: nothing of that is shown to who is not logged in. Uploads are
for scripts alone."""
OWN = frozenset({"key", "version", "events", "next"})
"""What a form carries for us: nobody typed it."""


@dataclass(frozen=True)
class Typed:
    """The texts of a form, and whether there were files, which a page cannot give back. `whole`: it could be read."""

    fields: Sequence[tuple[str, str]]
    files: bool = False
    whole: bool = True

    @property
    def is_worth_keeping(self) -> bool:
        return self.files or not self.whole or any(value.strip() and name not in OWN for name, value in self.fields)


async def log_in_first(request: Request, error: Exception) -> Response:
    """To the log-in, and back from there. A part of a page cannot show it: then the whole page goes there."""
    assert isinstance(error, LoginNeeded)
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": LoginNeeded(_page_of(request, error.back)).address})
    if request.method in SAFE:
        return RedirectResponse(error.address, 303)
    typed = await _typed(request)
    address = LoginNeeded(_page_of(request, error.back)).address
    if not typed.is_worth_keeping:
        return RedirectResponse(address, 303)
    pages: Pages = request.app.state.pages
    return pages.show(request, "accounts/lapsed", status=401, typed=typed, address=address, to=str(request.url.path))


def _page_of(request: Request, otherwise: str) -> str:
    """The page that the form or the part belongs to, as the browser says it, where it is one of ours."""
    said = urlsplit(request.headers.get("hx-current-url") or request.headers.get("referer", ""))
    ours = said.netloc == request.headers.get("host") and said.path.startswith("/")
    return f"{said.path}?{said.query}" if ours and said.query else said.path if ours else otherwise


async def _typed(request: Request) -> Typed:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORMS or request.url.path.startswith(PRIVATE):
        return Typed(())
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > MOST:
        return Typed((), whole=False)
    try:
        async with Request(request.scope, limited_receive(request.receive, most=MOST)).form(
            max_files=20, max_fields=MOST_FIELDS, max_part_size=MOST
        ) as form:
            return _read(form)
    except HTTPException:
        return Typed((), whole=False)


def _read(form: FormData) -> Typed:
    pairs = form.multi_items()
    texts = [(name, value) for name, value in pairs if isinstance(value, str)]
    return Typed(texts, files=any(not isinstance(value, str) and value.filename for _, value in pairs))
