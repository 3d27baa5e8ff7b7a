"""The leaders' view and the patrols of the four chiefs, for programs."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query

from models.permissions import Right
from models.unit import PostKind
from services.leaders.me import me
from services.patrols import recording, view
from web.api.doors import Caller, Reads, Reports
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas.base import Code, Given, Text, Told, one_of

router = APIRouter(route_class=Once, tags=["boards"])
READ = answers(401, 403, 404, 422, 429)
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


class Sponsored(Told):
    """A point that the caller sponsors; `met` of `looked_at` standards held when it was last inspected."""

    code: str
    name: str
    open: int
    overdue: int
    seen_at: datetime | None
    met: int
    looked_at: int


class Trend(Told):
    """This month, and the same days of the month before."""

    found: int
    closed: int
    found_before: int
    closed_before: int


class Led(Told):
    """A unit (with the tier) or a place that the caller leads."""

    code: str
    name: str
    tier: PostKind | None
    open: int
    overdue: int
    late: int
    trend: Trend


class Part(Told):
    """A place right below."""

    code: str
    name: str
    open: int
    overdue: int


class Place(Told):
    """A place with its worst parts."""

    led: Led
    worst: Sequence[Part]


class Chiefs(Told):
    """Duties of 30 days: done, missed, under way; missed in the 30 days before."""

    code: str
    name: str
    title: str
    done: int
    missed: int
    running: int
    missed_before: int


class ToPatrol(Told):
    """A post by which the caller patrols."""

    post: str
    title: str
    area: str
    ends: date | None
    done_at: datetime | None


class Me(Told):
    """One leader's own. Instructions are not told of here, not even how many."""

    points: Sequence[Sponsored]
    units: Sequence[Led]
    places: Sequence[Place]
    patrols: Chiefs | None
    to_patrol: Sequence[ToPatrol]


class Table(Told):
    """How the chiefs of a place do."""

    area: str
    name: str
    whole: Chiefs
    areas: Sequence[Chiefs]
    leaders: Sequence[Chiefs]


class Went(Given):
    """By which post of the caller's, where; whether something was found, which is reported as an issue of its own."""

    post: Code
    place: Text = ""
    found: bool = False
    note: Text = ""


class Patrol(Told):
    """A patrol on record; `duty_id`: the planned one that is done with it."""

    id: int
    post_code: str
    place: str
    found: bool
    note: str
    at: datetime
    duty_id: int | None


@router.get("/leaders/me", responses=READ)
def mine(caller: Reads) -> Me:
    """Points, units and places that the caller leads, the worst first."""
    caller.must(Right.SEE_BOARDS)
    return one_of(Me, me(caller.session, caller.actor, now=caller.now))


@router.get("/patrols", responses=READ)
def patrols(caller: Reads, area: Annotated[str | None, Query(max_length=20)] = None) -> Table:
    """How the chiefs of a place do, the worst first; without a place, of the highest that the caller leads."""
    caller.must(Right.SEE_BOARDS)
    return one_of(Table, view.table(caller.session, caller.actor, now=caller.now, area=area))


@router.post("/patrols", status_code=201, responses=answers(400, 401, 403, 404, 409, 422, 429))
def went(caller: Reports, given: Went, key: Key = None) -> Patrol:
    """Put a patrol on record."""
    caller.must(Right.RECORD_PATROL)
    seen = recording.Seen(given.post, given.place, given.found, _key(caller, key), given.note)
    done = recording.record(caller.session, seen, by=caller.actor, now=caller.now)
    caller.session.commit()
    return one_of(Patrol, done)


def _key(caller: Caller, key: str | None) -> str:
    """Without a key of the caller's the moment is one: the same call a moment later is another patrol."""
    return f"api/{key or caller.now.isoformat()}"
