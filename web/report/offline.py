"""What works without a network: the worker, the shell that it keeps, the manifest. Nothing of anybody is in them."""

from functools import cache

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, Response

from runtime.i18n import gettext as _
from web.assets import asset
from web.deps import Here
from web.offline import Worker
from web.report.app import SCRIPTS, app_data

router = APIRouter()
STYLES = ("vendor/bootstrap.css", "workbench.css", "report.css")
SHELL = "/report/shell"
PAGE = "^/report$"


@cache
def files() -> tuple[str, ...]:
    """The addresses of all that the shell needs. They name their content, so a new version has new ones."""
    own = ("look.js", "icon.svg", *(f"report/{name}.js" for name in SCRIPTS))
    return tuple(asset(name) for name in (*STYLES, *own))


@router.get("/sw.js")
def worker() -> Response:
    """The service worker. It may take care of /report and what lies below, and of no other page."""
    return Worker("report", SHELL, files(), scope="/report", shown=PAGE, stands_in=PAGE).script()


@router.get(SHELL, response_class=HTMLResponse)
def shell(here: Here) -> HTMLResponse:
    """The page to report on while there is no network."""
    return here.pages.show(here.request, "report/shell", app=app_data(here, None, None))


@router.get("/report/manifest.webmanifest")
def manifest() -> Response:
    """So that a phone can put it on its first screen."""
    icon = {"src": asset("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    content = {
        "id": "/report",
        "name": _("Duban: report a problem"),
        "short_name": _("Report"),
        "start_url": "/report",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f5f3",
        "theme_color": "#a3231c",
        "icons": [icon],
    }
    return JSONResponse(content, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})
