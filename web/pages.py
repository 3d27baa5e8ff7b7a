"""Pages from templates, in the reader's language."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from starlette.routing import Match

from models import terms
from runtime.i18n import gettext, language, ngettext
from web.assets import asset
from web.look import Look
from web.nav import groups

FOLDER = Path(__file__).parent / "templates"
READS = ("GET", "HEAD")


class Pages:
    """Renders templates; everything that is filled in is escaped."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(_=gettext, ngettext=ngettext, asset=asset, colon=_colon)
        self._templates.filters.update(local=local, age=age, word=word)

    def show(self, request: Request, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The page of the template `name`.html. Pages with live numbers are not kept by browsers or proxies."""
        template = self._templates.get_template(f"{name}.html")
        html = template.render(**_frame(request), **values)
        return HTMLResponse(html, status, headers={"Cache-Control": "no-store", "Content-Language": language()})


def _frame(request: Request) -> dict[str, Any]:
    """What the frame of a page shows, whatever the page is about."""
    reader = getattr(request.state, "reader", None)
    ways = groups(reader.rights) if reader else ()
    beside = [way for group in ways for way in group.ways if not way.on_bar]
    return {
        "lang": language(),
        "path": request.url.path,
        "reader": reader,
        "ways": ways,
        "beside_the_bar": any(way.leads_to(request.url.path) for way in beside),
        "look": getattr(request.state, "look", Look()),
        "here_with": partial(_here_with, request),
    }


def _here_with(request: Request, name: str, value: str) -> str:
    """The address of this page with one more choice; where only forms are sent to, that of the nearest page above."""
    path = request.url.path
    while request.method not in READS and path != "/" and not _is_page(request, path):
        path = path.rpartition("/")[0] or "/"
    path = f"/{path.lstrip('/')}"  # `//host` of a page that is none would lead to that host
    return f"{path}?{request.url.include_query_params(**{name: value}).query}"


def _is_page(request: Request, path: str) -> bool:
    asked = {**request.scope, "method": "GET", "path": path}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)


def _colon() -> str:
    """Between a name and what is said of it, as the reader's language writes it."""
    return gettext(": ")


@pass_context  # else `"kept" | word("JUDGEMENTS")` is worked out once, in the language of the first reader
def word(_context: Context, code: str, glossary: str) -> str:
    """The word of the field for a code: `{{ state | word("STATES") }}`."""
    return terms.term(getattr(terms, glossary), code, language())


def local(moment: datetime | None, zone: str) -> str:
    """A moment in the city's time, to the minute; a dash for none."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if moment else "–"


def age(seconds: int | None) -> str:
    """How long ago; a dash for never."""
    if seconds is None:
        return "–"
    return gettext("{n} s ago").format(n=seconds) if seconds < 120 else gettext("{n} min ago").format(n=seconds // 60)
