"""Evaluation systems: all of them with their editions, one edition whole, two compared, one as a workbook."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import Response

from models.permissions import Right
from models.scoring.rules import Effect
from runtime.i18n import language
from services.exports.systems import system_workbook
from services.people import city_day
from services.systems import reading
from services.systems.comparing import Became, compared
from web.api.doors import Caller, Exports, Reads
from web.api.problems import answers
from web.api.schemas.base import Code, Told, one_of
from web.lists.files import EXCEL

router = APIRouter(tags=["city"])
REFUSALS = answers(401, 403, 404, 422, 429)
BOOK = {"content": {EXCEL: {"schema": {"type": "string", "format": "binary"}}}, "description": "A workbook."}


class Named(Told):
    """A code with its name in both languages."""

    code: str
    name: str
    name_en: str


class Use(Told):
    """How many records rest on an edition: while there are any, it is never changed in place."""

    rounds: int
    issues: int
    others: int


class Edition(Named):
    """One edition and how much it holds."""

    valid_from: date
    in_force: bool
    coming: bool
    items: int
    contents: int
    standards: int
    negative: int
    use: Use


class System(Named):
    """A system with its editions, newest first."""

    editions: Sequence[Edition]


class Leaf(Told):
    """A standard."""

    code: str
    category: str
    text: str
    text_en: str
    deduction: Decimal
    kind: str
    check_method: str
    severity: str
    lead: str
    evidence: str
    negative_list: bool


class Content(Named):
    """A content; `measured_by`: the module."""

    measured_by: str
    standards: Sequence[Leaf]


class Item(Named):
    """An item."""

    contents: Sequence[Content]


class Module(Named):
    """A module and its share of a year, 0 to 1."""

    weight: Decimal


class CategoryShare(Told):
    """What a category weighs against the others."""

    category: str
    weight: Decimal


class Entry(Told):
    """An entry of the negative list."""

    code: str
    text: str
    text_en: str
    effect: Effect
    points: Decimal
    most: Decimal | None


class Gate(Named):
    """A precondition: what `module` names must reach `least` points of 100."""

    module: str
    least: Decimal


class County(Told):
    """A county that competes within the edition."""

    area: str
    name: str
    goal: str
    goal_en: str


class SystemVersion(Named):
    """One edition. What is empty or null it does not state: there the city's rules of scoring hold."""

    system: str
    valid_from: date
    basis: str
    tree: Sequence[Item]
    loose: Sequence[Leaf]
    modules: Sequence[Module]
    years: Sequence[Decimal]
    weights: Sequence[CategoryShare]
    look_back_months: int | None
    negative: Sequence[Entry]
    preconditions: Sequence[Gate]
    counties_share: Decimal | None
    counties: Sequence[County]


class Cell(Told):
    """One column before and after."""

    column: str
    old: str
    new: str


class Difference(Told):
    """What became of one row of one part."""

    part: str
    code: str
    name: str
    name_en: str
    became: Became
    cells: Sequence[Cell]


@router.get("/systems", responses=REFUSALS)
def systems(caller: Reads) -> list[System]:
    """The evaluation systems in their order, each with its editions."""
    _must_see(caller)
    found = reading.systems(caller.session, today=city_day(caller.session, caller.now))
    return [one_of(System, one) for one in found]


@router.get("/systems/{version}", responses=REFUSALS)
def edition(version: Code, caller: Reads) -> SystemVersion:
    """One edition: its tree and all that it states."""
    _must_see(caller)
    return one_of(SystemVersion, reading.system_of(caller.session, version))


@router.get("/systems/{version}/differences", responses=REFUSALS)
def differences(version: Code, caller: Reads, to: Annotated[Code, Query()]) -> list[Difference]:
    """What came, went, changed and moved from this edition to another."""
    _must_see(caller)
    old, new = (reading.system_of(caller.session, code) for code in (version, to))
    return [one_of(Difference, one) for one in compared(old, new)]


@router.get("/systems/{version}/workbook", response_class=Response, responses={**REFUSALS, 200: BOOK})
def workbook(version: Code, caller: Exports) -> Response:
    """The edition as a workbook, which `duban system import` and the page bring in again."""
    _must_see(caller)
    found = reading.system_of(caller.session, version)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.code)}.xlsx"}
    return Response(system_workbook(found, lang=language()), media_type=EXCEL, headers=headers)


def _must_see(caller: Caller) -> None:
    caller.must(Right.SEE)
