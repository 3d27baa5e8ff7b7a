"""The same fault elsewhere and again: sweeps from an issue, relapses, what gathers, what is looked back at."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import Field

from models.lifecycle import State
from models.permissions import Right
from services import hotspots, look_backs, recurrence, same_fault, same_fault_view
from services.filters import Scope
from services.same_fault_plan import SweepOrder, prospect
from services.same_fault_points import Among
from services.sight import must_see, scope_of
from web.api.doors import Acts, Caller, Reads
from web.api.etags import seen_of
from web.api.once import Once
from web.api.problems import answers
from web.api.schemas.base import Code, Given, Told, Words, one_of

router = APIRouter(route_class=Once)
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=200)]
READ, DONE = answers(401, 403, 404, 422, 429), answers(400, 401, 403, 404, 409, 412, 422, 429)


class Sweep(Given):
    """Where to look for the same fault. No inspectors: each unit looks at its own points itself.

    `standard` is for an issue that names none.
    """

    among: Among = Among.UNIT
    area: Code | None = None
    inspectors: Annotated[tuple[Code, ...], Field(max_length=100)] = ()
    standard: Code | None = None
    due_on: date | None = None
    most: Annotated[int | None, Field(ge=1, le=100_000)] = None


class Elsewhere(Told):
    """A point that would be looked at; `last_seen`: when somebody last did for this standard."""

    code: str
    name: str
    area: str
    unit: str
    last_seen: datetime | None
    known: str | None


class Prospect(Told):
    """What a sweep would look at, and who would go to how many points."""

    standard: str
    points: Sequence[Elsewhere]
    known: Sequence[Elsewhere]
    left_out: int
    checkers: Mapping[str, int]
    due_at: datetime


class Begun(Told):
    """The round that is under way."""

    number: str
    points: int
    due_at: datetime | None
    repeated: bool


class Born(Told):
    """An issue that came of a sweep."""

    number: str
    state: State
    description: str
    point: str | None


class SweepOf(Told):
    """One sweep; `hidden`: how many of its issues the caller may not see."""

    number: str
    standard: str
    started_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    why: str
    sheets: int
    filled: int
    met: int
    not_met: int
    not_applicable: int
    issues: Sequence[Born]
    hidden: int


class Related(Told):
    """`first`: the issue in whose sweep this one was found."""

    first: str | None
    sweep: str | None
    sweeps: Sequence[SweepOf]


class Earlier(Told):
    """An earlier issue about the same at the same point."""

    number: str
    state: State
    found_at: datetime
    closed_at: datetime | None


class Recurrence(Told):
    """`times`: how often in so many days, this one counted; `came_back`: what it may be a relapse of."""

    times: int
    days: int
    earlier: Sequence[Earlier]
    came_back: Earlier | None


class CameBack(Given):
    """The closed issue that has come back."""

    of: Code
    reason: Words


class Done(Told):
    """The issue that goes on."""

    number: str
    state: State


class Hot(Told):
    """Where issues gather."""

    kind: hotspots.Gathers
    point: str | None
    standard: str | None
    street: str | None
    name: str
    about: str
    about_en: str
    found: int
    open: int


class Awaited(Told):
    """An issue that is to be looked at again from `due_at` on."""

    number: str
    place: str
    severity: str
    closed_at: datetime | None
    due_at: datetime
    due: bool


@router.get("/issues/{number}/sweeps", tags=["issues"], responses=READ)
def sweeps_of(number: str, caller: Reads) -> Related:
    """The same-fault sweeps of an issue, newest first, and the issue in whose sweep it was found."""
    issue = must_see(caller.session, caller.actor, number)
    return one_of(Related, same_fault_view.related(caller.session, issue, reader=caller.actor))


@router.post("/issues/{number}/sweeps/prospect", tags=["issues"], responses=DONE)
def look(number: str, caller: Acts, given: Sweep) -> Prospect:
    """What a sweep would look at. Nothing is written."""
    found = prospect(caller.session, _order(caller, number, given), by=caller.actor, now=caller.now)
    return Prospect(
        standard=found.standard.code,
        points=[one_of(Elsewhere, one) for one in found.points],
        known=[one_of(Elsewhere, one) for one in found.known],
        left_out=found.left_out,
        checkers={who: len(points) for who, points in found.checkers.items()},
        due_at=found.due_at,
    )


@router.post("/issues/{number}/sweeps", tags=["issues"], status_code=201, responses=DONE)
def start(number: str, caller: Acts, given: Sweep, key: Key = None) -> Begun:
    """Make the sheets and tell those who go."""
    order = _order(caller, number, given, key=f"api:{caller.actor.code}:{key}" if key else None)
    begun = same_fault.start(caller.session, order, by=caller.actor, now=caller.now)
    caller.session.commit()
    return one_of(Begun, begun)


@router.get("/issues/{number}/recurrence", tags=["issues"], responses=READ)
def before(number: str, caller: Reads) -> Recurrence:
    """How often the same was found at the same point, and whether it is a closed one come back."""
    issue = must_see(caller.session, caller.actor, number)
    return one_of(Recurrence, recurrence.recurrence(caller.session, issue, reader=caller.actor))


@router.post("/issues/{number}/came-back", tags=["issues"], responses=DONE)
def came_back(number: str, caller: Acts, given: CameBack, if_match: IfMatch = None, key: Key = None) -> Done:
    """Open the closed issue again as a relapse; this one goes into it."""
    issue = must_see(caller.session, caller.actor, number)
    version = seen_of(if_match, issue).version if if_match else issue.version
    opened, _merged = recurrence.take_as_relapse(
        caller.session,
        issue,
        number=given.of,
        by=caller.actor,
        now=caller.now,
        reason=given.reason,
        version=version,
        key=f"api/{caller.actor.code}/{key or f'{number}/{version}'}",
    )
    caller.session.commit()
    return one_of(Done, opened)


@router.get("/boards/gatherings", tags=["boards"], responses=answers(401, 403, 429))
def gatherings(caller: Reads) -> list[Hot]:
    """Faults, points, streets and standards that come again and again, by the numbers of the city's policy."""
    found = hotspots.hotspots(caller.session, now=caller.now, scope=_boards(caller))
    return [one_of(Hot, one) for several in found.values() for one in several]


@router.get("/boards/look-backs", tags=["boards"], responses=answers(401, 403, 429))
def to_look_back_at(caller: Reads) -> list[Awaited]:
    """What is to be looked at again, the longest due first, at most 100."""
    found, _total = look_backs.awaited(caller.session, now=caller.now, scope=_boards(caller))
    return [one_of(Awaited, one) for one in found]


def _order(caller: Caller, number: str, given: Sweep, *, key: str | None = None) -> SweepOrder:
    issue = must_see(caller.session, caller.actor, number)
    return SweepOrder(issue_id=issue.id or 0, key=key, **given.model_dump())


def _boards(caller: Caller) -> Scope | None:
    caller.must(Right.SEE_BOARDS)
    scope = scope_of(caller.actor, city=caller.city, right=Right.SEE_BOARDS)
    return scope.as_counted() if scope else None
