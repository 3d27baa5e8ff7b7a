"""Places of units month by month: read, carried to publication; and what a unit may do about its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse
from pydantic import Field
from starlette.background import BackgroundTask

from models.errors import NotFound
from models.permissions import Right
from services.ranking import acting
from services.ranking.months import Month
from services.ranking.moves import what_if
from services.ranking.seeing import must_see_unit
from services.ranking.view import MonthAct, MonthStanding, MonthView, month_view, months
from web.api.doors import Acts, Caller, Exports, Reads
from web.api.once import Once
from web.api.problems import ApiError, answers
from web.api.schemas.base import Code, Given, Text, Told, one_of
from web.lists.files import EXCEL, Busy
from web.ranking.files import written

router = APIRouter(route_class=Once, tags=["ranking"])
READ, DONE = answers(400, 401, 403, 404, 422, 429), answers(400, 401, 403, 404, 409, 422, 429)
BOOK = {"content": {EXCEL: {"schema": {"type": "string", "format": "binary"}}}, "description": "A workbook."}


class MonthAsked(Given):
    """Of the whole city unless an area is named. `draft`: a draft goes before what was published."""

    area: Code | None = None
    draft: bool = False


class MonthOf(Told):
    """A month and where it stands; `until`: the end of the time for appeals."""

    month: str
    standing: MonthStanding
    edition: int
    published_at: datetime | None
    until: datetime | None


class RankedUnit(Told):
    """A unit's line. Scores in points, rates in per cent, with both sides of each. `moved`: places up."""

    code: str
    name: str
    group: str
    rank: int | None
    of: int
    why: str
    score: Decimal | None
    rates: Mapping[str, Decimal | None]
    sides: Mapping[str, tuple[str, str]]
    cases: int
    overdue: int
    low: Decimal | None
    high: Decimal | None
    left_out: Sequence[str]
    rank_before: int | None
    moved: int | None
    points: Decimal | None
    changed: str
    listed: str
    in_a_row: int
    proposed: str


class RankedCase(Told):
    """A case as it counts in the month; `appeal` and `outcome`: of an appeal that was not refused."""

    number: str
    finder: str
    source: str
    state: str
    due: bool
    late: bool
    extended: bool
    leader_assigned: bool
    repeated: bool
    again: bool
    checks: int
    failed_checks: int
    left_out: str
    appeal: int | None
    outcome: str


class RankedMonth(Told):
    """A month as the caller may see it. `seen`: what acts on it must name; `may`: which acts are the caller's."""

    month: str
    area: str
    standing: MonthStanding
    edition: int
    formula: str
    published_at: datetime | None
    appeals_until: datetime | None
    appeals_undecided: int
    whole: bool
    seen: str
    may: Sequence[MonthAct]
    units: Sequence[RankedUnit]


class UnitMove(Told):
    """An open issue and what closing it alone would do."""

    number: str
    rank: int
    rank_after: int
    score: Decimal | None
    score_after: Decimal | None


class PlaceReached(Told):
    """The few issues that bring the unit to a place, all closed; null where even all of them do not."""

    rank: int
    issues: Sequence[str] | None


class UnitMonth(Told):
    """A unit in a month. `score`: the number with all that it is made of; `moves`, `ways`: while the month runs."""

    unit: RankedUnit
    cases: Sequence[RankedCase]
    score: Mapping[str, Any]
    moves: Sequence[UnitMove]
    ways: Sequence[PlaceReached]


class MonthGiven(Given):
    """`seen`: of the month as it was read; nothing for a draft. `why`: to send back or withdraw."""

    area: Code | None = None
    seen: Annotated[str, Field(max_length=64)] = ""
    why: Text = ""


@router.get("/ranking", responses=READ)
def list_months(caller: Reads, where: Annotated[MonthAsked, Query()]) -> list[MonthOf]:
    """The running month, the last one, and all that were drafted or published; the newest first."""
    caller.must(Right.SEE_BOARDS)
    found = months(caller.session, now=caller.now, area_code=where.area or "")
    return [MonthOf(**{**_plain(one), "month": str(one.month)}) for one in found]


