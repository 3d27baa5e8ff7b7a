"""An inspector's own sheets, kept on the device for where there is no network: list, data, worker, the empty shell."""

import json
from functools import cache
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, JSONResponse, Response

from models import terms
from models.audit import Result
from models.scoring.rules import Measure, MeasureKind
from models.standard import Standard
from runtime.i18n import language
from services import audit_offline
from services.audit_facts import ASKED
from services.audit_offline import KeptSheet, KeptStandard
from web.assets import asset
from web.audits.offline_words import words
from web.audits.parts import counts_words
from web.deps import Desk, Here
from web.login import LoggedIn, Reader, anybody
from web.offline import Worker
from web.report.app import films

router = APIRouter()
SCRIPTS = (
    *("report/early", "sheets/store", "sheets/told", "report/photo", "report/upload"),
    *("sheets/verdict", "sheets/fields", "sheets/boxes", "sheets/form", "sheets/send", "sheets/list", "sheets/start"),
)
"""In the order in which they are read; the first one before the page is painted."""
STYLES = ("vendor/bootstrap.css", "workbench.css", "audits.css")
SHELL = "/audits/mine/shell"
PAGES = r"^/audits/(mine|[^/]+/sheets/\d+)$"


def app_data(here: Desk, reader: Reader | None) -> dict[str, Any]:
    """What the templates of a page that runs the scripts need. Without a reader: nothing about anybody."""
    return {
        "scripts": SCRIPTS,
        "words": json.dumps(words(), ensure_ascii=False),
        "person": reader.code if reader else "",
        "films": films(here),
        "counts": counts_words(),
        "results": [result.value for result in Result],
        "kinds": {kind.value: ASKED[kind] for kind in MeasureKind},
    }


@router.get("/mine", response_class=HTMLResponse)
def mine(here: Here, reader: LoggedIn) -> HTMLResponse:
    """The reader's sheets that take results; scripts keep them on the device."""
    found = audit_offline.kept(here.session, reader.actor)
    return here.pages.show(here.request, "audits/mine", sheets=found.sheets, app=app_data(here, reader))


@router.get("/mine/sheets.json")
def sheets(here: Here, reader: LoggedIn) -> JSONResponse:
    """The same sheets whole, for the device of the reader alone."""
    found = audit_offline.kept(here.session, reader.actor)
    content = {
        "person": reader.code,
        "sheets": [_sheet(one) for one in found.sheets],
        "standards": {key: _standard(one) for key, one in found.standards.items()},
    }
    return JSONResponse(content, headers={"Cache-Control": "no-store"})


def _sheet(one: KeptSheet) -> dict[str, Any]:
    return {**vars(one), "kind": one.kind.value, "on_date": one.on_date.isoformat()}


def _standard(one: KeptStandard) -> dict[str, Any]:
    standard = one.standard
    return {
        "code": standard.code,
        "text": standard.text_en if language() == "en" and standard.text_en else standard.text,
        "method": terms.term(terms.CHECK_METHODS, standard.check_method, language()) if standard.check_method else "",
        **measured(standard, one.measure),
    }


def measured(standard: Standard, measure: Measure) -> dict[str, Any]:
    """How counts say the result. `enough`: of what is required, as a fraction; `costs`: whether a fault costs anything.

    `window`, `least`: minutes.
    """
    worth = measure.full_marks if measure.full_marks is not None else standard.deduction
    counted = measure.kind in (MeasureKind.PER_FAULT, MeasureKind.TIMED)
    return {
        "kind": measure.kind.value,
        "enough": [measure.enough.numerator, measure.enough.denominator],
        "window": round(measure.window),
        "least": float(measure.least),
        "costs": worth > 0 and (not counted or measure.per_fault > 0),
    }


@cache
def files() -> tuple[str, ...]:
    """The addresses of all that the shell needs. They name their content, so a new version has new ones."""
    return tuple(asset(name) for name in (*STYLES, "look.js", "icon.svg", *(f"{name}.js" for name in SCRIPTS)))


@router.get("/sw.js", dependencies=[Depends(anybody)])
def worker() -> Response:
    """The service worker. It may take care of the audits and of no other page."""
    return Worker("audits", SHELL, files(), scope="/audits", shown=PAGES, stands_in="").script()


@router.get("/mine/shell", response_class=HTMLResponse, dependencies=[Depends(anybody)])
def shell(here: Here) -> HTMLResponse:
    """The page while there is no network: nobody's name and no sheet is in it."""
    return here.pages.show(here.request, "audits/shell", app=app_data(here, None))
