"""What the city is made of: areas, units, points, categories, standards."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from services import directory
from web.api import schemas
from web.api.doors import Reads
from web.api.problems import answers
from web.api.schemas import Code, Given, Listed, one_of

router = APIRouter(tags=["city"])
MOST = 500
REFUSALS = answers(401, 403, 404, 422, 429)


class Stretch(Given):
    """A stretch of a list in the order of the codes; `after` is the last code of the one before."""

    q: Annotated[Code, Field(description="a part of the name, or the code")] | None = None
    after: Code | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = 100


class Areas(Stretch):
    parent: Code | None = None
    level: Annotated[int, Field(ge=1, le=5)] | None = None


class Points(Stretch):
    area: Code | None = None
    category: Code | None = None
    unit: Code | None = None


class Standards(Stretch):
    category: Code | None = None
    version: Code | None = None


def _listed(model: Any, rows: Sequence[Any], limit: int) -> Any:
    """One row more than wanted was read: then there is a next stretch."""
    items = [one_of(model, row) for row in rows[:limit]]
    return Listed[model](items=items, next=items[-1].code if len(rows) > limit else None)


@router.get("/areas", responses=REFUSALS)
def areas(caller: Reads, asked: Annotated[Areas, Query()]) -> Listed[schemas.Area]:
    """The five-level tree."""
    rows = directory.areas(
        caller.session,
        words=asked.q,
        parent=asked.parent,
        level=asked.level,
        after=asked.after or "",
        most=asked.limit + 1,
    )
    return _listed(schemas.Area, rows, asked.limit)  # type: ignore[no-any-return]


@router.get("/units", responses=REFUSALS)
def units(caller: Reads, asked: Annotated[Stretch, Query()]) -> Listed[schemas.Unit]:
    """Who answers for issues."""
    rows = directory.units(caller.session, words=asked.q, after=asked.after or "", most=asked.limit + 1)
    return _listed(schemas.Unit, rows, asked.limit)  # type: ignore[no-any-return]


@router.get("/points", responses=REFUSALS)
def points(caller: Reads, asked: Annotated[Points, Query()]) -> Listed[schemas.Point]:
    """Places that are inspected."""
    rows = directory.points(
        caller.session,
        words=asked.q,
        area=asked.area,
        category=asked.category,
        unit=asked.unit,
        after=asked.after or "",
        most=asked.limit + 1,
    )
    return _listed(schemas.Point, rows, asked.limit)  # type: ignore[no-any-return]


@router.get("/categories", responses=REFUSALS)
def categories(caller: Reads, asked: Annotated[Stretch, Query()]) -> Listed[schemas.Category]:
    """Kinds of places."""
    rows = directory.categories(caller.session, words=asked.q, after=asked.after or "", most=asked.limit + 1)
    return _listed(schemas.Category, rows, asked.limit)  # type: ignore[no-any-return]


@router.get("/standards", responses=REFUSALS)
def standards(caller: Reads, asked: Annotated[Standards, Query()]) -> Listed[schemas.Standard]:
    """What must be met, of one edition: the one in force today where none is named."""
    rows = directory.standards(
        caller.session,
        words=asked.q,
        category=asked.category,
        version=asked.version,
        today=caller.now.date(),
        after=asked.after or "",
        most=asked.limit + 1,
    )
    return _listed(schemas.Standard, rows, asked.limit)  # type: ignore[no-any-return]
