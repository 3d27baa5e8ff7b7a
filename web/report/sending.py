"""The last step: words, a last look, what is known already, and sending. The script sends the same form."""

from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from models.errors import DubanError, MissingInput, NotFound
from models.issue import Source
from runtime.i18n import gettext as _
from runtime.i18n import say
from services import reporting, reporting_catalogue, uploads
from services.findings import LONGEST
from services.reporting import Report
from services.reporting_places import Place
from services.reporting_similar import Similar
from services.sight import must_see
from web import forms
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import Reader
from web.report.app import app_data
from web.report.asked import Asked
from web.report.data import similar_to, zone_of
from web.report.steps import FromAddress, Reporter, place_of

router = APIRouter(prefix="/report")
FAR_TOO_LONG = 1_000_000


@dataclass
class Filled:
    """The last step as it was filled in, and what is wrong with it by field."""

    asked: Asked
    description: str = ""
    severity: str = ""
    source: str = ""
    anew: bool = False
    number: str = ""
    wrong: dict[str, str] = field(default_factory=dict)


@router.get("/send", response_class=HTMLResponse)
def last(here: Here, reader: Reporter, asked: FromAddress) -> Response:
    """Words, a last look, and what is known already."""
    if place_of(here, asked) is None:
        return RedirectResponse(asked.at("/report"), 303)
    return _page(here, reader, Filled(asked), known=similar_to(here, reader, asked))


@router.post("/send")
def send(here: Here, reader: Reporter, form: Sent) -> Response:
    """Register it; or show what is known already, once."""
    filled, place = _read(here, form)
    if filled.wrong:
        return _again(here, reader, filled, status=400)
    try:
        sent = reporting.report(here.session, _report(filled, place), by=reader.actor, now=here.now)
    except DubanError as error:
        return _refused(here, reader, filled, error)
    if sent.known:
        here.session.rollback()
        return _again(here, reader, filled, status=409, known=sent.known)
    here.session.commit()
    return _done(here.request, sent.number, added=False)


@router.post("/add")
def add(here: Here, reader: Reporter, form: Sent) -> Response:
    """It is one that is known: photos and words go there."""
    filled, place = _read(here, form, words_needed=False)
    if filled.wrong:
        return _again(here, reader, filled, status=400)
    try:
        number = reporting.add(here.session, filled.number, _report(filled, place), by=reader.actor, now=here.now)
    except DubanError as error:
        return _refused(here, reader, filled, error)
    here.session.commit()
    return _done(here.request, number, added=True)


@router.get("/done/{number}", response_class=HTMLResponse)
def done(here: Here, reader: Reporter, number: str, added: bool = False) -> HTMLResponse:
    """What was sent, what happens next, and the way to another one."""
    issue = must_see(here.session, reader.actor, number)
    again = Asked("", point=issue.point_code or "", area="" if issue.point_code else issue.area_code)
    if not issue.point_code:
        again = replace(again, lat=issue.lat, lng=issue.lng)
    return here.pages.show(
        here.request, "report/done", issue=issue, added=added, again=again.at("/report"), zone=zone_of(here)
    )


def _read(here: Desk, form: FormData, *, words_needed: bool = True) -> tuple[Filled, Place | None]:
    """What was sent, with what is wrong noted. Raises WrongValue for what no page of ours sends."""
    filled = Filled(
        Asked.of(form),
        description=forms.text(form, "description", longest=FAR_TOO_LONG),
        severity=forms.text(form, "severity", longest=10),
        source=forms.text(form, "source", longest=40),
        anew=form.get("anew") == "1",
        number=forms.text(form, "number", longest=40),
    )
    place = place_of(here, filled.asked)
    if words_needed and place is None:
        point = filled.asked.point
        unknown = _("There is no point {code}. Correct it, or choose another place.").format(code=point)
        filled.wrong["place"] = unknown if point else _("Please choose where it is.")
    if words_needed and not filled.description:
        filled.wrong["description"] = _("Please say what is wrong.")
    if len(filled.description) > LONGEST:
        filled.wrong["description"] = _("At most {n} characters, please.").format(n=LONGEST)
    return filled, place


def _report(filled: Filled, place: Place | None) -> Report:
    asked = filled.asked
    return Report(
        key=asked.key,
        description=filled.description,
        place=place,
        category=asked.category or None,
        standard=asked.standard or None,
        severity=filled.severity or None,
        source=next((one for one in Source if one == filled.source), None),
        uploads=asked.uploads,
        anew=filled.anew,
    )


def _refused(here: Desk, reader: Reader, filled: Filled, error: DubanError) -> Response:
    """The form again, with why. Photos that are not there any more are named by their number and left out."""
    here.session.rollback()
    if isinstance(error, NotFound) and error.params.get("what") == "upload":
        there = {one.key for one in uploads.of(here.session, filled.asked.uploads, by=reader.code)}
        filled.asked = replace(filled.asked, uploads=tuple(key for key in filled.asked.uploads if key in there))
        filled.wrong["photos"] = _("A photo is not there any more. Please add it again, then send.")
    elif isinstance(error, MissingInput) and filled.number:
        filled.wrong[""] = _("Please add a photo or a few words, then tap again.")
    else:
        filled.wrong[""] = say(error)
    return _again(here, reader, filled, status=status_of(error))


def _again(here: Desk, reader: Reader, filled: Filled, *, status: int, known: Any = None) -> Response:
    """Not sent yet: as a page, or as data for the script."""
    if not _is_script(here.request):
        offered = similar_to(here, reader, filled.asked) if known is None else known
        return _page(here, reader, filled, status=status, known=offered)
    html = here.pages.show(here.request, "report/known", known=known, zone=zone_of(here)).body if known else b""
    content = {"wrong": filled.wrong, "known": bytes(html).decode(), "photos": list(filled.asked.uploads)}
    return JSONResponse(content, status, headers={"Cache-Control": "no-store"})


def _done(request: Request, number: str, *, added: bool) -> Response:
    address = f"/report/done/{number}" + "?added=true" * added
    if _is_script(request):
        return JSONResponse({"number": number, "go": address}, headers={"Cache-Control": "no-store"})
    return RedirectResponse(address, 303)


def _is_script(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _page(
    here: Desk, reader: Reader, filled: Filled, *, status: int = 200, known: list[Similar] | None = None
) -> HTMLResponse:
    asked, place = filled.asked, place_of(here, filled.asked)
    offered = reporting_catalogue.catalogue(here.session, now=here.now)
    classified = place is not None and reporting.may_classify(reader.actor, city=reader.city, area_path=place.area_path)
    return here.pages.show(
        here.request,
        "report/send",
        status=status,
        asked=asked,
        place=place,
        filled=filled,
        rule=offered.standard(asked.standard),
        category=offered.category(asked.category or (place.category if place else None)),
        photos=uploads.of(here.session, asked.uploads, by=reader.code),
        known=known or [],
        classified=classified,
        app=app_data(here, reader, place),
        zone=zone_of(here),
    )