@router.get("/ranking/{month}", responses=READ)
def one_month(month: str, caller: Reads, where: Annotated[MonthAsked, Query()], answer: Response) -> RankedMonth:
    """Published; else the draft or today's figures, of the units in the caller's boards."""
    view = _view(caller, month, where.area, draft=where.draft)
    if view.seen:
        answer.headers["ETag"] = f'"{view.seen}"'
    return _told(view)


@router.get("/ranking/{month}/units/{code}", responses=READ)
def one_unit(month: str, code: str, caller: Reads, where: Annotated[MonthAsked, Query()]) -> UnitMonth:
    """One unit in the caller's boards: its line, cases, how the score is made, what would move its place."""
    unit = must_see_unit(caller.session, caller.actor, code)
    view = _view(caller, month, where.area, draft=where.draft, unit=unit.code)
    row = view.table.row(unit.code)
    if row is None:
        raise NotFound(what="unit", code=unit.code)
    live = view.standing is MonthStanding.LIVE
    found = (
        what_if(caller.session, unit.code, month=view.month, area_code=view.area_code, now=caller.now) if live else None
    )
    return UnitMonth(
        unit=one_of(RankedUnit, row),
        cases=[one_of(RankedCase, case) for case in view.table.cases.get(unit.code, ())],
        score=view.table.scores.get(unit.code, {}),
        moves=[one_of(UnitMove, one) for one in found.steps] if found else [],
        ways=[PlaceReached(rank=one.rank, issues=_numbers(one.issues)) for one in found.ways] if found else [],
    )


@router.post("/ranking/{month}/{act}", responses=DONE)
def do(month: str, act: MonthAct, caller: Acts, given: MonthGiven) -> RankedMonth:
    """Draft, compute again, approve, send back, publish, withdraw, or draft a corrected edition."""
    which, area = Month.parse(month), given.area or caller.city
    acting.act(
        caller.session,
        act,
        month=which,
        area_code=area,
        by=caller.actor,
        now=caller.now,
        seen=given.seen,
        why=given.why,
    )
    caller.session.commit()
    return _told(_view(caller, month, area, draft=True))


@router.get("/exports/ranking/{month}.xlsx", response_class=FileResponse, responses={**READ, 200: BOOK})
def workbook(month: str, caller: Exports, where: Annotated[MonthAsked, Query()]) -> FileResponse:
    """The lines that the caller may see, in their order."""
    caller.must(Right.EXPORT)
    view = _view(caller, month, where.area, draft=where.draft)
    try:
        path = written(view.table)
    except Busy as error:
        raise ApiError(503, "busy", str(error), {"Retry-After": "60"}) from error
    return FileResponse(path, media_type=EXCEL, background=BackgroundTask(path.unlink, missing_ok=True))


def _view(caller: Caller, month: str, area: str | None, *, draft: bool = False, unit: str = "") -> MonthView:
    """Raises ActionNotAllowed, NotFound, WrongValue."""
    which = Month.parse(month)
    return month_view(
        caller.session, which, reader=caller.actor, now=caller.now, area_code=area or "", draft=draft, unit=unit
    )


def _told(view: MonthView) -> RankedMonth:
    row = view.publication
    return RankedMonth(
        month=str(view.month),
        area=view.area_code,
        standing=view.standing,
        edition=row.edition if row else 0,
        formula=view.table.formula,
        published_at=row.published_at if row else None,
        appeals_until=view.until,
        appeals_undecided=view.waiting,
        whole=view.whole,
        seen=view.seen,
        may=sorted(view.acts),
        units=[one_of(RankedUnit, one) for one in view.table.rows],
    )


def _plain(row: object) -> dict[str, Any]:
    return {name: getattr(row, name) for name in MonthOf.model_fields}


def _numbers(issues: Sequence[tuple[str, str]] | None) -> list[str] | None:
    return None if issues is None else [number for number, _ in issues]
