"""What the script asks for while somebody reports: places, what can be chosen, what is known already."""

import hashlib
import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from services import reporting_catalogue, reporting_places, reporting_similar
from services.rulebook import the_city
from web.deps import Desk, Here
from web.login import Reader
from web.report.app import catalogue_data, place_data
from web.report.asked import Asked
from web.report.steps import FromAddress, Reporter, place_of

router = APIRouter(prefix="/report")
KEPT_ON_THE_PHONE = 300
"""Points around, nearest first: the phone offers the first few, and searches the rest when there is no network."""


@router.get("/near.json")
def near(
    here: Here,
    _reader: Reporter,
    lat: Annotated[float, Query(ge=-90, le=90)],
    lng: Annotated[float, Query(ge=-180, le=180)],
) -> Response:
    """Points around a position, and the area it lies in."""
    within = reporting_places.SURROUNDINGS
    found = reporting_places.near(here.session, lat=lat, lng=lng, within=within, most=KEPT_ON_THE_PHONE)
    around = reporting_places.around(here.session, lat=lat, lng=lng)
    places = [place_data(place) for place in found]
    return _answer({"places": places, "area": place_data(around) if around else None})


@router.get("/places.json")
def places(here: Here, _reader: Reporter, q: str = "", code: str = "") -> Response:
    """Points and areas with these words in their name; or the one point with a code, as a sign has it."""
    clean = "".join(letter for letter in (code or q)[:100] if letter.isprintable())
    if code:
        point = reporting_places.located(here.session, point=clean)
        return _answer({"places": [place_data(point)] if point else []})
    return _answer({"places": [place_data(place) for place in reporting_places.named(here.session, clean)]})


@router.get("/catalogue.json")
def catalogue(request: Request, here: Here, _reader: Reporter) -> Response:
    """Categories and standards, the most used lately first."""
    content = catalogue_data(reporting_catalogue.catalogue(here.session, now=here.now))
    tag = f'"{hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return JSONResponse(content, headers=headers)


@router.get("/known", response_class=HTMLResponse)
def known(here: Here, reader: Reporter, asked: FromAddress) -> HTMLResponse:
    """Open issues that may be the same, as a part of the last step; empty where there is none."""
    return here.pages.show(here.request, "report/known", known=similar_to(here, reader, asked), zone=zone_of(here))


def similar_to(here: Desk, reader: Reader, asked: Asked) -> Any:
    """Open issues that may be the same and that the reader may see."""
    place = place_of(here, asked)
    category = asked.category or (place.category if place else None)
    standard = asked.standard or None
    return reporting_similar.similar(here.session, place=place, standard=standard, category=category, by=reader.actor)


def zone_of(here: Desk) -> str:
    """The city's time zone."""
    return the_city(here.session).timezone


def _answer(content: Any) -> Response:
    return JSONResponse(content, headers={"Cache-Control": "no-store"})
