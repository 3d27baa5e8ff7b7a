"""Coverage: no standard without a unit, no point without a unit or a person; every number leads to its list."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.background import BackgroundTask

from models.permissions import Right
from runtime.i18n import gettext as _
from runtime.i18n import language
from services.list_choices import name_of
from services.people import city_day
from services.tasks.coverage import Covered, Gap, coverage, holes
from services.tasks.coverage_file import write_coverage
from web.deps import Desk, Here
from web.lists.reading import board_scope
from web.login import Reader, allowed
from web.security import NOT_KEPT
from web.tasks.asked import address, asked, known_years, year_asked

router = APIRouter(prefix="/tasks")
Leads = Annotated[Reader, Depends(allowed(Right.SEE_BOARDS))]
PAGE = 50
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Cell:
    """A number and where it leads."""

    n: int
    address: str


@dataclass(frozen=True)
class Line:
    """One class or place with its numbers."""

    code: str
    name: str
    below: str
    points: int
    standards: int
    gaps: Sequence[Cell]
    is_whole: bool


def gap_words() -> dict[Gap, str]:
    """What is missing, in the reader's language."""
    return {
        Gap.NO_UNIT: _("Points without a row"),
        Gap.NO_PERSON: _("Points without a person"),
        Gap.PERSON_GONE: _("Person holds no post"),
        Gap.STANDARD: _("Standards without a unit"),
    }


@router.get("/coverage", response_class=HTMLResponse)
def page(here: Here, reader: Leads) -> HTMLResponse:
    """One year, of one area where one is named."""
    known = known_years(here)
    year, area = year_asked(here, known=known), asked(here, "area")
    found = coverage(
        here.session,
        year=year,
        today=city_day(here.session, here.now),
        lang=language(),
        area=area,
        scope=board_scope(reader),
    )
    return here.pages.show(
        here.request,
        "tasks/coverage",
        year=year,
        years=known,
        area=area,
        area_name=name_of(here.session, "area", area) if area else "",
        whole=_line(found.all, year, area=area),
        classes=[_line(one, year, area=area, category=one.code) for one in found.classes],
        places=[_line(one, year, area=one.code) for one in found.places],
        gaps=_shown(area),
        words=gap_words(),
        address=address,
    )


def _shown(area: str) -> list[Gap]:
    """Standards belong to no place."""
    return [gap for gap in Gap if not (area and gap is Gap.STANDARD)]


def _line(one: Covered, year: int, *, area: str = "", category: str = "") -> Line:
    cells = [
        Cell(
            getattr(one, gap.value),
            address("/tasks/coverage/list", year=year, gap=gap.value, area=area, category=category),
        )
        for gap in _shown(area)
    ]
    below = address("/tasks/coverage", year=year, area=area) if area and not category else ""
    return Line(one.code, one.name, below, one.points, one.standards, cells, one.is_whole)


@router.get("/coverage/list", response_class=HTMLResponse)
def listing(here: Here, reader: Leads) -> HTMLResponse:
    """What of one kind is missing."""
    year, gap = year_asked(here), _gap(here)
    area, category = asked(here, "area"), asked(here, "category")
    found = holes(
        here.session,
        gap,
        year=year,
        today=city_day(here.session, here.now),
        lang=language(),
        category=category,
        area=area,
        after=asked(here, "after"),
        limit=PAGE + 1,
        scope=board_scope(reader),
    )
    known = {"year": year, "gap": gap.value, "area": area, "category": category}
    return here.pages.show(
        here.request,
        "tasks/holes",
        year=year,
        gap=gap,
        title=gap_words()[gap],
        area_name=name_of(here.session, "area", area) if area else "",
        holes=found[:PAGE],
        more=address("/tasks/coverage/list", **known, after=found[PAGE - 1].mark) if len(found) > PAGE else "",
        up=address("/tasks/coverage", year=year, area=area),
        manages=Right.MANAGE_CITY in reader.rights,
    )


def _gap(here: Desk) -> Gap:
    written = asked(here, "gap")
    if written not in tuple(Gap):
        raise HTTPException(404)
    return Gap(written)


@router.get("/coverage.xlsx")
def workbook(here: Here, reader: Leads) -> Response:
    """All of it as a workbook: the counts, and every hole."""
    year, area = year_asked(here), asked(here, "area")
    given: dict[str, Any] = {"today": city_day(here.session, here.now), "lang": language(), "area": area}
    folder = tempfile.TemporaryDirectory(prefix="duban-")
    path = Path(folder.name) / f"coverage-{year}.xlsx"
    try:
        write_coverage(here.session, path, year=year, scope=board_scope(reader), words=gap_words(), **given)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        path, headers=NOT_KEPT, media_type=EXCEL, filename=path.name, background=BackgroundTask(folder.cleanup)
    )
