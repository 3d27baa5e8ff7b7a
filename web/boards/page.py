"""The board: first what needs attention, then down the five-level tree and by unit, what came and went, hotspots.

Numbers stand in tables; a script draws pictures of the tables above them, where there is one.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from models.errors import NotFound
from models.permissions import Right
from runtime.i18n import say
from services import sight, sponsored
from services.boards import Standing
from services.list_choices import name_of
from web.boards.links import Cell, Row, climbed, row, steps
from web.boards.reading import Leads, Looked, city_name, look
from web.deps import Desk, Here
from web.lists.asked import address
from web.login import Reader

router = APIRouter()
WORST = 5
LONGEST = 20
"""Units on the board; the rest is one tap away."""
Code = Annotated[str, Query(max_length=100)]


@router.get("/boards", response_class=HTMLResponse)
def board(here: Here, reader: Leads, area: Code = "", unit: Code = "", every: str = "") -> HTMLResponse:
    """One area (the whole city unless named), of one unit where one is named."""
    try:
        looked = look(here, reader, area=plain(area), unit=plain(unit))
    except NotFound as error:
        return here.pages.show(here.request, "error", status=404, status_code=404, words=say(error))
    return here.pages.show(
        here.request,
        "boards/page",
        **numbers(looked),
        **_tables(looked, every=bool(every)),
        **_month(looked),
        points=_points(here, reader),
        city=city_name(here),
        whole=looked.whole,
        zone=looked.zone,
        now=here.now,
        unit=looked.unit,
        unit_name=name_of(here.session, "unit", looked.unit) if looked.unit else "",
        wall=f"/boards/wall?area={looked.area}" if not looked.whole else "/boards/wall",
    )


def plain(code: str) -> str:
    """A code as it stands in an address, without what no database takes."""
    return code.replace("\x00", "").strip()


def numbers(looked: Looked) -> Mapping[str, Any]:
    """What a leader sees first."""
    whole, place = looked.board.all, looked.place()
    return {
        "total": row(whole, place),
        "climbed": climbed(whole, place),
        "worst_units": [_unit_row(one, looked) for one in worst(looked.units.parts)[:WORST]],
        "worst_areas": [_area_row(one, looked) for one in worst(looked.board.parts)[:WORST]],
        "where": whole.name,
    }


def worst(several: Sequence[Standing]) -> Sequence[Standing]:
    """Those that have something overdue, most first."""
    return _most_overdue([one for one in several if one.overdue])


def _most_overdue(several: Sequence[Standing]) -> Sequence[Standing]:
    return sorted(several, key=lambda one: (-one.overdue, -one.open, one.code or ""))


def areas(looked: Looked) -> list[Row]:
    """The areas right below, and what lies in none of them."""
    found = [_area_row(one, looked) for one in looked.board.parts]
    if looked.board.parts and looked.board.here.total:
        found.append(row(looked.board.here, looked.place(area=looked.area, here=True), name=""))
    return found


def _area_row(one: Standing, looked: Looked) -> Row:
    code = one.code or ""
    below = address("/boards", area=code, unit=looked.unit)
    return row(one, looked.place(area=code), below=below)


def units(looked: Looked, *, most: int | None) -> list[Row]:
    """The units, those with most overdue first; what no unit has been given yet at the end."""
    found = [_unit_row(one, looked) for one in _most_overdue(looked.units.parts)[:most]]
    if looked.units.here.total and not looked.unit:
        found.append(row(looked.units.here, looked.place(unit="none"), name=""))
    return found


def _unit_row(one: Standing, looked: Looked) -> Row:
    code = one.code or ""
    below = address("/boards", area="" if looked.whole else looked.area, unit=code)
    return row(one, looked.place(unit=code), below=below)


def _tables(looked: Looked, *, every: bool) -> Mapping[str, Any]:
    several = () if looked.unit else units(looked, most=None if every else LONGEST)
    above = [(one.name, address("/boards", area=one.code, unit=looked.unit)) for one in looked.path]
    return {
        "above": above,
        "areas": areas(looked),
        "units": several,
        "more_units": 0 if every else max(len(looked.units.parts) - LONGEST, 0),
        "every": address("/boards", area="" if looked.whole else looked.area, unit=looked.unit, every=True),
        "steps": steps(looked.board.all, looked.place()),
    }


def _month(looked: Looked) -> Mapping[str, Any]:
    place = looked.place()
    days = [
        (
            one.day,
            Cell(one.found, place.link(**{"from": one.day, "to": one.day})),
            Cell(one.closed, place.link(closed_from=one.day, closed_to=one.day)),
        )
        for one in looked.days
    ]
    hot = [(one.name, Cell(one.found, place.link(point=one.code, **{"from": looked.first}))) for one in looked.hot]
    return {"days": days, "hot": hot, "found": sum(one.found for one in looked.days), "first": looked.first}


def _points(here: Desk, reader: Reader) -> Sequence[tuple[str, Cell, Cell]]:
    """The points that the reader sponsors: counts by area and unit do not know them."""
    scope = sight.scope_of(reader.actor, city=reader.city, right=Right.SEE_BOARDS)
    if scope is None or not scope.points:
        return ()
    return [
        (
            one.name,
            Cell(one.open, address(open=True, point=one.code)),
            Cell(one.overdue, address(overdue=True, point=one.code)),
        )
        for one in sponsored.points(here.session, scope.points, now=here.now)
    ]
