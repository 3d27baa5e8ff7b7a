"""The map: issues where they are, by the filters of the list; beside it the same as a list, which needs no map."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse, Response

from models import terms
from runtime.i18n import language, say
from services import boards, map_points
from services.listing import listing
from services.map_points import Box, Shown, Spot
from web.deps import Here
from web.errors import status_of
from web.lists.asked import Asked
from web.lists.page import UNREADABLE, Sees, chips, form_values
from web.lists.reading import board_scope, question, zone_of
from web.lists.tiles import tiles_of
from web.login import Reader

router = APIRouter(prefix="/map")
BESIDE = 20
"""Lines beside the map, before a script shows those in view."""
MARKS = {
    "found": ("交", "F"),
    "assigned": ("签", "A"),
    "rectifying": ("改", "R"),
    "rectified": ("核", "C"),
    "verified": ("销", "V"),
    "closed": ("✓", "✓"),
    "shelved": ("挂", "S"),
    "void": ("×", "×"),
}
"""A letter for each state, so that colour is never alone."""


@router.get("", response_class=HTMLResponse)
def show(here: Here, reader: Sees) -> HTMLResponse:
    """What is open, unless something else is asked for."""
    asked = with_open(Asked.read(here.request.query_params))
    tiles = tiles_of(here.settings, language())
    try:
        asking = question(here, reader, asked)
        page = listing(here.session, wanted=asking.wanted, now=here.now, scope=asking.scope, limit=BESIDE)
        lines, wrong = page.lines, ""
    except UNREADABLE as error:
        here.session.rollback()
        lines, wrong = (), say(error)
    board = boards.by_area(here.session, now=here.now, area=None, scope=board_scope(reader))
    extent = map_points.extent(here.session)
    answer = here.pages.show(
        here.request,
        "lists/map",
        status=400 if wrong else 200,
        asked=asked,
        wrong=wrong,
        lines=lines,
        zone=zone_of(here),
        now=here.now,
        chips=chips(asked, "/map"),
        districts=[part for part in board.parts if part.open],
        counted=board_scope(reader) is not None,
        tiles=tiles,
        marks=legend(),
        extent=",".join(map(str, (extent.west, extent.south, extent.east, extent.north))) if extent else "",
        **form_values(here),
    )
    answer.headers.update(tiles.headers())
    return answer


def with_open(asked: Asked) -> Asked:
    """A map of everything that ever was tells nobody anything."""
    narrowed = any(asked.one(name) for name in ("open", "state", "overdue", "soon", "late", "q", "from", "to", "round"))
    return asked if narrowed else asked.but(open="1")


def legend() -> list[Mapping[str, str]]:
    """Letter and word of each state."""
    place = 1 if language() == "en" else 0
    return [
        {"code": code, "mark": marks[place], "word": terms.term(terms.STATES, code, language())}
        for code, marks in MARKS.items()
    ]


@router.get("/points.json")
def points(
    here: Here,
    reader: Sees,
    bbox: Annotated[str, Query(max_length=200)],
    zoom: Annotated[int, Query(ge=0, le=map_points.DEEPEST)],
) -> Response:
    """What lies in a part of the map: one by one, or in piles where there are many."""
    try:
        asking = question(here, reader, with_open(Asked.read(here.request.query_params)))
        shown = map_points.on_map(
            here.session, wanted=asking.wanted, box=Box.parse(bbox), zoom=zoom, now=here.now, scope=asking.scope
        )
    except UNREADABLE as error:
        return _json({"error": say(error)}, status_of(error))
    return _json(_plain(shown, reader))


@router.get("/labels.json")
def labels(here: Here, _reader: Sees) -> Response:
    """Names of districts and streets, for a map without tiles."""
    return _json([vars(one) for one in map_points.labels(here.session)])


def _json(content: Any, status: int = 200) -> JSONResponse:
    return JSONResponse(content, status, headers={"Cache-Control": "no-store"})


def _plain(shown: Shown, _reader: Reader) -> Mapping[str, Any]:
    return {
        "total": shown.total,
        "overdue": shown.overdue,
        "newest_only": shown.newest_only,
        "spots": [_spot(one) for one in shown.spots],
        "piles": [vars(one) for one in shown.piles],
    }


def _spot(one: Spot) -> Mapping[str, Any]:
    return {**vars(one), "state_word": terms.term(terms.STATES, one.state, language())}
