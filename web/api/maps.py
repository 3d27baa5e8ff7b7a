"""Where issues lie, where they gather, how many come and go; what is near a position; who holds which post."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import Field

from models.errors import ActionNotAllowed
from models.permissions import Right
from services import map_points, people, reporting_places, trends
from services.filters import Scope
from services.map_points import Box
from services.roster import roster
from services.sight import scope_of
from web.api import schemas
from web.api.doors import Caller, Reads
from web.api.issues import Filters
from web.api.problems import answers
from web.api.schemas import Code, Given, one_of
from web.api.schemas.desk import Person
from web.lists.map_page import with_open

router = APIRouter()
REFUSALS = answers(400, 401, 403, 404, 422, 429)
KNOW_PEOPLE = (Right.START_AUDIT, Right.APPOINT, Right.MANAGE_CITY, Right.MANAGE_CONTACTS, Right.MANAGE_ACCOUNTS)
Lat = Annotated[float, Field(ge=-90, le=90)]
Lng = Annotated[float, Field(ge=-180, le=180)]
Limit = Annotated[int, Field(ge=1, le=50)]


class Part(Filters):
    """A part of the map, `west,south,east,north` in degrees, as deep as zoomed; with the filters of the list."""

    bbox: Annotated[str, Field(max_length=200, examples=["104.6,29.2,104.9,29.5"])]
    zoom: Annotated[int, Field(ge=0, le=map_points.DEEPEST)] = 12


class Period(Given):
    """The last days of an area, of a unit."""

    days: Annotated[int, Field(ge=1, le=trends.LONGEST)] = 30
    area: Code | None = None
    unit: Code | None = None


class Hot(Period):
    limit: Limit = 20


class Position(Given):
    """Where one stands, in degrees (WGS 84)."""

    lat: Lat
    lng: Lng
    limit: Limit = 10


class Who(Given):
    """A part of the name or of the title of a post, or a code; the unit, area or point of the post."""

    q: Code | None = None
    of: Code | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


@router.get("/map/points", tags=["boards"], responses=REFUSALS)
def map_part(caller: Reads, asked: Annotated[Part, Query()]) -> schemas.MapPart:
    """What lies in a part of the map: one by one, or in piles. What is open, unless something else is asked for."""
    wanted = with_open(asked.asked()).wanted(caller.session, reader=caller.actor.code, zone=ZoneInfo(caller.zone))
    scope, box = scope_of(caller.actor, city=caller.city), Box.parse(asked.bbox)
    shown = map_points.on_map(caller.session, wanted=wanted, box=box, zoom=asked.zoom, now=caller.now, scope=scope)
    return one_of(schemas.MapPart, shown)


@router.get("/map/labels", tags=["boards"], responses=answers(401, 403, 429))
def map_labels(caller: Reads) -> list[schemas.Label]:
    """Names of districts and streets, and where to write them."""
    return [one_of(schemas.Label, one) for one in map_points.labels(caller.session)]


@router.get("/boards/trend", tags=["boards"], responses=REFUSALS)
def trend(caller: Reads, asked: Annotated[Period, Query()]) -> list[schemas.Day]:
    """How many issues were found and closed on each day."""
    scope, first, last = _boards(caller), _first(caller, asked.days), _today(caller)
    how = {"first": first, "last": last}
    found = trends.trend(caller.session, **how, area=asked.area, unit=asked.unit, scope=scope)
    return [one_of(schemas.Day, one) for one in found]


@router.get("/boards/hotspots", tags=["boards"], responses=REFUSALS)
def hotspots(caller: Reads, asked: Annotated[Hot, Query()]) -> list[schemas.Hotspot]:
    """The points at which most was found."""
    since = datetime.combine(_first(caller, asked.days), time(), ZoneInfo(caller.zone))
    narrowed = {"area": asked.area, "unit": asked.unit}
    found = trends.hotspots(caller.session, since=since, **narrowed, scope=_boards(caller), limit=asked.limit)
    return [one_of(schemas.Hotspot, one) for one in found]


@router.get("/places/near", tags=["city"], responses=answers(401, 403, 422, 429))
def near(caller: Reads, asked: Annotated[Position, Query()]) -> list[schemas.Near]:
    """The points around a position, the nearest first: what a phone offers who reports."""
    found = reporting_places.near(caller.session, lat=asked.lat, lng=asked.lng, most=asked.limit)
    return [one_of(schemas.Near, one) for one in found]


@router.get("/people", tags=["city"], responses=answers(401, 403, 422, 429))
def persons(caller: Reads, asked: Annotated[Who, Query()]) -> list[Person]:
    """Persons and the posts they hold today; for who starts audits, appoints or administers."""
    if not any(caller.held(right) for right in KNOW_PEOPLE):
        raise ActionNotAllowed(action=Right.APPOINT, who="dispatcher, administrator")
    today = people.city_day(caller.session, caller.now)
    found = roster(caller.session, today=today, words=asked.q or "", owner=asked.of or "", limit=asked.limit)
    return [one_of(Person, one) for one in found]


def _boards(caller: Caller) -> Scope | None:
    caller.must(Right.SEE_BOARDS)
    scope = scope_of(caller.actor, city=caller.city, right=Right.SEE_BOARDS)
    return scope.as_counted() if scope else None


def _today(caller: Caller) -> date:
    return caller.now.astimezone(ZoneInfo(caller.zone)).date()


def _first(caller: Caller, days: int) -> date:
    return _today(caller) - timedelta(days=days - 1)
